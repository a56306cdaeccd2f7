"""One proposal's page, for the worker who sent it and the client who received it; and taking it back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.proposing import withdraw_proposal
from guildhall.jobs.actions.talking import subject_of
from guildhall.jobs.queries import (
    proposals_sent_by,
    proposals_visible_to,
    proposals_withdrawn_from,
    terms_shown_of,
)
from guildhall.jobs.rules import DECLINE_REASONS, HALL_REASONS
from guildhall.jobs.states import OPEN, SENT
from guildhall.jobs.sums import sums_of_terms
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.reputation.queries import worker_facts
from guildhall.web.jobs.showing import about_worker, new_payer, shown_profiles, state_of_proposal
from guildhall.web.page import page, person_of, signed_in
from guildhall.web.values import levied_lines, percent, worker_fee_of
from guildhall.workroom.queries import conversations_of


@require_safe
@signed_in
def show_proposal(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """What was offered, what it brings, how it stands, what can be done now."""
    person = person_of(request)
    proposal = proposals_visible_to(person).filter(pk=proposal_id).first()
    if proposal is None:
        gone = get_object_or_404(proposals_withdrawn_from(person), pk=proposal_id)
        return redirect("jobs:job", job_id=gone.job_id)
    decline = getattr(proposal, "decline", None)
    sums = sums_of_terms(terms_shown_of(proposal))
    own = proposal.worker_id == person.pk
    context = {
        "proposal": proposal,
        "job": proposal.job,
        "own": own,
        "state": state_of_proposal(proposal.state, own=own),
        "sums": sums,
        "steps": [
            (step.title, step.due, Money(step.amount, proposal.currency))
            for step in proposal.milestones.all()
        ],
        "fee": worker_fee_of(sums.fees, sums.price.currency),
        "levied": levied_lines(sums.levied),
        "new_payer": new_payer(proposal.job.client, rules_in_force(), request.at)
        if own and proposal.is_in(SENT)
        else "",
        "client_fee": percent(sums.fees.client_bp),
        "live": proposal.is_in(SENT),
        "job_is_open": proposal.job.is_in(OPEN),
        "unconfirmed": proposal.is_in(SENT) and proposal.job_version != proposal.job.version,
        "passed": proposal.is_in(SENT) and proposal.first_day < request.at.date(),
        "reason": (DECLINE_REASONS | HALL_REASONS).get(decline.reason) if decline else None,
        "note": decline.note if decline else "",
        "talked": conversations_of(person).filter(subject=subject_of(proposal)).exists(),
        "contract": proposal.acceptance.contract if hasattr(proposal, "acceptance") else None,
    }
    if not own:
        facts = worker_facts([proposal.worker_id]).get(proposal.worker_id)
        context |= {
            "facts": about_worker(facts),
            "profile": shown_profiles([proposal.worker_id]).get(proposal.worker_id),
        }
    return page(request, "jobs/proposal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """Ask once, then take the proposal back."""
    person = person_of(request)
    proposal = get_object_or_404(proposals_sent_by(person), pk=proposal_id)
    if request.method == "POST":
        withdraw_proposal(proposal=proposal, by=person, at=request.at)
        return redirect("jobs:proposal", proposal_id=proposal.pk)
    return page(request, "jobs/withdrawal.html", {"proposal": proposal, "job": proposal.job})
