"""Questions to the books: what an account holds, and how that came to be."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page
from guildhall.ledger.literals import array_of_texts
from guildhall.ledger.models import Account, Difference
from guildhall.ledger.states import OPENED

_DERIVED_BALANCE = """
    coalesce(last.balance, 0)
    + coalesce((SELECT sum(amount) FROM ledger_posting
                WHERE target_id = account.id AND movement_id > coalesce(last.through, 0)), 0)
    - coalesce((SELECT sum(amount) FROM ledger_posting
                WHERE source_id = account.id AND movement_id > coalesce(last.through, 0)), 0)
"""

_BALANCES = f"""
SELECT account.code, CASE WHEN account.derived THEN ({_DERIVED_BALANCE})::bigint ELSE account.balance END
FROM ledger_account account
LEFT JOIN LATERAL (
    SELECT through, balance FROM ledger_snapshot WHERE account_id = account.id AND account.derived
    ORDER BY through DESC LIMIT 1
) last ON true
WHERE account.currency = %s AND account.code = ANY (%s::text[])
"""  # noqa: S608 - put together from constants of this file


def balances_of(codes: Sequence[str], currency: str) -> dict[str, Money]:
    """What each of these accounts holds; an account that nothing ever reached holds nothing."""
    found = dict.fromkeys(codes, Money(0, currency))
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [currency, array_of_texts(codes)])
        found.update({code: Money(balance, currency) for code, balance in cursor.fetchall()})
    return found


def balance_of(code: str, currency: str) -> Money:
    """What one account holds."""
    return balances_of([code], currency)[code]


def currencies_of(codes: Iterable[str]) -> list[str]:
    """The currencies that these names have ever held, in the order of the alphabet."""
    return list(
        Account.objects.filter(code__in=list(codes))
        .values_list("currency", flat=True)
        .distinct()
        .order_by("currency")
    )


def open_differences() -> QuerySet[Difference]:
    """What does not fit and nobody has answered yet. While one names an account, payouts from it wait."""
    return Difference.objects.filter(state=OPENED)


def differences_open_on(codes: Iterable[str], currency: str) -> QuerySet[Difference]:
    """Those that put one of these accounts under doubt, the one to be answered first before the others."""
    doubted = open_differences().filter(account__in=list(codes), currency__in=["", currency])
    return doubted.order_by("answer_by", "id")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement: what came (above zero) or went, and what the account held then.

    Args:
        movement: the number of its movement.
        kind: what kind of movement it was.
        key: its business cause.
        other: the account on the other side.
        change: what it changed here.
        balance: what the account held after it.
        at: when.
        facts: what was written beside it.
    """

    movement: int
    step: int
    kind: str
    key: str
    other: str
    change: Money
    balance: Money
    at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of an account's life, newest first: ``opening + Σ changes = closing``.

    Args:
        closing: what the account held after the first entry shown.
        opening: what it held before the last entry shown.
        next: the cursor of the earlier ones, empty at the beginning of its life.
    """

    code: str
    entries: list[Entry]
    opening: Money
    closing: Money
    next: str


_ENTRIES = """
SELECT leg.movement_id, leg.step, movement.kind, movement.key, other.code, leg.amount,
    movement.at, movement.facts
FROM (
    (SELECT movement_id, step, source_id AS other_id, amount FROM ledger_posting
     WHERE target_id = %(account)s AND (movement_id, step) < (%(movement)s, %(step)s)
     ORDER BY movement_id DESC, step DESC LIMIT %(size)s)
    UNION ALL
    (SELECT movement_id, step, target_id, -amount FROM ledger_posting
     WHERE source_id = %(account)s AND (movement_id, step) < (%(movement)s, %(step)s)
     ORDER BY movement_id DESC, step DESC LIMIT %(size)s)
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
JOIN ledger_account other ON other.id = leg.other_id
ORDER BY leg.movement_id DESC, leg.step DESC LIMIT %(size)s
"""

_BEYOND_ALL = (2**63 - 1, 2**15 - 1)


def statement_of(code: str, currency: str, *, after: str = "", size: int = 20) -> Statement:
    """A page of the statement of an account; every page costs the same, however far one reads.

    Args:
        code: the account.
        currency: which of its currencies.
        after: the `next` of the page before. It carries the balance at that point, so it is signed.
        size: at most 100 entries.

    Raises:
        Unfit: the cursor is not one of ours, or belongs to another account.
    """
    size = max(1, min(size, 100))
    account = Account.objects.filter(code=code, currency=currency).first()
    if account is None:
        nothing = Money(0, currency)
        return Statement(code, [], nothing, nothing, "")
    if after:
        movement, step, held = _read_cursor(account, after)
    else:
        (movement, step), held = _BEYOND_ALL, balance_of(code, currency).minor
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTRIES, {"account": account.id, "movement": movement, "step": step, "size": size + 1}
        )
        rows = cursor.fetchall()
    closing = held
    entries: list[Entry] = []
    for row in rows[:size]:
        entries.append(entry_from_row(row, currency, held))
        held -= row[5]
    more = len(rows) > size
    cursor_text = (
        signing.dumps([account.id, entries[-1].movement, entries[-1].step, held], salt=_SALT) if more else ""
    )
    return Statement(code, entries, Money(held, currency), Money(closing, currency), cursor_text)


def entries_of(code: str, currency: str) -> Iterator[Entry]:
    """Every entry of an account from its first to its last, read as they are asked for."""
    account = Account.objects.filter(code=code, currency=currency).first()
    if account is None:
        return
    held, reached = 0, (0, 0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FORWARD, {"account": account.id, "movement": reached[0], "step": reached[1]})
            rows = cursor.fetchall()
        for row in rows:
            held += row[5]
            reached = row[:2]
            yield entry_from_row(row, currency, held)
        if not rows:
            return


_FORWARD = """
SELECT leg.movement_id, leg.step, movement.kind, movement.key, other.code, leg.amount,
    movement.at, movement.facts
FROM (
    (SELECT movement_id, step, source_id AS other_id, amount FROM ledger_posting
     WHERE target_id = %(account)s AND (movement_id, step) > (%(movement)s, %(step)s)
     ORDER BY movement_id, step LIMIT 500)
    UNION ALL
    (SELECT movement_id, step, target_id, -amount FROM ledger_posting
     WHERE source_id = %(account)s AND (movement_id, step) > (%(movement)s, %(step)s)
     ORDER BY movement_id, step LIMIT 500)
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
JOIN ledger_account other ON other.id = leg.other_id
ORDER BY leg.movement_id, leg.step LIMIT 500
"""

_SALT = "guildhall.ledger.statement"


def entry_from_row(row: Sequence[Any], currency: str, held: int) -> Entry:
    """An entry from its movement, step, kind, key, other account, change, instant and facts."""
    number, step, kind, key, other, change, at, facts = row
    # A raw cursor hands JSON over as text: Django reads it only where a model field asks.
    plain = dict(json.loads(facts) if isinstance(facts, str) else facts)
    return Entry(number, step, kind, key, other, Money(change, currency), Money(held, currency), at, plain)


def _read_cursor(account: Account, text: str) -> tuple[int, int, int]:
    try:
        number, movement, step, held = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Unfit(
            _("That page of the statement does not exist. Start from the first."), field="after"
        ) from error
    if number != account.id:
        raise Unfit(_("That page belongs to another statement. Start from the first."), field="after")
    return movement, step, held


@dataclass(frozen=True, slots=True)
class DailyHead:
    """What all books up to the end of a day come to: it never changes again.

    Args:
        day: in UTC.
        through: the last movement under it.
        movements: how many movements that day's seals added.
        head: SHA-256 in hexadecimal digits.
    """

    day: date
    through: int
    movements: int
    head: str


# From the last seal of a day to the last one of the day before it, by the index: quiet days cost nothing.
_HEADS = """
WITH RECURSIVE daily AS (
    (SELECT through, head, date_trunc('day', at, 'UTC') AS day FROM ledger_seal
     WHERE at < %(before)s ORDER BY at DESC, through DESC LIMIT 1)
    UNION ALL
    SELECT earlier.* FROM daily CROSS JOIN LATERAL (
        SELECT through, head, date_trunc('day', at, 'UTC') FROM ledger_seal
        WHERE at < daily.day ORDER BY at DESC, through DESC LIMIT 1
    ) earlier
), shown AS (SELECT * FROM daily LIMIT %(size)s)
SELECT (shown.day AT TIME ZONE 'UTC')::date, shown.through, encode(shown.head, 'hex'), added.movements
FROM shown CROSS JOIN LATERAL (
    SELECT sum(movements)::bigint AS movements FROM ledger_seal
    WHERE at >= shown.day AND at < shown.day + interval '24 hours'
) added
ORDER BY shown.day DESC
"""


def daily_heads(*, today: date, after: str = "", size: int = 30) -> Page[DailyHead]:
    """The heads of the days that are over, the newest first.

    Args:
        today: the day, in UTC, that is not over yet.
        after: the `next` of the page before: the last day shown there.
        size: at most 100.

    Raises:
        Unfit: `after` is no day.
    """
    size = max(1, min(size, 100))
    try:
        before = min(date.fromisoformat(after), today) if after else today
        midnight = datetime.combine(before, time.min, UTC)
    except ValueError as error:
        raise Unfit(
            _("That page of the list does not exist. Start from the first."), field="after"
        ) from error
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, {"before": midnight, "size": size + 1})
        rows = [
            DailyHead(day, through, movements, head) for day, through, head, movements in cursor.fetchall()
        ]
    return Page(rows[:size], rows[size - 1].day.isoformat() if len(rows) > size else "")
