"""What a bank's statements say beside what the books say: questions, which change nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Sum

from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.payments.models import BankLine, BankStatement
from guildhall.payments.states import BOOKED

UNDER_WAY: Final = timedelta(days=3)
"""How long a movement may take to appear at the bank before it is a difference."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One currency of one account at a rail, as far as its statements reach.

    Args:
        opening: what the bank said it held before the first line.
        ours_before: what the books said then.
        closing: what the bank says it holds after the last day.
        by_lines: what the lines that were brought come to: another sum, where a statement is missing.
        ours: what the books say now, without days that no balance covers.
        unexplained: the sum of lines that nothing here explains.
        under_way: the sum of movements that no line has said yet.
    """

    rail: str
    account: str
    currency: str
    first_day: date
    last_day: date
    opening: Money
    ours_before: Money
    closing: Money
    by_lines: Money
    ours: Money
    unexplained: Money
    under_way: Money

    @property
    def fits(self) -> bool:
        """Whether the bank and the books agree, but for what is under way."""
        return (
            self.opening == self.ours_before
            and self.closing == self.by_lines
            and not self.unexplained
            and self.ours == self.closing + self.under_way
        )


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A movement that no line of the bank has said."""

    number: int
    key: str
    kind: str
    at: datetime
    change: Money


def compared_rails(rail: str = "") -> Iterator[Compared]:
    """Every account and currency of which the bank says what it holds.

    Args:
        rail: only of this one; empty: of all.
    """
    rows = BankStatement.objects.filter(
        file__state=BOOKED, opening__isnull=False, closing__isnull=False, first_day__isnull=False
    )
    if rail:
        rows = rows.filter(file__rail=rail)
    places = (
        rows.values_list("file__rail", "account", "currency").distinct().order_by("file__rail", "currency")
    )
    for where, account, currency in list(places):
        of_place = rows.filter(file__rail=where, account=account, currency=currency)
        first = of_place.order_by("first_day", "id")[0]
        last = of_place.order_by("-last_day", "-id")[0]
        yield _compared(where, first, last)


def rails_with_statements() -> list[str]:
    """The rails of which statements were brought."""
    rows = BankStatement.objects.filter(file__state=BOOKED).values_list("file__rail", flat=True)
    return sorted(set(rows.distinct()))


def _compared(rail: str, first: BankStatement, last: BankStatement) -> Compared:
    currency = first.currency
    assert first.first_day is not None
    assert last.last_day is not None
    lines = BankLine.objects.filter(
        rail=rail, own_account=first.account, currency=currency, file__state=BOOKED
    )
    said = _sum(lines.filter(day__lte=last.last_day))
    uncovered = list(_uncovered(rail, currency, since=first.first_day))
    booked = lines.exclude(outcome=BankLine.Outcome.UNEXPLAINED)
    later = Money(_sum(booked.filter(day__gt=last.last_day)), currency)
    ours = -balance_of(f"outside:{rail}", currency) - later
    by_now = _sum(booked) - later.minor
    under_way = sum(each.change.minor for each in uncovered)
    return Compared(
        rail=rail,
        account=first.account,
        currency=currency,
        first_day=first.first_day,
        last_day=last.last_day,
        opening=Money(first.opening or 0, currency),
        ours_before=Money(ours.minor - by_now - under_way, currency),
        closing=Money(last.closing or 0, currency),
        by_lines=Money((first.opening or 0) + said, currency),
        ours=ours,
        unexplained=Money(_sum(lines.filter(outcome=BankLine.Outcome.UNEXPLAINED)), currency),
        under_way=Money(under_way, currency),
    )


def _sum(lines: object) -> int:
    return int(lines.aggregate(sum=Sum("amount"))["sum"] or 0)  # type: ignore[attr-defined]


def movements_without_line(each: Compared) -> Iterator[Uncovered]:
    """Movements that a statement should have said by its last day, and none has."""
    latest = each.last_day - UNDER_WAY
    rows = _uncovered(each.rail, each.currency, since=each.first_day)
    return (row for row in rows if row.at.date() <= latest)


def _uncovered(rail: str, currency: str, *, since: date) -> Iterator[Uncovered]:
    """Movements of a rail since a day that are no line's; those before it are in the first balance."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT movement.id, movement.key, movement.kind, movement.at, sum(moved.change)
            FROM ledger_account account
            CROSS JOIN LATERAL (
                SELECT movement_id, amount AS change FROM ledger_posting WHERE source_id = account.id
                UNION ALL
                SELECT movement_id, -amount FROM ledger_posting WHERE target_id = account.id
            ) moved
            JOIN ledger_movement movement ON movement.id = moved.movement_id
            WHERE account.code = %s AND account.currency = %s AND movement.at >= %s
                AND NOT EXISTS (SELECT FROM payments_bookedline booked WHERE booked.movement_id = movement.id)
            GROUP BY movement.id
            ORDER BY movement.id
            """,
            [f"outside:{rail}", currency, since],
        )
        rows = cursor.fetchall()
    for number, key, kind, at, change in rows:
        yield Uncovered(number, key, kind, at, Money(int(change), currency))
