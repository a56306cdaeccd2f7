"""What banks have taken back, who bore it, and how the client makes it good."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import recover_chargeback
from guildhall.payments.deposits import chargebacks_seen_by
from guildhall.people.queries import second_operators
from guildhall.web.money.forms import RefundForm
from guildhall.web.money.words import word_for_chargeback
from guildhall.web.page import attempt, operator_only, page, person_of


@require_safe
@operator_only
def chargebacks(request: HallRequest) -> HttpResponse:
    """All of them, the newest first."""
    rows = chargebacks_seen_by(person_of(request))
    found = page_by_key(rows, by=("-id",), after=request.GET.get("after", ""))
    shown = [(each, *word_for_chargeback(each.state)) for each in found.rows]
    return page(request, "operator/chargebacks.html", {"found": found, "rows": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def chargeback(request: HallRequest, chargeback_id: UUID) -> HttpResponse:
    """One of them: who bore what, and taking what is owed from the client's wallet."""
    operator = person_of(request)
    found = get_object_or_404(chargebacks_seen_by(operator), pk=chargeback_id)
    form = RefundForm(request.POST or None, currency=found.currency, initial={"amount": found.owed or None})
    if request.method == "POST":
        done = attempt(
            form,
            lambda: (
                recover_chargeback(
                    chargeback=found, amount=form.cleaned_data["amount"], by=operator, at=request.at
                ),
            ),
        )
        if done is not None and done[0]:
            return redirect("operator:decisions")
        if done is not None:
            return redirect("operator:chargeback", chargeback_id=found.pk)
    parts = {
        "wallet": found.from_wallet,
        "reserve": found.from_reserve,
        "shortfall": found.from_shortfall,
        "recovered": found.recovered,
    }
    word, tone = word_for_chargeback(found.state)
    context = {
        "chargeback": found,
        "word": word,
        "tone": tone,
        "parts": {name: Money(minor, found.currency) for name, minor in parts.items()},
        "form": form,
        "alone": not second_operators(operator).exists(),
    }
    return page(request, "operator/chargeback.html", context, status=form.refusal_status)
