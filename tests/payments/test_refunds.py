"""Money goes back only where it came from, and what nobody knows is neither lost nor paid twice."""

from datetime import timedelta

import pytest

from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    MoreThanAvailable,
    NotRefundable,
    ask_for_refunds,
    ask_gateways,
    refund_deposit,
    request_payout,
    start_deposit,
)
from guildhall.payments.actions.requesting import GoesHomeOnly
from guildhall.payments.deposits import refundable_of
from guildhall.payments.models import Deposit, DepositRefund
from guildhall.payments.practice import pay_in_practice
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import LONG_AGO, a_payout_account, spent_on_work
from tests.cast import NOW
from tests.doubles.stripe_side import StripeSide, hear
from tests.racing import ends_of

pytestmark = pytest.mark.django_db(transaction=True)


def paid_in(person: Person, side: StripeSide, minor: int = 10_000) -> Deposit:
    deposit = start_deposit(by=person, amount=usd(minor), at=NOW)
    ask_gateways(at=NOW)
    deposit.refresh_from_db()
    side.tell(f"pay/{deposit.payment}")
    hear(side.events(), NOW)
    deposit.refresh_from_db()
    assert deposit.state == "settled"
    return deposit


def wallet(person: Person) -> int:
    return balance_of(f"wallet:{person.party}", "USD").minor


def state(refund: DepositRefund) -> str:
    return DepositRefund.objects.get(pk=refund.pk).state


def test_C12_it_goes_back_to_the_card_and_nowhere_else(stripe_side: StripeSide, amara: Person) -> None:
    deposit = paid_in(amara, stripe_side)
    refund = refund_deposit(deposit=deposit, amount=usd(3_000), by=amara, at=NOW)
    assert (wallet(amara), refundable_of(deposit)) == (7_000, usd(7_000))
    assert balance_of(refund.transit, "USD") == usd(3_000)
    assert not what_is_broken()
    assert ask_for_refunds(at=NOW) == 1
    assert (state(refund), balance_of(refund.transit, "USD")) == ("settled", usd(0))
    hear(stripe_side.events() * 2, NOW)
    assert balance_of("outside:stripe", "USD") == usd(-7_000)
    assert not what_is_broken()


def test_C12_what_was_paid_in_is_not_paid_to_a_bank_account(stripe_side: StripeSide, amara: Person) -> None:
    paid_in(amara, stripe_side)
    a_payout_account(amara, NOW)
    with pytest.raises(GoesHomeOnly) as refused:
        request_payout(by=amara, amount=usd(10_000), at=NOW)
    assert refused.value.rule == "deposit_goes_home"
    with pytest.raises(GoesHomeOnly):
        request_payout(by=amara, amount=usd(1), at=NOW)
    request_payout(by=amara, amount=usd(10_000), at=NOW + LONG_AGO)


def test_C10_what_was_earned_is_paid_out_beside_what_was_paid_in(
    stripe_side: StripeSide, amara: Person, bushra: Person
) -> None:
    paid_in(amara, stripe_side, 9_000)
    spent_on_work(amara, usd(5_000), NOW, earned_by=bushra)
    paid_in(bushra, stripe_side, 2_000)
    a_payout_account(bushra, NOW)
    later = NOW + timedelta(days=8)  # what a new payer paid rests for a week
    with pytest.raises(GoesHomeOnly):
        request_payout(by=bushra, amount=usd(5_001), at=later)
    request_payout(by=bushra, amount=usd(5_000), at=later)
    a_payout_account(amara, NOW)
    with pytest.raises(GoesHomeOnly):
        request_payout(by=amara, amount=usd(4_000), at=later)


def test_no_more_goes_back_than_came_and_than_is_there(
    stripe_side: StripeSide, amara: Person, bushra: Person, eve: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    with pytest.raises(NotFound):
        refund_deposit(deposit=deposit, amount=usd(1), by=eve, at=NOW)
    with pytest.raises(NotRefundable):
        refund_deposit(deposit=deposit, amount=usd(10_001), by=amara, at=NOW)
    with pytest.raises(NotRefundable):
        refund_deposit(deposit=deposit, amount=Money(100, "EUR"), by=amara, at=NOW)
    spent_on_work(amara, usd(9_000), NOW, earned_by=bushra)
    with pytest.raises(MoreThanAvailable):
        refund_deposit(deposit=deposit, amount=usd(1_001), by=amara, at=NOW)
    refund_deposit(deposit=deposit, amount=usd(1_000), by=amara, at=NOW)
    begun = start_deposit(by=amara, amount=usd(100), at=NOW)
    with pytest.raises(NotRefundable):
        refund_deposit(deposit=begun, amount=usd(100), by=amara, at=NOW)


def test_C01_two_who_send_the_same_money_back_at_once(stripe_side: StripeSide, amara: Person) -> None:
    deposit = paid_in(amara, stripe_side)
    ends = ends_of([lambda: refund_deposit(deposit=deposit, amount=usd(10_000), by=amara, at=NOW)] * 8)
    assert ends == {"done": 1, "not_refundable": 7}
    assert wallet(amara) == 0
    assert not what_is_broken()


@pytest.mark.parametrize("does", ["lose", "trouble"])
def test_C07_a_refund_whose_answer_got_lost_is_checked_and_paid_once(
    stripe_side: StripeSide, amara: Person, does: str
) -> None:
    deposit = paid_in(amara, stripe_side)
    stripe_side.breaks("POST", "/v1/refunds", does)
    refund = refund_deposit(deposit=deposit, amount=usd(3_000), by=amara, at=NOW)
    assert ask_for_refunds(at=NOW) == 0
    assert state(refund) == "pending_unknown"
    assert balance_of("unknown:stripe", "USD") == usd(3_000)
    assert balance_of(refund.transit, "USD") == usd(0)
    assert not what_is_broken()
    stripe_side.breaks("GET", "/v1/refunds", "trouble")
    assert ask_for_refunds(at=NOW + timedelta(seconds=10)) == 0
    assert ask_for_refunds(at=NOW + timedelta(minutes=1)) == 1
    hear(stripe_side.events(), NOW)
    assert (state(refund), balance_of("unknown:stripe", "USD")) == ("settled", usd(0))
    names = [each["metadata"]["refund"] for each in stripe_side.things("refund")]
    assert names.count(str(refund.pk)) == 1
    assert not what_is_broken()


def test_C07_after_a_day_it_is_only_asked_about(stripe_side: StripeSide, amara: Person) -> None:
    deposit = paid_in(amara, stripe_side)
    stripe_side.breaks("POST", "/v1/refunds", "trouble", 1)
    refund = refund_deposit(deposit=deposit, amount=usd(3_000), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    assert ask_for_refunds(at=NOW + timedelta(hours=24)) == 0
    assert state(refund) == "pending_unknown"
    assert not [each for each in stripe_side.things("refund") if each["metadata"]["refund"] == str(refund.pk)]
    assert not what_is_broken()


def test_a_refund_that_takes_its_time_and_then_comes_back(stripe_side: StripeSide, amara: Person) -> None:
    deposit = paid_in(amara, stripe_side)
    stripe_side.tell(f"slow/{deposit.payment}")
    refund = refund_deposit(deposit=deposit, amount=usd(3_000), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    assert state(refund) == "sent"
    made = stripe_side.things("refund")[0]["id"]
    stripe_side.tell(f"end_refund/{made}", status="succeeded")
    hear(stripe_side.events(), NOW)
    assert state(refund) == "settled"
    stripe_side.tell(f"end_refund/{made}", status="failed")
    hear(stripe_side.events() * 2, NOW)
    assert (state(refund), wallet(amara)) == ("returned", 10_000)
    assert refundable_of(deposit) == usd(10_000)
    assert not what_is_broken()


def test_C23_a_refund_that_stripe_refuses_is_in_the_wallet_again(
    stripe_side: StripeSide, amara: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    stripe_side.tell(f"dispute/{deposit.payment}", amount=1_000)
    refund = refund_deposit(deposit=deposit, amount=usd(3_000), by=amara, at=NOW)
    assert ask_for_refunds(at=NOW) == 1
    assert (state(refund), wallet(amara)) == ("returned", 10_000)
    assert DepositRefund.objects.get().reason == "charge_disputed"


def test_the_practice_bank_pays_back_too(amara: Person) -> None:
    deposit = start_deposit(by=amara, amount=usd(5_000), at=NOW)
    pay_in_practice(deposit=deposit, at=NOW)
    refund = refund_deposit(deposit=deposit, amount=usd(2_000), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    assert state(refund) == "sent"
    ask_for_refunds(at=NOW + timedelta(minutes=1))
    assert (state(refund), wallet(amara)) == ("settled", 3_000)
    assert not what_is_broken()
