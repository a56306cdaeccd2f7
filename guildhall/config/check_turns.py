"""The worker's turn of proving: everything where that is cheap, what is new where the books are old.

Every ten minutes all promises are proved from their rows, as long as that takes at most a tenth of the time.
In books that have grown beyond it a whole pass comes as often as a tenth of the time allows; in between,
balances and the chain are proved from the last closed month on, with every promise that takes less than a
second. A whole pass comes at once when the server has counted a change of rows that are only ever added:
PostgreSQL counts whoever changes one, with whatever rights.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from guildhall.config.checking import BrokenRow, Outcome, passes_of_checks, run_pass
from guildhall.insights.signs import broken_when_last_shown, read_sign, show_broken, show_sign
from guildhall.ledger.differences import open_difference
from guildhall.ledger.rules import OWED_TO_PEOPLE, first_word

log = logging.getLogger(__name__)

_SHARE: Final = 10
"""A whole pass takes at most one part in so many of the time."""
_SHORT: Final = 1.0  # seconds: what is proved in every turn
_SIGN: Final = "check:whole"

_TOUCHED: Final = """
SELECT coalesce(sum(n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE relname IN
    ('ledger_movement', 'ledger_posting', 'ledger_seal', 'ledger_snapshot', 'ledger_month', 'ledger_closing')
"""


def check_and_remember(*, at: datetime) -> int:
    """Background work: prove what is due, cry out about what is broken, leave a sign; how many broke.

    A row that breaks a promise about money becomes a difference, for each account that it concerns: payouts
    of these wait for an operator.
    """
    with _alone() as is_free:
        return _prove(at) if is_free else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else is proving: a pass of very old books may take longer than a turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('guildhall.check', 0))")
        (is_free,) = cursor.fetchone()
        try:
            yield is_free
        finally:
            if is_free:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended('guildhall.check', 0))")


def _prove(at: datetime) -> int:
    known = _last_whole()
    touched = _rows_touched()
    is_whole = _is_whole_due(known, touched, at)
    outcomes = list(_whole() if is_whole else _recent(known["seconds"]))
    if is_whole:
        seconds = {outcome.name: outcome.seconds for outcome in outcomes}
        show_sign(_SIGN, json.dumps({"touched": touched, "seconds": seconds}))
    for outcome in outcomes:
        if outcome.broken:
            examples = "; ".join(outcome.examples)
            log.error("%s is broken by %s rows: %s", outcome.name, outcome.broken, examples)
            open_differences_of(outcome, at=at)
    proved = {outcome.name for outcome in outcomes}
    broken = {outcome.name for outcome in outcomes if outcome.broken}
    if not is_whole:
        broken |= set(broken_when_last_shown()) - proved
    show_broken(sorted(broken), at=at)
    return len(broken)


def _whole() -> Iterator[Outcome]:
    for checks in passes_of_checks():
        yield from run_pass(checks)


def _recent(seconds: dict[str, float]) -> Iterator[Outcome]:
    """The shared passes from where the past was closed on, and whatever was short in the last whole pass."""
    for checks in passes_of_checks():
        if checks[0].shares_since:
            yield from run_pass(checks, since=True)
        elif seconds.get(checks[0].name, 0) < _SHORT:
            yield from run_pass(checks)


def _last_whole() -> dict[str, Any]:
    """When everything was proved last, how long each promise took, how many rows were touched till then."""
    sign = read_sign(_SIGN)
    return {"at": sign.at, **json.loads(sign.note)} if sign else {}


def _is_whole_due(known: dict[str, Any], touched: int, at: datetime) -> bool:
    if not known or known["touched"] != touched:
        return True
    return bool(at - known["at"] >= timedelta(seconds=_SHARE * sum(known["seconds"].values())))


def _rows_touched() -> int:
    """How many rows of the books that are only ever added were changed or deleted, as the server counts."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return int(cursor.fetchone()[0])


def open_differences_of(outcome: Outcome, *, at: datetime) -> None:
    """Make a case of every row that breaks a promise about money."""
    for row in outcome.named:
        for code, currency in _accounts_of(row):
            open_difference(
                source="check",
                name=outcome.name,
                subject=row.name[:200],
                account=code,
                currency=currency,
                facts={"wrong": row.wrong, "promise": outcome.formula},
                at=at,
            )


def _accounts_of(row: BrokenRow) -> list[tuple[str, str]]:
    """Those of its accounts that hold people's money; without one, the difference names no account."""
    if row.accounts is None:
        return []
    named = {(name.rpartition(" ")[0], name.rpartition(" ")[2]) for name in row.accounts}
    return sorted(each for each in named if first_word(each[0]) in OWED_TO_PEOPLE) or [("", "")]
