"""The client's smaller answers: declining with a reason, and a private mark for a closer look."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.deciding import decline_proposal, shortlist_proposal
from guildhall.jobs.queries import proposals_received_by
from guildhall.web.jobs.forms import RefusalForm
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decline(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """Ask for the reason, then say no."""
    person = person_of(request)
    proposal = get_object_or_404(proposals_received_by(person), pk=proposal_id)
    form = RefusalForm(request.POST or None)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: decline_proposal(
                proposal=proposal,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                by=person,
                at=request.at,
            ),
        )
        if done is not None:
            return redirect("jobs:job", job_id=proposal.job_id)
    context = {"proposal": proposal, "job": proposal.job, "form": form}
    return page(request, "jobs/refusal.html", context, status=form.refusal_status)


@require_POST
@signed_in
def shortlist(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """Put the client's own mark on a proposal, or take it away."""
    person = person_of(request)
    proposal = get_object_or_404(proposals_received_by(person), pk=proposal_id)
    listed = request.POST.get("listed") == "yes"
    shortlist_proposal(proposal=proposal, listed=listed, by=person, at=request.at)
    return redirect("jobs:job", job_id=proposal.job_id)
