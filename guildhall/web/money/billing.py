"""Who one is on invoices."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.invoicing.actions import say_billing
from guildhall.invoicing.queries import billing_profile_of
from guildhall.web.money.billing_forms import BillingForm, typed_before
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show_billing(request: HallRequest) -> HttpResponse:
    """Show what goes on invoices; on POST say it anew."""
    person = person_of(request)
    profile = billing_profile_of(person)
    form = BillingForm(
        request.POST or None, initial=typed_before(profile, name=person.name, country=person.country)
    )
    if request.method == "POST":
        said = attempt(form, lambda: say_billing(details=form.details(), by=person, at=request.at))
        if said is not None:
            return redirect("money:invoices")
    return page(request, "money/billing.html", {"form": form, "profile": profile}, status=form.refusal_status)
