"""Being paid: how much, where to, what arrives; then it is on its way."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import request_payout
from guildhall.payments.actions.requesting import why_payouts_are_stopped
from guildhall.payments.queries import available_to, doubts_about, payout_account_of, payouts_of
from guildhall.people.models import Person
from guildhall.web.money.forms import PayoutForm
from guildhall.web.money.words import word_for_payout
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pay_out(request: HallRequest) -> HttpResponse:
    """Ask how much (GET), show what arrives (GET with an amount), send it on its way (POST)."""
    person = person_of(request)
    held = {money.currency: money for money in available_to(person)}
    data = request.POST if request.method == "POST" else request.GET
    asked = data.get("currency", "")
    currency = asked if asked in held else _fullest(held)
    free = held.get(currency, Money(0, currency))
    bound = request.method == "POST" or "amount" in request.GET
    form = PayoutForm(data if bound else None, currency=currency, initial={"amount": free or None})
    if request.method == "POST":
        payout = attempt(
            form, lambda: request_payout(by=person, amount=form.cleaned_data["amount"], at=request.at)
        )
        if payout is not None:
            return redirect("money:payouts")
    wanted = _wanted(form, free) if bound else None
    doubt = doubts_about(person, currency).first()
    return page(
        request,
        "money/payouts.html",
        {
            **_context(request, person),
            "form": form,
            "free": free,
            "held": held,
            "wanted": wanted,
            "stopped": why_payouts_are_stopped(doubt.answer_by, request.at) if doubt else "",
        },
        status=form.refusal_status,
    )


def _fullest(held: dict[str, Money]) -> str:
    return max(held, key=lambda code: held[code].minor, default="USD")


def _wanted(form: PayoutForm, free: Money) -> Money | None:
    """The amount to show before it is sent, if there is so much; else the form says why not."""
    if form.is_valid():
        amount: Money = form.cleaned_data["amount"]
        if Money(0, free.currency) < amount <= free:
            return amount
        form.add_error("amount", _("Ask for more than zero and at most %(free)s.") % {"free": free})
    if form.refusal_status == HTTPStatus.OK:
        form.refusal_status = HTTPStatus.UNPROCESSABLE_ENTITY
    return None


def _context(request: HallRequest, person: Person) -> dict[str, Any]:
    account = payout_account_of(person)
    found = page_by_key(payouts_of(person), by=("-id",), after=request.GET.get("after", ""))
    return {
        "account": account,
        "rests": account is not None and account.rests_until is not None and request.at < account.rests_until,
        "found": found,
        "rows": [(payout, *word_for_payout(payout.state)) for payout in found.rows],
    }
