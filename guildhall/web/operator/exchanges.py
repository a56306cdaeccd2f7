"""What the hall holds to exchange with, and changing that."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.payments.exchange.funding import INTO_EXCHANGE, INTO_RESERVE, fund_position
from guildhall.payments.exchange.queries import positions_seen_by
from guildhall.people.queries import second_operators
from guildhall.web.money.forms import AmountForm
from guildhall.web.page import attempt, operator_only, page, person_of


class FundingForm(AmountForm):
    """How much, and which way."""

    way = forms.ChoiceField(
        label=_("Which way?"),
        choices=[
            (INTO_EXCHANGE, _("Out of the reserve, to exchange with")),
            (INTO_RESERVE, _("Back into the reserve")),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def exchanges(request: HallRequest) -> HttpResponse:
    """The positions by currency; POST moves money between them and the reserve."""
    operator = person_of(request)
    form = FundingForm(request.POST or None, initial={"currency": "USD", "way": INTO_EXCHANGE})
    if request.method == "POST":
        done: tuple[Any] | None = attempt(
            form,
            lambda: (
                fund_position(
                    amount=form.cleaned_data["amount"],
                    way=form.cleaned_data["way"],
                    by=operator,
                    at=request.at,
                ),
            ),
        )
        if done is not None:
            return redirect("operator:decisions" if done[0] else "operator:exchanges")
    context = {
        "form": form,
        "positions": positions_seen_by(operator),
        "alone": not second_operators(operator).exists(),
    }
    return page(request, "operator/exchanges.html", context, status=form.refusal_status)
