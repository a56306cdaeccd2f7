"""Addresses of jobs and proposals. What is no plain edit is a thing of its own: an opening, a withdrawal."""

from django.urls import path

from guildhall.web.jobs import acceptances, answers, conversations, listing, offers, own, posts, proposals

app_name = "jobs"

urlpatterns = [
    path("jobs", listing.show_jobs, name="jobs"),
    path("jobs/mine", own.show_own_jobs, name="mine"),
    path("jobs/new", posts.write_job, name="new"),
    path("jobs/<uuid:job_id>", posts.show_job, name="job"),
    path("jobs/<uuid:job_id>/edit", posts.change_job, name="edit"),
    path("jobs/<uuid:job_id>/opening", posts.open_the_job, name="opening"),
    path("jobs/<uuid:job_id>/closing", posts.close_the_job, name="closing"),
    path("jobs/<uuid:job_id>/proposal", offers.write_proposal, name="offer"),
    path("proposals", own.show_own_proposals, name="sent"),
    path("proposals/<uuid:proposal_id>", proposals.show_proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/withdrawal", proposals.withdraw, name="withdrawal"),
    path("proposals/<uuid:proposal_id>/refusal", answers.decline, name="refusal"),
    path("proposals/<uuid:proposal_id>/shortlist", answers.shortlist, name="shortlist"),
    path("proposals/<uuid:proposal_id>/acceptance", acceptances.accept, name="acceptance"),
    path("proposals/<uuid:proposal_id>/conversation", conversations.talk, name="conversation"),
]
