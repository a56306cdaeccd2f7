"""Any stretch of an account's life, narrowed to some of its movements: what it shows still adds up.

``opening + came + went + others = closing``: what the narrowing leaves out is a sum of its own, never a gap.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import connection
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.ledger.literals import array_of_texts
from guildhall.ledger.models import Account, Month
from guildhall.ledger.months import balance_at
from guildhall.ledger.queries import Entry, entry_from_row

_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
_LAST_DAY: Final = date(9998, 12, 31)
_BEYOND_ALL: Final = [2**63 - 1, 2**15 - 1]
_SALT: Final = "guildhall.ledger.window"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What of an account is wanted; None of a collection narrows nothing.

    Args:
        since, until: the first and the last day, in UTC, both included.
        kinds: of movements.
        keys: causes of movements.
        either: a movement of one of these kinds or with one of these keys.
    """

    since: date | None = None
    until: date | None = None
    kinds: Collection[str] | None = None
    keys: Collection[str] | None = None
    either: tuple[Collection[str], Collection[str]] | None = None

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return max(_midnight(self.since), _EVER) if self.since else _EVER

    @property
    def ends(self) -> datetime:
        """The instant at which it is over."""
        return _midnight(self.until + timedelta(days=1)) if self.until and self.until <= _LAST_DAY else _NEVER


@dataclass(frozen=True, slots=True)
class Window:
    """A page of what is wanted of an account, the newest first, and the sums of all pages.

    Args:
        opening, closing: what the account held when the stretch began and at its end, or holds now.
        came, went: what the wanted movements brought, and took (below zero).
        others: what all other movements of the stretch changed.
        count: how many entries are wanted, on all pages.
        entries: those of this page; each with what the account held after it.
        next: the cursor of the earlier ones, empty at the end.
    """

    opening: Money
    came: Money
    went: Money
    others: Money
    closing: Money
    count: int
    entries: list[Entry]
    next: str


_TOLD = """
WITH told AS (
    SELECT leg.movement_id, leg.step, movement.kind, movement.key, leg.other_id, leg.amount, movement.at,
        movement.facts, sum(leg.amount) OVER (ORDER BY leg.movement_id, leg.step) AS moved,
        (%(kinds)s::text[] IS NULL OR movement.kind = ANY (%(kinds)s::text[]))
        AND (%(keys)s::text[] IS NULL OR movement.key = ANY (%(keys)s::text[]))
        AND (%(either_kinds)s::text[] IS NULL OR movement.kind = ANY (%(either_kinds)s::text[])
            OR movement.key = ANY (%(either_keys)s::text[])) AS wanted
    FROM (
        SELECT movement_id, step, source_id AS other_id, amount FROM ledger_posting
        WHERE target_id = %(account)s AND movement_id BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT movement_id, step, target_id, -amount FROM ledger_posting
        WHERE source_id = %(account)s AND movement_id BETWEEN %(first)s AND %(last)s
    ) leg JOIN ledger_movement movement ON movement.id = leg.movement_id
    WHERE movement.at >= %(since)s AND movement.at < %(before)s
)
"""

_SUMS = f"""{_TOLD}
SELECT coalesce(sum(amount), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE wanted AND amount > 0), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE wanted AND amount < 0), 0)::bigint,
    count(*) FILTER (WHERE wanted)
FROM told
"""  # noqa: S608 - put together from constants of this file

_SHOWN = f"""{_TOLD}
SELECT movement_id, step, kind, key, other.code, amount, at, facts, moved::bigint
FROM told JOIN ledger_account other ON other.id = told.other_id
WHERE wanted AND (movement_id, step) < (%(movement)s, %(step)s)
ORDER BY movement_id DESC, step DESC LIMIT %(size)s
"""  # noqa: S608 - as above


def window_of(code: str, currency: str, narrowing: Narrowing, *, after: str = "", size: int = 50) -> Window:
    """One page of what is wanted of an account.

    Args:
        code: the account.
        currency: which of its currencies.
        narrowing: what of it.
        after: the `next` of the page before.
        size: at most 100 entries.

    Raises:
        Unfit: the cursor is not one of ours, or the stretch ends before it begins.
    """
    size = max(1, min(size, 100))
    account = _account(code, currency, narrowing)
    if account is None:
        nothing = Money(0, currency)
        return Window(nothing, nothing, nothing, nothing, nothing, 0, [], "")
    movement, step = _read_cursor(account, after) if after else _BEYOND_ALL
    opening = _opening(code, currency, narrowing)
    asked = {**_asked(account, narrowing), "movement": movement, "step": step, "size": size + 1}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, asked)
        moved, came, went, count = cursor.fetchone()
        cursor.execute(_SHOWN, asked)
        rows = cursor.fetchall()
    entries = [entry_from_row(row[:8], currency, opening.minor + row[8]) for row in rows[:size]]
    more = ""
    if len(rows) > size:
        more = signing.dumps([account.id, entries[-1].movement, entries[-1].step], salt=_SALT)
    return Window(
        opening=opening,
        came=Money(came, currency),
        went=Money(went, currency),
        others=Money(moved - came - went, currency),
        closing=opening + Money(moved, currency),
        count=count,
        entries=entries,
        next=more,
    )


_FORWARD = """
SELECT leg.movement_id, leg.step, movement.kind, movement.key, other.code, leg.amount, movement.at,
    movement.facts
FROM (
    (SELECT movement_id, step, source_id AS other_id, amount FROM ledger_posting
     WHERE target_id = %(account)s AND movement_id <= %(last)s
        AND (movement_id, step) > (%(movement)s, %(step)s)
     ORDER BY movement_id, step LIMIT %(size)s)
    UNION ALL
    (SELECT movement_id, step, target_id, -amount FROM ledger_posting
     WHERE source_id = %(account)s AND movement_id <= %(last)s
        AND (movement_id, step) > (%(movement)s, %(step)s)
     ORDER BY movement_id, step LIMIT %(size)s)
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
JOIN ledger_account other ON other.id = leg.other_id
ORDER BY leg.movement_id, leg.step LIMIT %(size)s
"""


def entries_within(code: str, currency: str, narrowing: Narrowing) -> Iterator[Entry]:
    """Everything that is wanted of an account, the oldest first, read as it is asked for."""
    account = _account(code, currency, narrowing)
    if account is None:
        return
    held = _opening(code, currency, narrowing).minor
    asked = {**_asked(account, narrowing), "size": _AT_ONCE}
    asked |= {"movement": asked["first"] - 1, "step": _BEYOND_ALL[1]}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_FORWARD, asked)
            rows = cursor.fetchall()
        for row in rows:
            if narrowing.begins <= row[6] < narrowing.ends:
                held += row[5]
                if _is_wanted(narrowing, kind=row[2], key=row[3]):
                    yield entry_from_row(row, currency, held)
        if len(rows) < _AT_ONCE:
            return
        asked |= {"movement": rows[-1][0], "step": rows[-1][1]}


@dataclass(frozen=True, slots=True)
class Leg:
    """What one movement changed in an account."""

    kind: str
    key: str
    change: int
    at: datetime


_SINCE = """
SELECT account.currency, account.balance, movement.kind, movement.key, leg.amount, movement.at
FROM ledger_account account
CROSS JOIN (SELECT min(id) AS first FROM ledger_movement WHERE key = ANY (%(keys)s::text[])) earliest
CROSS JOIN LATERAL (
    SELECT movement_id, step, amount FROM ledger_posting
    WHERE target_id = account.id AND movement_id >= earliest.first
    UNION ALL
    SELECT movement_id, step, -amount FROM ledger_posting
    WHERE source_id = account.id AND movement_id >= earliest.first
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
WHERE account.code = %(code)s
ORDER BY leg.movement_id, leg.step
"""


def legs_since(code: str, keys: Collection[str]) -> dict[str, tuple[int, list[Leg]]]:
    """All that an account saw from the first of some movements on, by currency; for accounts with a floor.

    Returns:
        For each currency what the account held before, in minor units, and its legs, the oldest first. All of
        it is of one instant.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"code": code, "keys": array_of_texts(list(keys))})
        rows = cursor.fetchall()
    found: dict[str, tuple[int, list[Leg]]] = {}
    for currency, balance, kind, key, change, at in rows:
        held, legs = found.get(currency, (balance, []))
        legs.append(Leg(kind, key, change, at))
        found[currency] = (held - change, legs)
    return found


def _account(code: str, currency: str, narrowing: Narrowing) -> Account | None:
    if narrowing.since and narrowing.until and narrowing.until < narrowing.since:
        raise Unfit(_("The last day has to come after the first."), field="until")
    return Account.objects.filter(code=code, currency=currency).first()


def _opening(code: str, currency: str, narrowing: Narrowing) -> Money:
    if narrowing.begins == _EVER:
        return Money(0, currency)
    return balance_at(code, currency, narrowing.begins - timedelta(microseconds=1))


def _asked(account: Account, narrowing: Narrowing) -> dict[str, Any]:
    first, last = _numbers_of(narrowing)
    either_kinds, either_keys = narrowing.either or (None, None)
    return {
        "account": account.id,
        "first": first,
        "last": last,
        "since": narrowing.begins,
        "before": narrowing.ends,
        "kinds": _array(narrowing.kinds),
        "keys": _array(narrowing.keys),
        "either_kinds": _array(either_kinds),
        "either_keys": _array(either_keys),
    }


def _numbers_of(narrowing: Narrowing) -> tuple[int, int]:
    """Between which numbers its movements lie, as far as months that are closed say."""
    first, last = 0, _BEYOND_ALL[0]
    if narrowing.since:
        later = Month.objects.filter(month__gte=narrowing.since.replace(day=1))
        found = later.aggregate(lowest=Min("first"), open=Min("rest"))
        if found["open"] is None:
            found = Month.objects.aggregate(open=Max("rest"))
        first = min((number for number in found.values() if number is not None), default=0)
    if narrowing.until and Month.objects.filter(month=narrowing.until.replace(day=1)).exists():
        earlier = Month.objects.filter(month__lte=narrowing.until.replace(day=1))
        last = earlier.aggregate(highest=Max("last"))["highest"] or 0
    return first, last


def _array(texts: Collection[str] | None) -> str | None:
    return None if texts is None else array_of_texts(list(texts))


def _is_wanted(narrowing: Narrowing, *, kind: str, key: str) -> bool:
    kinds, keys = narrowing.either or ((), ())
    return (
        (narrowing.kinds is None or kind in narrowing.kinds)
        and (narrowing.keys is None or key in narrowing.keys)
        and (narrowing.either is None or kind in kinds or key in keys)
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _read_cursor(account: Account, text: str) -> tuple[int, int]:
    try:
        number, movement, step = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Unfit(
            _("That page of the statement does not exist. Start from the first."), field="after"
        ) from error
    if number != account.id:
        raise Unfit(_("That page belongs to another statement. Start from the first."), field="after")
    return movement, step
