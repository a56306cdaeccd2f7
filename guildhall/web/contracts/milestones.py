"""Setting a milestone's money aside."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from guildhall.contracts.actions import fund_milestone
from guildhall.contracts.models import Milestone
from guildhall.contracts.queries import milestones_visible_to, terms_of
from guildhall.contracts.rules import deductions_of
from guildhall.edge.request import HallRequest
from guildhall.escrow.rules import split_release
from guildhall.kernel.money import Money, basis_points_of
from guildhall.ledger.queries import balance_of
from guildhall.web.contracts.forms import PlainForm
from guildhall.web.contracts.showing import room_at
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.values import percent


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def fund(request: HallRequest, milestone_id: UUID) -> HttpResponse:
    """Show what leaves the wallet; on POST, set it aside."""
    person = person_of(request)
    rows = milestones_visible_to(person).filter(contract__client=person)
    milestone = get_object_or_404(rows, pk=milestone_id)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        hold = attempt(form, lambda: fund_milestone(milestone=milestone, by=person, at=request.at))
        if hold is not None:
            return redirect(room_at(milestone))
        milestone = rows.get(pk=milestone_id)
    return page(
        request, "contracts/funding.html", _context(request, milestone, form), status=form.refusal_status
    )


def _context(request: HallRequest, milestone: Milestone, form: PlainForm) -> dict[str, Any]:
    terms = terms_of(milestone.contract)
    fee = Money(basis_points_of(milestone.amount, terms.client_fee_bp), milestone.currency)
    total = milestone.sum + fee
    wallet = balance_of(f"wallet:{person_of(request).party}", milestone.currency)
    net = split_release(milestone.amount, deductions_of(terms, milestone.number), "net")[0].amount
    return {
        "form": form,
        "milestone": milestone,
        "contract": milestone.contract,
        "fee": fee,
        "fee_rate": percent(terms.client_fee_bp),
        "net": Money(net, milestone.currency),
        "total": total,
        "wallet": wallet,
        "missing": total - wallet if total > wallet else None,
        "can": milestone.state == "planned" and milestone.contract.state == "active",
    }
