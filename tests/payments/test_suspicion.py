"""Money of payers who are new rests, new accounts have limits, and patterns are asked about, not stopped."""

from datetime import datetime, timedelta

import pytest

from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force, set_rule, set_table
from guildhall.ledger.models import Difference
from guildhall.notices.models import Notice
from guildhall.notices.words import say
from guildhall.payments.actions import (
    MoneyRests,
    NewAccountLimit,
    OwnDifference,
    answer_difference,
    plan_payouts,
    request_payout,
)
from guildhall.payments.background import pay_by_plan, watch_flows
from guildhall.payments.models import PayoutTurn
from guildhall.payments.paying_out.holding import money_of_payer_rests_until, payable_by
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import a_payout_account, a_wallet_with, spent_on_work
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
JUST_NOW = timedelta(0)


def paid_for_work(
    payer: Person, worker: Person, minor: int, at: datetime, *, ago: timedelta = JUST_NOW
) -> None:
    """A client pays in, so long before, and pays for work that clears at once."""
    a_wallet_with(payer, minor, at, ago=ago)
    spent_on_work(payer, usd(minor), at, earned_by=worker)


def test_C10_what_a_new_payer_paid_can_be_spent_but_not_paid_out(amara: Person, bushra: Person) -> None:
    a_payout_account(bushra, NOW)
    paid_for_work(amara, bushra, 5_000, NOW)
    a_wallet_with(bushra, 1_000, NOW)  # her own, paid in long ago
    with pytest.raises(MoneyRests, match=r"50\.00 USD of it .* 2026-12-08 09:00 UTC on; 10\.00 USD"):
        request_payout(by=bushra, amount=usd(6_000), at=NOW + DAY)
    assert request_payout(by=bushra, amount=usd(1_000), at=NOW + DAY).state == "requested"
    with pytest.raises(MoneyRests):
        request_payout(by=bushra, amount=usd(1), at=NOW + 6 * DAY)
    assert request_payout(by=bushra, amount=usd(5_000), at=NOW + 7 * DAY).state == "requested"
    assert not what_is_broken()


def test_C10_money_handed_on_by_a_second_account_rests_too(
    amara: Person, bushra: Person, chen: Person
) -> None:
    """A card that is not theirs pays a first account, and that one hires the next."""
    paid_for_work(amara, bushra, 5_000, NOW)
    spent_on_work(bushra, usd(5_000), NOW + 6 * DAY, earned_by=chen)
    a_payout_account(chen, NOW)
    payable = payable_by(chen, "USD", at=NOW + 8 * DAY)
    assert (payable.held, payable.held_until) == (usd(5_000), NOW + 13 * DAY)
    with pytest.raises(MoneyRests):
        request_payout(by=chen, amount=usd(5_000), at=NOW + 8 * DAY)


def test_C10_a_client_who_is_known_makes_nobody_wait(amara: Person, bushra: Person) -> None:
    a_payout_account(bushra, NOW)
    paid_for_work(amara, bushra, 5_000, NOW, ago=8 * DAY)
    assert request_payout(by=bushra, amount=usd(5_000), at=NOW).state == "requested"
    assert money_of_payer_rests_until(amara, rules=rules_in_force(), at=NOW) is None


def test_C10_it_is_known_before_anybody_agrees(amara: Person, chen: Person) -> None:
    assert money_of_payer_rests_until(chen, rules=rules_in_force(), at=NOW) == NOW + 7 * DAY
    a_wallet_with(amara, 5_000, NOW, ago=2 * DAY)
    assert money_of_payer_rests_until(amara, rules=rules_in_force(), at=NOW) == NOW + 5 * DAY


def test_C10_a_hall_may_do_without(amara: Person, bushra: Person, olga: Person) -> None:
    set_rule(name="new_payer_days", value=0, reason="A hall of friends.", by=olga.pk, at=NOW)
    a_payout_account(bushra, NOW)
    paid_for_work(amara, bushra, 5_000, NOW)
    assert request_payout(by=bushra, amount=usd(5_000), at=NOW).state == "requested"


def test_C10_a_plan_says_that_it_rests(amara: Person, bushra: Person) -> None:
    a_payout_account(bushra, NOW)
    paid_for_work(amara, bushra, 5_000, NOW)
    plan_payouts(by=bushra, rhythm="weekly", day=5, least=usd(1_000), at=NOW)
    pay_by_plan(at=NOW + 3 * DAY)
    assert PayoutTurn.objects.get().why == "held"


def test_C10_a_new_account_asks_so_often_and_so_much_a_day(bushra: Person, olga: Person) -> None:
    a_wallet_with(bushra, 90_000, NOW)
    a_payout_account(bushra, NOW)
    set_rule(name="new_account_payouts", value=3, reason="Less risk.", by=olga.pk, at=NOW)
    limits = [{"currency": "USD", "most": 10_000}]
    set_table(name="new_account_sums", rows=limits, reason="Less risk.", by=olga.pk, at=NOW)
    request_payout(by=bushra, amount=usd(9_000), at=NOW)
    with pytest.raises(NewAccountLimit, match=r"10\.00 USD"):
        request_payout(by=bushra, amount=usd(1_001), at=NOW)
    for _each in range(2):
        request_payout(by=bushra, amount=usd(100), at=NOW + timedelta(hours=1))
    with pytest.raises(NewAccountLimit, match="2026-12-02 09:00 UTC"):
        request_payout(by=bushra, amount=usd(100), at=NOW + timedelta(hours=2))
    request_payout(by=bushra, amount=usd(9_800), at=NOW + DAY + timedelta(minutes=1))
    request_payout(by=bushra, amount=usd(20_000), at=NOW + 31 * DAY)  # no new account any more


def flags() -> list[tuple[str, str]]:
    return list(
        Difference.objects.filter(state="opened").values_list("name", "facts__wrong").order_by("name")
    )


def test_C11_money_that_goes_round_is_a_case_and_stops_nothing(
    amara: Person, bushra: Person, chen: Person, olga: Person, eve: Person
) -> None:
    long_ago = timedelta(days=100)
    paid_for_work(amara, bushra, 5_000, NOW, ago=long_ago)
    paid_for_work(amara, chen, 3_000, NOW, ago=long_ago)
    assert watch_flows(at=NOW + DAY) == 0
    paid_for_work(bushra, amara, 4_000, NOW + DAY, ago=long_ago)
    assert [watch_flows(at=NOW + 2 * DAY) for _each in range(2)] == [1, 1]
    [(name, wrong)] = flags()
    assert (name, "USD for work one way and" in wrong) == ("money goes round", True)
    found = Difference.objects.get()
    assert (found.account, set(found.facts["people"])) == ("", {str(amara.pk), str(bushra.pk)})
    deliver_events(at=NOW + 9 * DAY, most=500)
    notice = Notice.objects.get(person=olga, kind="difference.opened:operators:asks")
    assert "Nothing is stopped by it." in say(notice.kind, notice.facts)
    a_payout_account(bushra, NOW)
    assert request_payout(by=bushra, amount=usd(5_000), at=NOW + 9 * DAY).state == "requested"
    with pytest.raises(NotFound):
        answer_difference(difference=found, answer="They share a studio.", by=eve, at=NOW)
    answer_difference(difference=found, answer="They share a studio.", by=olga, at=NOW)
    watch_flows(at=NOW + 2 * DAY)
    assert flags() == []  # asked once, answered once
    assert watch_flows(at=NOW + 40 * DAY) == 0  # the window has rolled on


def test_C11_an_operator_in_a_pattern_does_not_answer_it(amara: Person, olga: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    paid_for_work(amara, olga, 5_000, NOW)
    paid_for_work(olga, amara, 4_000, NOW)
    watch_flows(at=NOW + DAY)
    with pytest.raises(OwnDifference):
        answer_difference(difference=Difference.objects.get(), answer="It is nothing.", by=olga, at=NOW)
    answer_difference(difference=Difference.objects.get(), answer="They swap work.", by=oleg, at=NOW)


def test_C11_many_sums_just_under_the_limit(bushra: Person, olga: Person) -> None:
    a_wallet_with(bushra, 90_000, NOW)
    a_payout_account(bushra, NOW)
    limits = [{"currency": "USD", "most": 10_000}]
    set_table(name="new_account_sums", rows=limits, reason="Less risk.", by=olga.pk, at=NOW)
    for day in range(2):
        request_payout(by=bushra, amount=usd(9_900), at=NOW + 2 * day * DAY)
    request_payout(by=bushra, amount=usd(1_000), at=NOW + 6 * DAY)
    assert watch_flows(at=NOW + 7 * DAY) == 0
    request_payout(by=bushra, amount=Money(9_500, "USD"), at=NOW + 8 * DAY)
    assert watch_flows(at=NOW + 9 * DAY) == 1
    assert flags() == [
        ("sums just under a limit", "3 payouts of nearly 100.00 USD, the most that a new account may ask for")
    ]
