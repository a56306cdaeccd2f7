"""Money in suspense finds its owner, and what chargebacks cost is made good: by two operators."""

from datetime import timedelta

import pytest

from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    MatchedBefore,
    OwnPayout,
    confirm_filling,
    confirm_match,
    fill_reserve,
    match_deposit,
)
from guildhall.payments.queries import halls_own_seen_by, unmatched_notices_seen_by
from guildhall.people.actions import SecondNeeded
from guildhall.people.models import Decision, Person
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_wallet_with, an_unmatched_payment
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def held(code: str) -> int:
    return balance_of(code, "USD").minor


def test_suspended_money_goes_to_its_owner_when_two_say_so(olga: Person, bushra: Person, eve: Person) -> None:
    oleg, notice = a_person("Oleg", operates=True), an_unmatched_payment(900, NOW)
    with pytest.raises(NotFound):
        match_deposit(notice=notice, person=bushra, by=eve, at=NOW)
    with pytest.raises(OwnPayout):
        match_deposit(notice=notice, person=olga, by=olga, at=NOW)
    assert match_deposit(notice=notice, person=bushra, by=olga, at=NOW).matched_with is None
    decision = Decision.objects.get()
    with pytest.raises(SecondNeeded):
        confirm_match(decision=decision, by=olga, at=NOW)
    assert (held("suspense:practice"), held(f"wallet:{bushra.party}")) == (900, 0)
    confirm_match(decision=decision, by=oleg, at=NOW)
    assert (held("suspense:practice"), held(f"wallet:{bushra.party}")) == (0, 900)
    assert not unmatched_notices_seen_by(olga).exists()
    with pytest.raises(MatchedBefore):
        match_deposit(notice=notice, person=bushra, by=oleg, at=NOW)
    assert not what_is_broken()


def test_the_only_operator_may_alone(olga: Person, bushra: Person) -> None:
    notice = an_unmatched_payment(900, NOW)
    assert match_deposit(notice=notice, person=bushra, by=olga, at=NOW).matched_with == bushra
    assert held(f"wallet:{bushra.party}") == 900


def a_shortfall(minor: int) -> None:
    """What the hall could not cover when a bank took money back."""
    flow = Flow("shortfall", "outside:practice", minor, "USD")
    move_money(kind="chargeback.taken", key=f"chargeback:{minor}", flows=[flow], by=None, at=NOW)


def test_the_operators_own_money_heals_a_shortfall_first(olga: Person, eve: Person, bushra: Person) -> None:
    a_wallet_with(bushra, 9_000, NOW)
    a_shortfall(9_000)
    oleg = a_person("Oleg", operates=True)
    with pytest.raises(NotFound):
        fill_reserve(amount=Money(10_000, "USD"), by=eve, at=NOW)
    decision = fill_reserve(amount=Money(10_000, "USD"), by=olga, at=NOW)
    assert decision is not None
    assert held("shortfall") == -9_000
    with pytest.raises(SecondNeeded):
        confirm_filling(decision=decision, by=olga, at=NOW)
    confirm_filling(decision=decision, by=oleg, at=NOW + timedelta(hours=1))
    assert (held("shortfall"), held("reserve"), held("outside:bank")) == (0, 1_000, -10_000)
    [own] = halls_own_seen_by(olga)
    assert (own.reserve, own.shortfall) == (Money(1_000, "USD"), Money(0, "USD"))
    assert halls_own_seen_by(eve) == []


def test_L10_holds_again_after_it(olga: Person, bushra: Person) -> None:
    a_wallet_with(bushra, 9_000, NOW)
    a_shortfall(9_000)
    assert "L10" in what_is_broken()
    assert fill_reserve(amount=Money(9_000, "USD"), by=olga, at=NOW) is None
    assert "L10" not in what_is_broken()
