"""What the invoices of a contract carry for its client's books."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from guildhall.contracts.queries import contracts_visible_to
from guildhall.edge.request import HallRequest
from guildhall.invoicing.actions import set_billing_reference
from guildhall.invoicing.queries import billing_reference_of
from guildhall.web.money.billing_forms import ReferenceForm
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def refer(request: HallRequest, contract_id: UUID) -> HttpResponse:
    """Order number and cost centre of a contract, for its client."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person).filter(client=person), pk=contract_id)
    before = billing_reference_of(contract.pk)
    initial = {"purchase_order": before.purchase_order, "cost_centre": before.cost_centre} if before else {}
    form = ReferenceForm(request.POST or None, initial=initial)
    if request.method == "POST":
        said = attempt(
            form,
            lambda: set_billing_reference(contract=contract, by=person, at=request.at, **form.cleaned_data),
        )
        if said is not None:
            return redirect("contracts:room", contract_id=contract.pk)
    return page(
        request, "contracts/billing.html", {"form": form, "contract": contract}, status=form.refusal_status
    )
