"""Being paid without asking: on which days, from what sum, once per day, and why not."""

from datetime import date, datetime, timedelta

import pytest

from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.money import Money
from guildhall.ledger.differences import open_difference
from guildhall.ledger.queries import balance_of
from guildhall.notices.models import Notice
from guildhall.notices.words import say
from guildhall.payments.actions import (
    NotAPlan,
    end_payout_plan,
    plan_payouts,
    set_payout_account,
    stop_payout_account,
)
from guildhall.payments.actions.depositing import NotDepositable
from guildhall.payments.actions.stopping import secret_to_stop
from guildhall.payments.background import pay_by_plan
from guildhall.payments.models import Payout, PayoutPlan, PayoutTurn
from guildhall.payments.paying_out.dates import next_after
from guildhall.payments.queries import payout_account_of
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import a_payout_account, a_wallet_with
from tests.cast import NOW, a_person
from tests.racing import ends_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TUESDAY = 2  # of NOW, 1 December 2026


def a_plan(person: Person, rhythm: str = "weekly", day: int = 5, least: int = 1_000) -> PayoutPlan:
    return plan_payouts(by=person, rhythm=rhythm, day=day, least=usd(least), at=NOW)


def run_until(end: datetime) -> None:
    """Let background work look every hour, as a busy worker would."""
    at = NOW
    while at <= end:
        pay_by_plan(at=at)
        at += timedelta(hours=12)


@pytest.mark.parametrize(
    ("rhythm", "day", "dates"),
    [
        ("weekly", 5, [date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 18)]),
        ("weekly", TUESDAY, [date(2026, 12, 8), date(2026, 12, 15)]),
        ("fortnightly", 5, [date(2026, 12, 4), date(2026, 12, 18), date(2027, 1, 1)]),
        ("monthly", 1, [date(2027, 1, 1), date(2027, 2, 1)]),
        ("monthly", 31, [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]),
    ],
)
def test_the_days_of_a_plan(rhythm: str, day: int, dates: list[date]) -> None:
    found = [next_after(NOW.date(), rhythm, day)]
    while len(found) < len(dates):
        found.append(next_after(found[-1], rhythm, day, since=found[-1]))
    assert found == dates


def test_a_payout_is_asked_for_once_on_its_day(bushra: Person) -> None:
    a_wallet_with(bushra, 4_000, NOW)
    a_payout_account(bushra, NOW)
    a_plan(bushra)
    assert pay_by_plan(at=NOW + 2 * DAY) == 0
    assert not Payout.objects.exists()
    assert [pay_by_plan(at=NOW + 3 * DAY) for _each in range(3)] == [1, 0, 0]
    payout = Payout.objects.get()
    assert (payout.amount, payout.turn.due_on) == (4_000, date(2026, 12, 4))
    deliver_events(at=NOW + 9 * DAY, most=100)
    notice = Notice.objects.get(person=bushra, kind="payout.requested:owner:hall")
    assert say(notice.kind, notice.facts).startswith(
        "40.00 USD is to be paid to your bank, as you have planned."
    )
    a_wallet_with(bushra, 2_000, NOW)
    run_until(NOW + 20 * DAY)
    assert [each.why for each in PayoutTurn.objects.order_by("due_on")] == ["", "", "nothing"]
    assert not what_is_broken()


def test_E12_days_that_were_missed_are_made_good_once(bushra: Person) -> None:
    a_wallet_with(bushra, 4_000, NOW)
    a_payout_account(bushra, NOW)
    plan = a_plan(bushra)
    assert [pay_by_plan(at=NOW + 40 * DAY) for _each in range(2)] == [1, 0]
    plan.refresh_from_db()
    assert (Payout.objects.count(), plan.next_on) == (1, date(2027, 1, 15))


def test_another_plan_does_not_pay_the_same_day_again(bushra: Person) -> None:
    a_wallet_with(bushra, 4_000, NOW)
    a_payout_account(bushra, NOW)
    a_plan(bushra)
    pay_by_plan(at=NOW + 3 * DAY)
    again = plan_payouts(by=bushra, rhythm="weekly", day=5, least=usd(500), at=NOW + 2 * DAY)
    assert again.next_on == date(2026, 12, 4)
    a_wallet_with(bushra, 4_000, NOW)
    pay_by_plan(at=NOW + 3 * DAY)
    assert Payout.objects.count() == 1


def skipped(person: Person, at: datetime) -> list[str]:
    """Why nothing was asked for, as the person was told it."""
    pay_by_plan(at=at)
    deliver_events(at=NOW + 400 * DAY, most=100)
    told = Notice.objects.filter(person=person, kind__startswith="payout_turn.skipped").order_by("id")
    assert not Payout.objects.exists()
    return [say(each.kind, each.facts) for each in told]


def test_why_not_is_said_in_words(bushra: Person) -> None:
    a_plan(bushra)
    assert skipped(bushra, NOW + 3 * DAY) == []  # nothing there, nothing to say
    a_wallet_with(bushra, 900, NOW)
    assert "9.00 USD is less than the least that you chose" in skipped(bushra, NOW + 10 * DAY)[-1]
    a_wallet_with(bushra, 900, NOW)
    assert "you have not said where it should go" in skipped(bushra, NOW + 17 * DAY)[-1]
    set_payout_account(by=bushra, holder="Bushra", bank="Bank", number="12345", at=NOW + 22 * DAY)
    assert "your account is new here and rests" in skipped(bushra, NOW + 24 * DAY)[-1]
    open_difference(
        source="check", name="L3", subject="x", account=f"wallet:{bushra.party}", facts={}, at=NOW
    )
    assert "does not fit" in skipped(bushra, NOW + 31 * DAY)[-1]
    account = payout_account_of(bushra)
    assert account is not None
    stop_payout_account(secret=secret_to_stop(account.pk), at=NOW + 32 * DAY)
    assert "you have not said where" in skipped(bushra, NOW + 38 * DAY)[-1]
    assert balance_of(f"wallet:{bushra.party}", "USD") == usd(1_800)
    whys = [each.why for each in PayoutTurn.objects.order_by("due_on")]
    assert whys == ["nothing", "least", "no_account", "rests", "doubt", "no_account"]


def test_by_hand_again(bushra: Person) -> None:
    a_wallet_with(bushra, 4_000, NOW)
    a_payout_account(bushra, NOW)
    plan = a_plan(bushra)
    end_payout_plan(plan=plan, by=bushra, at=NOW)
    run_until(NOW + 20 * DAY)
    assert not Payout.objects.exists()


def test_each_currency_has_its_plan_and_its_account(bushra: Person) -> None:
    a_wallet_with(bushra, 4_000, NOW)
    a_wallet_with(bushra, 900_000, NOW, "PKR")
    a_payout_account(bushra, NOW)
    wallet = {"holder": "Bushra", "bank": "JazzCash", "number": "923001234567", "method": "wallet"}
    set_payout_account(by=bushra, **wallet, currency="PKR", at=NOW - 9 * DAY)
    a_plan(bushra)
    plan_payouts(by=bushra, rhythm="monthly", day=4, least=Money(100_000, "PKR"), at=NOW)
    pay_by_plan(at=NOW + 3 * DAY)
    paid = {each.currency: each.account.method for each in Payout.objects.select_related("account")}
    assert paid == {"USD": "account", "PKR": "wallet"}


@pytest.mark.parametrize(("rhythm", "day"), [("daily", 1), ("weekly", 0), ("weekly", 8), ("monthly", 32)])
def test_plans_that_are_none(bushra: Person, rhythm: str, day: int) -> None:
    with pytest.raises(NotAPlan):
        a_plan(bushra, rhythm, day)
    with pytest.raises(NotDepositable):
        a_plan(bushra, least=0)


@pytest.mark.django_db(transaction=True)
def test_C20_many_workers_ask_once() -> None:
    people = [a_person(f"Worker{number}") for number in range(3)]
    for person in people:
        a_wallet_with(person, 4_000, NOW)
        a_payout_account(person, NOW)
        a_plan(person)
    assert ends_of([lambda: pay_by_plan(at=NOW + 3 * DAY)] * 6) == {"done": 6}
    assert Payout.objects.count() == 3
    assert not what_is_broken()
