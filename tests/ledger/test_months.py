"""Statements by month: each begins where the one before ended, whether months were closed or not."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from guildhall.config.checking import run_check
from guildhall.kernel.errors import Unfit
from guildhall.kernel.ids import new_id
from guildhall.kernel.registry import all_checks
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.background import close_finished_months
from guildhall.ledger.models import Closing, Month
from guildhall.ledger.months import (
    MonthlyStatement,
    balance_at,
    month_from,
    months_of,
    statement_for_month,
)
from guildhall.ledger.queries import balance_of, entries_of

JANUARY, MARCH, APRIL = date(2026, 1, 1), date(2026, 3, 1), date(2026, 4, 1)
WALLET, FEES = "wallet:person:a", "fees:work"

pytestmark = pytest.mark.django_db


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def move_at(instant: datetime, source: str, target: str, amount: int) -> None:
    flows = [Flow(source, target, amount, "USD")]
    move_money(kind="credit.given", key=str(new_id()), flows=flows, by=None, at=instant)


@pytest.fixture
def _a_winter() -> None:
    move_at(at(1, 1, 0), "outside:practice", WALLET, 1_000)
    move_at(at(1, 31, 23), WALLET, FEES, 10)
    move_at(at(3, 1, 0), WALLET, FEES, 20)  # nothing moves in February
    move_at(at(2, 28, 23) + timedelta(hours=1, minutes=-1), WALLET, FEES, 1)  # written late, and of February
    for _each in range(3):
        move_at(at(3, 15), WALLET, FEES, 5)
    move_at(at(4, 2), WALLET, FEES, 100)


@pytest.fixture(params=["open", "closed", "some closed"])
def _books(request: pytest.FixtureRequest, _a_winter: None) -> None:
    if request.param != "open":
        close_finished_months(at=at(4, 3) if request.param == "closed" else at(2, 2))


def pages_of(code: str, month: date, size: int = 2) -> Iterator[MonthlyStatement]:
    after = ""
    while True:
        statement = statement_for_month(code, "USD", month, after=after, size=size)
        yield statement
        after = statement.next
        if not after:
            return


@pytest.mark.usefixtures("_books")
def test_L11_each_month_begins_where_the_one_before_ended() -> None:
    shown = months_of(WALLET, "USD", today=date(2026, 4, 3)).rows
    assert [(one.month.month, one.opening.minor, one.closing.minor) for one in shown] == [
        (4, 954, 854),
        (3, 989, 954),
        (2, 990, 989),
        (1, 0, 990),
    ]
    for one in shown:
        pages = list(pages_of(WALLET, one.month))
        entries = [entry for page in pages for entry in page.entries]
        assert {(page.opening, page.closing) for page in pages} == {(one.opening, one.closing)}
        assert one.opening.minor + sum(entry.change.minor for entry in entries) == one.closing.minor
        assert entries[-1].balance == one.closing
        assert all(entry.at.month == one.month.month for entry in entries)
    assert statement_for_month(WALLET, "USD", date(2025, 12, 1)).closing.minor == 0
    assert statement_for_month(WALLET, "USD", date(2026, 7, 1)).opening.minor == 854
    assert statement_for_month("wallet:nobody", "USD", MARCH).entries == []


@pytest.mark.usefixtures("_books")
def test_what_an_account_held_at_any_instant() -> None:
    moments = [at(1, 1, 0), at(1, 31, 23), at(2, 28, 23) + timedelta(minutes=59), at(3, 1, 0), at(3, 15)]
    held = [balance_at(FEES, "USD", moment).minor for moment in moments]
    assert held == [0, 10, 11, 31, 46]
    just_before = [balance_at(FEES, "USD", moment - timedelta(microseconds=1)).minor for moment in moments]
    assert just_before == [0, 0, 10, 11, 31]
    assert balance_at(FEES, "USD", at(12, 31)) == balance_of(FEES, "USD")
    assert balance_at(FEES, "USD", datetime(1999, 1, 1, tzinfo=UTC)).minor == 0
    assert balance_at("wallet:nobody", "USD", at(3, 1)).minor == 0


@pytest.mark.usefixtures("_books")
def test_months_are_paged_by_key() -> None:
    first = months_of(WALLET, "USD", today=date(2026, 4, 3), size=3)
    assert [one.month.month for one in first.rows] == [4, 3, 2]
    rest = months_of(WALLET, "USD", today=date(2026, 4, 3), after=first.next, size=3)
    assert [(one.month.month, one.opening.minor) for one in rest.rows] == [(1, 0)]
    assert rest.next == ""


def test_closing_changes_no_answer() -> None:
    draw = random.Random(7)
    codes = [WALLET, "wallet:person:b", FEES, "outside:practice"]
    for _each in range(120):
        instant = at(1, 1) + timedelta(hours=draw.randrange(24 * 110))
        move_at(instant, "outside:practice", draw.choice(codes[:2]), draw.randrange(50, 90))
        move_at(instant, draw.choice(codes[:2]), FEES, 1) if draw.random() < 0.3 and _each > 20 else None
    moments = [at(1, 1) + timedelta(days=day, microseconds=day) for day in range(0, 130, 3)]

    def answers() -> list[object]:
        return [
            *(balance_at(code, "USD", moment) for code in codes for moment in moments),
            *(months_of(code, "USD", today=date(2026, 5, 9)).rows for code in codes),
            *(
                (page.opening, page.closing, page.entries)
                for code in codes
                for month in range(1, 6)
                for page in pages_of(code, date(2026, month, 1), 7)
            ),
        ]

    before = answers()
    for moment in (at(2, 2), at(3, 2), at(5, 2)):
        close_finished_months(at=moment)
        assert answers() == before
    assert sum(len(list(entries_of(code, "USD"))) for code in codes) > 200


@pytest.mark.usefixtures("_a_winter")
def test_a_month_is_closed_once_when_it_is_over_for_a_day_and_stays() -> None:
    assert close_finished_months(at=at(2, 1)) == 0
    assert close_finished_months(at=at(2, 2)) == 1
    assert close_finished_months(at=at(2, 2)) == 0
    assert close_finished_months(at=at(4, 2)) == 2
    assert [month.month for month in Month.objects.order_by("month")] == [JANUARY, date(2026, 2, 1), MARCH]
    for month in ("2026-03-01", "2026-04-01", "2026-04-15"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ledger_close_month(%s, %s)", [month, at(4, 30)])
    for statement in ("DELETE FROM ledger_month", "UPDATE ledger_closing SET balance = 0"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.usefixtures("_a_winter")
def test_L11_what_is_written_in_a_closed_month_is_seen() -> None:
    (check,) = (check for check in all_checks() if check.name == "L11.months")
    close_finished_months(at=at(4, 3))
    assert (run_check(check).rows, run_check(check).broken) == (Closing.objects.count(), 0)
    move_at(at(2, 14), WALLET, FEES, 3)
    assert run_check(check).broken == 4  # February and March of both accounts


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "1969-12", "9999-12", "２０２６-10", "\0"])
def test_a_month_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        month_from(text)


@pytest.mark.usefixtures("_a_winter")
def test_a_cursor_of_another_statement_is_refused() -> None:
    cursor = statement_for_month(WALLET, "USD", MARCH, size=1).next
    for code, month in ((FEES, MARCH), (WALLET, APRIL)):
        with pytest.raises(Unfit):
            statement_for_month(code, "USD", month, after=cursor)
    with pytest.raises(Unfit):
        statement_for_month(WALLET, "USD", MARCH, after="x")
