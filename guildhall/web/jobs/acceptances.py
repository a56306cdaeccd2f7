"""Accepting a proposal: the terms, their hash, the money; then one click that stands or falls as a whole."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guildhall.documents.markdown import html_from_markdown
from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.deciding import accept_proposal
from guildhall.jobs.actions.proposing import ProposalEnded
from guildhall.jobs.models import Proposal
from guildhall.jobs.queries import proposals_received_by, proposals_withdrawn_from, terms_shown_of
from guildhall.jobs.states import OPEN, SENT
from guildhall.jobs.sums import sums_of_terms
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.web.jobs.forms import AcceptanceForm
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.values import percent, worker_fee_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def accept(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """Show exactly what would be agreed; on POST, agree to it by its hash."""
    person = person_of(request)
    proposal = proposals_received_by(person).filter(pk=proposal_id).first()
    if proposal is None:
        return _taken_back(request, proposal_id)
    return _decide(request, proposal)


def _decide(request: HallRequest, proposal: Proposal) -> HttpResponse:
    person = person_of(request)
    form = AcceptanceForm(request.POST or None)
    if request.method == "POST":
        contract = attempt(
            form,
            lambda: accept_proposal(
                proposal=proposal,
                terms_hash=form.cleaned_data["terms_hash"],
                fund=form.cleaned_data["fund"],
                by=person,
                at=request.at,
            ),
        )
        if contract is not None:
            return redirect(f"/contracts/{contract.pk}")
        # Somebody may have moved things: what is shown from here on is how they stand now.
        moved = proposals_received_by(person).filter(pk=proposal.pk).first()
        if moved is None:
            return _taken_back(request, proposal.pk)
        proposal = moved
    return page(
        request, "jobs/acceptance.html", _context(request, proposal, form), status=form.refusal_status
    )


def _taken_back(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """A proposal whose worker took it back while its terms were read shows nothing of itself any more."""
    gone = get_object_or_404(proposals_withdrawn_from(person_of(request)), pk=proposal_id)
    if request.method == "POST":
        raise ProposalEnded(_("Its worker has withdrawn this proposal: it cannot be accepted any more."))
    return redirect("jobs:job", job_id=gone.job_id)


def _context(request: HallRequest, proposal: Proposal, form: AcceptanceForm) -> dict[str, Any]:
    terms = terms_shown_of(proposal)
    passed = proposal.first_day < request.at.date()
    sums = sums_of_terms(terms)
    wallet = balance_of(f"wallet:{person_of(request).party}", terms.currency)
    return {
        "form": form,
        "proposal": proposal,
        "job": proposal.job,
        "can_accept": proposal.is_in(SENT)
        and proposal.job.is_in(OPEN)
        and proposal.job_version == proposal.job.version
        and not passed,
        "passed": passed,
        "unconfirmed": proposal.job_version != proposal.job.version,
        "terms": terms,
        "brief": html_from_markdown(terms.brief),
        "steps": [(step.title, step.due, Money(step.amount, terms.currency)) for step in terms.milestones],
        "sums": sums,
        "fee": worker_fee_of(terms.fees, terms.currency),
        "levied": sums.levied,
        "client_fee": percent(terms.client_fee_bp),
        "wallet": wallet,
        "short_first": _missing(sums.first, wallet),
        "short_all": _missing(sums.client_total, wallet),
    }


def _missing(needed: Money, wallet: Money) -> Money | None:
    """What the wallet lacks, or None when it reaches."""
    return needed - wallet if needed > wallet else None
