"""Exchanging: ask what a sum becomes, look at it, accept it while it holds."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.payments.exchange.queries import exchanges_of, pairs_exchanged, quotes_of, quotes_that_hold_for
from guildhall.payments.exchange.quoting import accept_quote, quote_exchange
from guildhall.payments.exchange.rules import Rate
from guildhall.payments.queries import available_to
from guildhall.web.forms import HallForm, MoneyField
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.values import percent


class QuoteForm(HallForm):
    """How much of what, for what; only pairs that are exchanged here can be chosen."""

    pair = forms.ChoiceField(label=_("From what to what?"))
    amount = MoneyField(label=_("How much do you want to exchange?"))

    def __init__(self, *args: Any, pairs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice, amount = self.fields["pair"], self.fields["amount"]
        assert isinstance(choice, forms.ChoiceField)
        assert isinstance(amount, MoneyField)
        choice.choices = pairs
        source = str(self["pair"].value() or (pairs[0][0] if pairs else "")).partition("-")[0]
        if source in {name.partition("-")[0] for name, _label in pairs}:  # decimals are the currency's
            amount.currency = source

    def refuse(self, refusal: Any) -> None:
        """A pair is one field here."""
        if refusal.field == "to":
            refusal.field = "pair"
        super().refuse(refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def exchange(request: HallRequest) -> HttpResponse:
    """Ask how much; on POST show what the hall gives for it. What was exchanged stands below."""
    person = person_of(request)
    rates = pairs_exchanged()
    held = {money.currency: money for money in available_to(person) if money}
    pairs = [(f"{rate.source}-{rate.target}", _pair(rate)) for rate in _own_first(rates, held)]
    form = QuoteForm(request.POST or None, pairs=pairs)
    if request.method == "POST":
        quote = attempt(
            form,
            lambda: quote_exchange(
                amount=form.cleaned_data["amount"],
                to=form.cleaned_data["pair"].partition("-")[2],
                by=person,
                at=request.at,
            ),
        )
        if quote is not None:
            return redirect("money:quote", quote_id=quote.pk)
    found = page_by_key(exchanges_of(person), by=("-id",), after=request.GET.get("after", ""))
    context = {
        "form": form,
        "held": list(held.values()),
        "rates": [_rate_line(rate) for rate in rates],
        "waiting": list(quotes_that_hold_for(person, at=request.at).order_by("-id")[:5]),
        "found": found,
    }
    return page(request, "money/exchange.html", context, status=form.refusal_status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def quote(request: HallRequest, quote_id: UUID) -> HttpResponse:
    """One quote: what leaves, what comes, at what rate, until when. POST accepts it."""
    person = person_of(request)
    found: ExchangeQuote = get_object_or_404(quotes_of(person), pk=quote_id)
    form = HallForm(request.POST or None)
    if request.method == "POST":
        form = HallForm(request.POST)
        done = attempt(form, lambda: accept_quote(quote=found, by=person, at=request.at))
        if done is not None:
            return redirect("money:quote", quote_id=found.pk)
        found.refresh_from_db()
    context = {
        "form": form,
        "quote": found,
        "rate": _rate_line(found.rate),
        "holds": found.is_in("given") and request.at < found.expires_at,
        "done": found.is_in("accepted"),
    }
    return page(request, "money/quote.html", context, status=form.refusal_status)


def _own_first(rates: list[Rate], held: dict[str, Money]) -> list[Rate]:
    """Pairs that begin with a currency of which there is something, first."""
    return sorted(rates, key=lambda rate: rate.source not in held)


def _pair(rate: Rate) -> str:
    return f"{rate.source} → {rate.target}"


def _rate_line(rate: Rate) -> dict[str, Any]:
    return {
        "source": rate.source,
        "target": rate.target,
        "per": rate.money_per,
        "gives": rate.money_given,
        "spread": percent(rate.spread),
        "most": Money(rate.most, rate.source),
    }
