"""Statements by month, and what an account held at any instant: as quick in an old hall as in a new one.

Months are in UTC. What accounts held at the end of a month that is over is remembered, so that no question
reads further back than the month before the one it is about.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page
from guildhall.ledger.models import Account, Closing, Month
from guildhall.ledger.queries import Entry, entry_from_row

_ALL: Final = 2**63 - 1
_MONTH: Final = re.compile(r"(19[7-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_SALT: Final = "guildhall.ledger.month"


@dataclass(frozen=True, slots=True)
class MonthSums:
    """One month of an account: ``opening + change = closing``."""

    month: date
    opening: Money
    closing: Money

    @property
    def change(self) -> Money:
        """What the month brought, or took."""
        return self.closing - self.opening


@dataclass(frozen=True, slots=True)
class MonthlyStatement:
    """A page of one month of an account, the oldest entry first: ``opening + Σ changes = closing``.

    Args:
        month: its first day.
        opening, closing: what the account held when the month began and when it ended, or holds now.
        entries: those of this page.
        next: the cursor of the later ones, empty at the end of the month.
    """

    month: date
    opening: Money
    closing: Money
    entries: list[Entry]
    next: str


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the postings since an instant lie: among these numbers, on top of what a closing says."""

    since: datetime
    first: int
    last: int
    closed_before: date


def balance_at(code: str, currency: str, instant: datetime) -> Money:
    """What an account held at an instant, everything of that very instant included."""
    account = Account.objects.filter(code=code, currency=currency).first()
    held = _held_before(account, instant + timedelta(microseconds=1)) if account else 0
    return Money(held, currency)


def instant_from(text: str, zone: tzinfo) -> datetime:
    """Read ``2026-03-01T12:00``, in a zone where it names none of its own; a day alone is its beginning.

    Raises:
        Unfit: it is no instant that any books could know.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        instant = _EVER
    if not _FIRST_YEAR <= instant.year < _LAST_YEAR:
        raise Unfit(_("Write an instant as day and time, such as 2026-03-01T12:00."), field="at")
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def months_of(code: str, currency: str, *, today: date, after: str = "", size: int = 12) -> Page[MonthSums]:
    """The months in which an account moved, the newest first.

    Args:
        code: the account.
        currency: which of its currencies.
        today: in UTC; its month is shown as it stands.
        after: the `next` of the page before.
        size: at most 60.

    Raises:
        Unfit: `after` is no month.
    """
    size = max(1, min(size, 60))
    account = Account.objects.filter(code=code, currency=currency).first()
    if account is None:
        return Page([], "")
    before = month_from(after) if after else _following(first_of(today))
    found = [sums for sums in _open_months(account, today) if sums.month < before]
    closed = list(Closing.objects.filter(account=account, month__lt=before).order_by("-month")[: size + 2])
    openings = [*(closing.balance for closing in closed[1:]), 0]
    found += [
        MonthSums(closing.month, Money(opening, currency), Money(closing.balance, currency))
        for closing, opening in zip(closed, openings, strict=False)
    ]
    shown = found[:size]
    return Page(shown, name_of(shown[-1].month) if len(found) > size else "")


def statement_for_month(
    code: str, currency: str, month: date, *, after: str = "", size: int = 50
) -> MonthlyStatement:
    """One page of the statement of an account for a month.

    Raises:
        Unfit: the cursor is not one of ours, or belongs to another statement.
    """
    size = max(1, min(size, 500))
    start, end = _midnight(month), _midnight(_following(month))
    account = Account.objects.filter(code=code, currency=currency).first()
    if account is None:
        return MonthlyStatement(month, Money(0, currency), Money(0, currency), [], "")
    opening, closing = _held_before(account, start), _held_before(account, end)
    number, step, held = _read_cursor(account, month, after) if after else (0, 0, opening)
    span = _span_of(start)
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTRIES,
            {**_asked(account, span, start, end), "movement": number, "step": step, "size": size + 1},
        )
        rows = cursor.fetchall()
    entries = []
    for row in rows[:size]:
        held += row[5]
        entries.append(entry_from_row(row, currency, held))
    more = ""
    if len(rows) > size:
        place = [account.id, name_of(month), entries[-1].movement, entries[-1].step, held]
        more = signing.dumps(place, salt=_SALT)
    return MonthlyStatement(month, Money(opening, currency), Money(closing, currency), entries, more)


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def name_of(month: date) -> str:
    """A month as it stands in addresses: ``2026-10``."""
    return f"{month:%Y-%m}"


def month_from(text: str) -> date:
    """Read ``2026-10``.

    Raises:
        Unfit: it is no month.
    """
    found = _MONTH.fullmatch(text)
    if not found:
        raise Unfit(_("Write a month as year-month, such as 2026-10."), field="month")
    return date(int(found[1]), int(found[2]), 1)


def _following(month: date) -> date:
    return first_of(month + timedelta(days=31))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _open_months(account: Account, today: date) -> list[MonthSums]:
    """The months that are not closed yet and in which the account moved, the newest first."""
    last = Month.objects.order_by("-month").first()
    month = _following(last.month) if last else _first_month_of(account)
    found = []
    while month is not None and month <= today:
        opening = Money(_held_before(account, _midnight(month)), account.currency)
        closing = Money(_held_before(account, _midnight(_following(month))), account.currency)
        if _moved_in(account, month):
            found.append(MonthSums(month, opening, closing))
        month = _following(month)
    return found[::-1]


_FIRST = """
SELECT min(movement.at) FROM (
    SELECT movement_id FROM ledger_posting WHERE target_id = %(account)s
    UNION ALL
    SELECT movement_id FROM ledger_posting WHERE source_id = %(account)s
) leg JOIN ledger_movement movement ON movement.id = leg.movement_id
"""


def _first_month_of(account: Account) -> date | None:
    """Of a hall in which no month is closed yet: it is young, so there is not much to look through."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, {"account": account.id})
        (first,) = cursor.fetchone()
    return first_of(first.astimezone(UTC).date()) if first else None


def _moved_in(account: Account, month: date) -> bool:
    span = _span_of(_midnight(month))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS ({_LEGS})",
            _asked(account, span, _midnight(month), _midnight(_following(month))),
        )
        return bool(cursor.fetchone()[0])


def _held_before(account: Account, instant: datetime) -> int:
    """Minor units that the account held just before an instant."""
    span = _span_of(instant - timedelta(microseconds=1))
    closing = Closing.objects.filter(account=account, month__lt=span.closed_before).order_by("-month").first()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(amount), 0) FROM ({_LEGS}) leg",  # noqa: S608 - a constant of this file
            _asked(account, span, span.since, instant),
        )
        (moved,) = cursor.fetchone()
    return (closing.balance if closing else 0) + int(moved)


def _asked(account: Account, span: _Span, since: datetime, before: datetime) -> dict[str, int | datetime]:
    return {
        "account": account.id,
        "first": span.first,
        "last": span.last,
        "since": since,
        "before": before,
    }


def _span_of(instant: datetime) -> _Span:
    """Where the postings lie that lead from the last closing before an instant up to it."""
    month = first_of(instant.astimezone(UTC).date())
    closed = Month.objects.filter(month=month).first()
    if closed:
        return _Span(_midnight(month), closed.first or 0, closed.last or 0, month)
    last = Month.objects.order_by("-month").first()
    if last is None:
        return _Span(_EVER, 0, _ALL, date.min)
    if last.month > month:  # before the first month nothing has moved
        return _Span(_EVER, 0, 0, date.min)
    following = _following(last.month)
    return _Span(_midnight(following), last.rest, _ALL, following)


_LEGS = """
SELECT leg.amount FROM (
    SELECT movement_id, amount FROM ledger_posting
    WHERE target_id = %(account)s AND movement_id BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT movement_id, -amount FROM ledger_posting
    WHERE source_id = %(account)s AND movement_id BETWEEN %(first)s AND %(last)s
) leg JOIN ledger_movement movement ON movement.id = leg.movement_id
WHERE movement.at >= %(since)s AND movement.at < %(before)s
"""

_ENTRIES = """
SELECT leg.movement_id, leg.step, movement.kind, movement.key, other.code, leg.amount,
    movement.at, movement.facts
FROM (
    SELECT movement_id, step, source_id AS other_id, amount FROM ledger_posting
    WHERE target_id = %(account)s AND movement_id BETWEEN %(first)s AND %(last)s
        AND (movement_id, step) > (%(movement)s, %(step)s)
    UNION ALL
    SELECT movement_id, step, target_id, -amount FROM ledger_posting
    WHERE source_id = %(account)s AND movement_id BETWEEN %(first)s AND %(last)s
        AND (movement_id, step) > (%(movement)s, %(step)s)
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
JOIN ledger_account other ON other.id = leg.other_id
WHERE movement.at >= %(since)s AND movement.at < %(before)s
ORDER BY leg.movement_id, leg.step LIMIT %(size)s
"""


def _read_cursor(account: Account, month: date, text: str) -> tuple[int, int, int]:
    try:
        number, of_month, movement, step, held = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Unfit(
            _("That page of the statement does not exist. Start from the first."), field="after"
        ) from error
    if (number, of_month) != (account.id, name_of(month)):
        raise Unfit(_("That page belongs to another statement. Start from the first."), field="after")
    return movement, step, held
