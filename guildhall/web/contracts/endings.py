"""Ending a contract: first what it does with the money, then the button."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from guildhall.contracts.actions import end_contract
from guildhall.contracts.queries import contracts_visible_to, outcome_if_ended
from guildhall.contracts.rules import REFUND_DAYS
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.web.contracts.forms import EndingForm
from guildhall.web.contracts.showing import Side
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: HallRequest, contract_id: UUID) -> HttpResponse:
    """Show where every cent would go; on POST, end it."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    side = Side.of(contract, person)
    form = EndingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        ended = attempt(
            form,
            lambda: end_contract(
                contract=contract, reason=form.cleaned_data["reason"], by=person, at=request.at
            ),
        )
        if ended is not None:
            return redirect("contracts:room", contract_id=contract.pk)
        contract = contracts_visible_to(person).get(pk=contract_id)
    outcome = outcome_if_ended(contract, by_worker=not side.is_client)
    context = {
        "form": form,
        "contract": contract,
        "side": side,
        "outcome": outcome,
        "sums": {
            name: Money(getattr(outcome, name), contract.currency)
            for name in ("returned", "asked", "delivered", "contested")
        },
        "days": rules_in_force()[REFUND_DAYS],
        "can": contract.state == "active",
    }
    return page(request, "contracts/ending.html", context, status=form.refusal_status)
