"""What a processor says it did is in the books, or becomes a difference."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Difference
from guildhall.payments.actions import compare_with_processors
from guildhall.payments.actions.reporting import take_report
from guildhall.payments.models import BankLine, Deposit
from guildhall.payments.words import ReportLine
from guildhall.people.models import Person
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_wallet_with
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def line(deposit: Deposit, minor: int, reference: str = "txn_1", about: str = "deposit") -> ReportLine:
    return ReportLine(reference, about, str(deposit.pk), Money(minor, "USD"), deposit.started_at)  # type: ignore[arg-type]


def report(*lines: ReportLine) -> int:
    return take_report(rail="practice", lines=lines, at=NOW + timedelta(minutes=5))


def test_I6_what_is_in_the_books_is_known_and_taken_once(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, NOW)
    assert report(line(deposit, 5_000)) == 1
    assert report(line(deposit, 5_000)) == 0
    assert BankLine.objects.get().outcome == "known"
    assert not Difference.objects.exists()
    assert what_is_broken(("payments",)) == {}


def test_I6_another_sum_or_another_deposit_is_a_difference(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, NOW)
    report(line(deposit, 5_001), line(deposit, 700, "txn_2", "other"))
    assert set(BankLine.objects.values_list("outcome", flat=True)) == {"unexplained"}
    assert Difference.objects.filter(source="practice", name="unexplained line").count() == 2


def test_I6_a_line_said_twice_under_two_numbers_is_a_difference(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, NOW)
    report(line(deposit, 5_000), line(deposit, 5_000, "txn_2"))
    assert sorted(BankLine.objects.values_list("outcome", flat=True)) == ["known", "unexplained"]


def test_what_a_processor_took_waits_until_it_is_booked(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, NOW)
    fee = replace(line(deposit, -150, "txn_1:fee", "fee"), at=NOW)
    assert report(fee) == 0
    flows = [Flow("shortfall", "outside:practice", 150, "USD")]
    move_money(kind="processor.charged", key="processor:practice:txn_1:fee", flows=flows, by=None, at=NOW)
    assert report(fee) == 1
    assert BankLine.objects.get().outcome == "known"
    assert report(replace(fee, reference="txn_2:fee", at=NOW - timedelta(hours=1))) == 1
    assert Difference.objects.get().name == "unexplained line"


def test_a_hall_without_a_processor_outside_asks_nobody() -> None:
    assert compare_with_processors(at=NOW) == 0
