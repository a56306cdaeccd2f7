"""Where all money of a person is now, and how it came there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.escrow.models import Hold, Release
from guildhall.escrow.queries import (
    Aside,
    aside_of,
    currencies_kept_for,
    earnings_in_clearing_of,
    open_holds_earned_by,
    open_holds_paid_by,
)
from guildhall.escrow.savings.queries import sum_saved_by
from guildhall.kernel.money import Money
from guildhall.ledger.queries import Statement, statement_of
from guildhall.payments.actions.requesting import why_payouts_are_stopped
from guildhall.payments.models import Payout
from guildhall.payments.queries import (
    available_to,
    deposits_under_way_of,
    doubts_about,
    payouts_of,
    sum_under_way_of,
)
from guildhall.people.models import Person
from guildhall.statements.words import word_for_movement
from guildhall.web.money.words import milestones_behind, place_of, word_for_payout
from guildhall.web.page import page, person_of, signed_in

_SHOWN = 50
_USUAL = "USD"


@dataclass(frozen=True, slots=True)
class _Places:
    """All money of one person in one currency, by where it is."""

    available: Money
    aside: Aside
    under_way: Money
    saved: Money
    coming_in: list[Any]
    clearing: Sequence[Release]
    set_aside_by: Sequence[Hold]
    set_aside_for: Sequence[Hold]
    payouts: Sequence[Payout]


@require_safe
@signed_in
def show_wallet(request: HallRequest) -> HttpResponse:
    """The whole of it for one currency; the others are one click away."""
    person = person_of(request)
    held = {money.currency: money for money in available_to(person)}
    currencies = currencies_kept_for(person) or [_USUAL]
    asked = request.GET.get("currency", "")
    currency = (
        asked if asked in currencies else max(currencies, key=lambda code: (code in held, code == _USUAL))
    )
    places = _places(person, held.get(currency, Money(0, currency)))
    doubt = doubts_about(person, currency).first()
    statement = statement_of(f"wallet:{person.party}", currency, after=request.GET.get("after", ""))
    purposes = [hold.purpose for hold in (*places.set_aside_by, *places.set_aside_for)]
    purposes += [release.hold.purpose for release in places.clearing]
    purposes += [entry.facts["purpose"] for entry in statement.entries if "purpose" in entry.facts]
    milestones = milestones_behind(purposes, person)
    context = {
        "currency": currency,
        "currencies": currencies,
        "places": places,
        "tiles": _tiles(places),
        "clearing": [_earning(release, milestones) for release in places.clearing],
        "set_aside_by": [_held(hold, milestones) for hold in places.set_aside_by],
        "set_aside_for": [_held(hold, milestones) for hold in places.set_aside_for],
        "payouts": [_payout(payout) for payout in places.payouts],
        "statement": statement,
        "lines": _lines(statement, milestones),
        "here": f"/money?{urlencode({'currency': currency})}",
        "stopped": why_payouts_are_stopped(doubt.answer_by, request.at) if doubt else "",
        "reading_on": bool(request.GET.get("after")),
    }
    return page(request, "money/wallet.html", context)


def _places(person: Person, available: Money) -> _Places:
    currency = available.currency
    return _Places(
        available=available,
        aside=aside_of(person, currency),
        under_way=sum_under_way_of(person, currency),
        saved=sum_saved_by(person, currency),
        coming_in=list(deposits_under_way_of(person).filter(currency=currency).order_by("-id")[:5]),
        clearing=earnings_in_clearing_of(person, currency)[:_SHOWN],
        set_aside_by=list(open_holds_paid_by(person).filter(currency=currency).order_by("-id")[:_SHOWN]),
        set_aside_for=list(open_holds_earned_by(person).filter(currency=currency).order_by("-id")[:_SHOWN]),
        payouts=list(payouts_of(person).filter(currency=currency).order_by("-id")[:5]),
    )


def _tiles(places: _Places) -> list[tuple[Money, str]]:
    """The sums of everything, however little of it the lists show; those that hold nothing stay away."""
    sums = [
        (places.aside.for_you.sum, _("set aside for your work")),
        (places.aside.by_you.sum, _("set aside by you")),
        (places.aside.clearing.sum, _("earned, in clearing")),
        (places.under_way, _("on its way to your bank")),
        (places.saved, _("in your savings")),
    ]
    return [(money, label) for money, label in sums if money]


def _held(hold: Hold, milestones: dict[str, Any]) -> dict[str, Any]:
    return {
        **place_of(hold.purpose, milestones),
        "sum": hold.money_left,
        "frozen": hold.money_frozen,
        "at": hold.placed_at,
    }


def _earning(release: Release, milestones: dict[str, Any]) -> dict[str, Any]:
    return {
        **place_of(release.hold.purpose, milestones),
        "sum": release.money_net,
        "gross": release.money_gross,
        "free_at": release.matures_at,
    }


def _payout(payout: Payout) -> dict[str, Any]:
    word, tone = word_for_payout(payout.state)
    return {
        "sum": payout.money,
        "to": payout.account.masked,
        "bank": payout.account.bank,
        "word": word,
        "tone": tone,
        "at": payout.moved_at,
        "reason": payout.reason,
    }


def _lines(statement: Statement, milestones: dict[str, Any]) -> list[dict[str, Any]]:
    nowhere = {"title": "", "url": "", "note": ""}
    return [
        {
            "at": entry.at,
            "word": word_for_movement(entry.kind),
            "change": entry.change,
            "balance": entry.balance,
            **(place_of(entry.facts["purpose"], milestones) if "purpose" in entry.facts else nowhere),
        }
        for entry in statement.entries
    ]
