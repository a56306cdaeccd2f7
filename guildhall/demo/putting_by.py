"""Exchanging and saving in the sample hall: the hall's rupees, and goals in every state."""

from datetime import datetime, timedelta
from typing import Final

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.escrow.savings.goals import end_goal, set_goal
from guildhall.escrow.savings.models import SavingsGoal
from guildhall.kernel.money import Money
from guildhall.payments.actions import confirm_filling, fill_reserve
from guildhall.payments.exchange.funding import confirm_funding, fund_position
from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.payments.exchange.quoting import accept_quote, quote_exchange
from guildhall.people.models import Person

_RUPEES: Final = Money(20_000_000, "PKR")
"""200,000.00 that the hall exchanges with."""

_WISHES: Final = (("A good chair", 25_000, 1_000), ("Nibs and paper", 200, 2_000), ("A course", 40_000, 500))
"""What Bushra saves for, cents, and basis points of each payment; the last she gives up."""


def fund_exchanges(year: Year, at: datetime) -> Story:
    """One operator puts the hall's rupees where exchanges are paid from, another confirms each step."""
    olga, oskar = year.town.operator, year.town.second_operator
    filling = fill_reserve(amount=_RUPEES, by=olga, at=at)
    assert filling is not None, "there are two operators"
    at = yield timedelta(hours=1)
    confirm_filling(decision=filling, by=oskar, at=at)
    funding = fund_position(amount=_RUPEES, way="in", by=olga, at=at)
    assert funding is not None, "there are two operators"
    at = yield timedelta(hours=1)
    confirm_funding(decision=funding, by=oskar, at=at)


def exchange_into_rupees(person: Person, amount: Money, at: datetime) -> ExchangeQuote:
    """Ask what a sum becomes, think it over for too long, ask again, and accept."""
    quote_exchange(amount=amount, to="PKR", by=person, at=at)
    at += timedelta(minutes=20)
    quote = quote_exchange(amount=amount, to="PKR", by=person, at=at)
    return accept_quote(quote=quote, by=person, at=at + timedelta(minutes=1))


def save_for_three_things(year: Year, at: datetime) -> Story:
    """Bushra begins to save; by the end one goal is reached, one is under way, and one she gave up."""
    bushra = year.town.named("Bushra Karim")
    goals = [save_for(bushra, name, minor, share, at) for name, minor, share in _WISHES]
    at = yield timedelta(days=3)
    end_goal(goal=goals[-1], by=bushra, at=at)


def save_for(person: Person, name: str, minor: int, share: int, at: datetime) -> SavingsGoal:
    """Keep a share of each payment in dollars, for half a year."""
    by_day = (at + timedelta(days=180)).date()
    return set_goal(name=name, target=Money(minor, "USD"), share=share, by_day=by_day, by=person, at=at)
