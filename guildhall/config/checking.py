"""Proving every invariant that the packages have registered."""

import logging
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from guildhall.insights.signs import show_broken
from guildhall.kernel.registry import Check, all_checks

log = logging.getLogger(__name__)

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found.

    Args:
        name: of the invariant.
        formula: what must hold.
        rows: how many rows were looked at.
        broken: how many break it.
        examples: the first few of those, each as one line.
        seconds: how long it took.
    """

    name: str
    formula: str
    rows: int
    broken: int
    examples: list[str]
    seconds: float

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return asdict(self)


def run_checks() -> Iterator[Outcome]:
    """Run every check, each on a snapshot of its own in which nothing moves."""
    for check in all_checks():
        yield run_check(check)


def run_check(check: Check) -> Outcome:
    """Run one check."""
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # within a test's transaction it is too late to choose
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(check.count)
        (rows,) = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM ({check.broken}) AS broken")  # noqa: S608 - written in our packages
        (broken,) = cursor.fetchone()
        examples: list[str] = []
        if broken:
            cursor.execute(f"SELECT * FROM ({check.broken}) AS broken LIMIT {_EXAMPLES}")  # noqa: S608 - the same
            examples = [": ".join(str(part) for part in row) for row in cursor.fetchall()]
        for row in check.also() if check.also else ():
            broken += 1
            examples = [*examples, ": ".join(row)][:_EXAMPLES]
    return Outcome(check.name, check.formula, rows, broken, examples, round(time.monotonic() - began, 4))


def check_and_remember(*, at: datetime) -> int:
    """Background work: run every check, cry out about what is broken, and leave a sign; how many broke."""
    broken = [outcome for outcome in run_checks() if outcome.broken]
    for outcome in broken:
        log.error("%s is broken by %s rows: %s", outcome.name, outcome.broken, "; ".join(outcome.examples))
    show_broken([outcome.name for outcome in broken], at=at)
    return len(broken)
