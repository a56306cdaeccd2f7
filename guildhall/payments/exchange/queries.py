"""Questions about exchanges, from the one who asks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.ledger.models import Account
from guildhall.ledger.queries import balances_of
from guildhall.payments.exchange.models import ACCEPTED, GIVEN, ExchangeQuote
from guildhall.payments.exchange.rules import Rate, rates_under
from guildhall.people.models import Person


def quotes_of(person: Person) -> QuerySet[ExchangeQuote]:
    """What the hall has offered this person, and what they accepted of it."""
    return ExchangeQuote.objects.filter(person=person)


def exchanges_of(person: Person) -> QuerySet[ExchangeQuote]:
    """What this person has exchanged."""
    return quotes_of(person).filter(state=ACCEPTED)


def quotes_that_hold_for(person: Person, *, at: datetime) -> QuerySet[ExchangeQuote]:
    """What this person can accept now."""
    return quotes_of(person).filter(state=GIVEN, expires_at__gt=at)


def pairs_exchanged() -> list[Rate]:
    """What the hall exchanges, and at what rate."""
    return rates_under(rules_in_force())


@dataclass(frozen=True, slots=True)
class Position:
    """What the hall holds of one currency to exchange with, and what its reserve could add."""

    held: Money
    reserve: Money


def positions_seen_by(operator: Person) -> list[Position]:
    """By currency, for operators: those of the table of rates, and those that were ever used."""
    if not operator.is_operator:
        return []
    used = Account.objects.filter(code__startswith="exchange:").values_list("currency", flat=True)
    named = {code for rate in pairs_exchanged() for code in (rate.source, rate.target)}
    found = []
    for currency in sorted({*used, *named}):
        position = f"exchange:{currency}"
        held = balances_of([position, "reserve"], currency)
        found.append(Position(held[position], held["reserve"]))
    return found
