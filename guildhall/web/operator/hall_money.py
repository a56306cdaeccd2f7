"""Money that is nobody's yet, and the hall's own: whose it is, and filling the reserve."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.payments.actions import fill_reserve, match_deposit
from guildhall.payments.models import GatewayNotice
from guildhall.payments.queries import hall_accounts_seen_by, halls_own_seen_by, unmatched_notices_seen_by
from guildhall.people.models import Person
from guildhall.people.queries import person_with_email, second_operators
from guildhall.web.forms import HallForm
from guildhall.web.money.forms import AmountForm
from guildhall.web.page import attempt, operator_only, page, person_of


class OwnerForm(HallForm):
    """Whose money it is."""

    email = forms.CharField(
        label=gettext_lazy("Whose is it?"),
        max_length=254,
        help_text=gettext_lazy("The e-mail address by which the hall knows them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def suspended(request: HallRequest, suspended_id: UUID) -> HttpResponse:
    """One payment that fits no deposit: what the processor said of it, and whose it is."""
    operator = person_of(request)
    notice = get_object_or_404(unmatched_notices_seen_by(operator), pk=suspended_id)
    suggested = notice.deposit.person.email if notice.deposit else ""
    form = OwnerForm(request.POST or None, initial={"email": suggested})
    if request.method == "POST" and attempt(form, lambda: _match(request, notice, form)) is not None:
        return redirect("operator:payouts")
    context = {
        "notice": notice,
        "sum": Money(notice.facts["amount"], notice.facts["currency"]),
        "form": form,
        "alone": not second_operators(operator).exists(),
    }
    return page(request, "operator/suspended.html", context, status=form.refusal_status)


def _match(request: HallRequest, notice: GatewayNotice, form: OwnerForm) -> GatewayNotice:
    owner: Person | None = person_with_email(form.cleaned_data["email"])
    if owner is None:
        raise Unfit(_("Nobody here has this address."), field="email")
    return match_deposit(notice=notice, person=owner, by=person_of(request), at=request.at)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def reserve(request: HallRequest) -> HttpResponse:
    """What the hall has of its own, what it could not cover, and putting more in."""
    operator = person_of(request)
    form = AmountForm(request.POST or None, initial={"currency": "USD"})
    if request.method == "POST":
        done = attempt(
            form,
            lambda: (fill_reserve(amount=form.cleaned_data["amount"], by=operator, at=request.at),),
        )
        if done is not None:
            return redirect("operator:decisions" if done[0] else "operator:reserve")
    context = {
        "form": form,
        "held": halls_own_seen_by(operator),
        "accounts": hall_accounts_seen_by(operator),
        "alone": not second_operators(operator).exists(),
    }
    return page(request, "operator/reserve.html", context, status=form.refusal_status)
