"""One's own jobs and one's own proposals, each as a list."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.talking import subject_of
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.queries import jobs_counted_for, proposals_sent_by
from guildhall.jobs.states import DRAFT, OPEN, SENT
from guildhall.kernel.paging import page_by_key
from guildhall.people.models import Person
from guildhall.web.jobs.showing import state_of_job, state_of_proposal
from guildhall.web.page import page, person_of, signed_in
from guildhall.workroom.queries import unread_about

_MOST_AT_HAND = 5


@require_safe
@signed_in
def show_own_jobs(request: HallRequest) -> HttpResponse:
    """Every job that the person posted, drafts included, newest first."""
    rows = jobs_counted_for(person_of(request))
    found = page_by_key(rows, by=("-made_at", "-id"), after=request.GET.get("after", ""))
    return page(request, "jobs/mine.html", {"found": found, "jobs": [_job(job) for job in found.rows]})


@require_safe
@signed_in
def show_own_proposals(request: HallRequest) -> HttpResponse:
    """Every proposal that the person sent, newest first."""
    rows = proposals_sent_by(person_of(request))
    found = page_by_key(rows, by=("-sent_at", "-id"), after=request.GET.get("after", ""))
    shown = _proposals(found.rows, person_of(request))
    return page(request, "jobs/sent.html", {"found": found, "proposals": shown})


def at_hand_for(person: Person) -> dict[str, Any]:
    """What is going on: drafts and open jobs, proposals without an answer; the newest few of each."""
    jobs = jobs_counted_for(person).filter(state__in=[DRAFT, OPEN]).order_by("-made_at", "-id")
    sent = proposals_sent_by(person).filter(state=SENT).order_by("-sent_at", "-id")
    return {
        "own_jobs": [_job(job) for job in jobs[:_MOST_AT_HAND]],
        "own_proposals": _proposals(sent[:_MOST_AT_HAND], person),
    }


def _job(job: Job) -> dict[str, Any]:
    return {"job": job, "state": state_of_job(job.state), "waiting": getattr(job, "waiting", 0)}


def _proposals(proposals: Iterable[Proposal], person: Person) -> list[dict[str, Any]]:
    shown = list(proposals)
    unread = unread_about([subject_of(one) for one in shown], person)
    return [
        {
            "proposal": one,
            "state": state_of_proposal(one.state, own=True),
            "unread": unread.get(subject_of(one), 0),
        }
        for one in shown
    ]
