"""Proving every invariant that the packages have registered."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from django.db import connection, transaction

from guildhall.kernel.registry import Check, all_checks

_EXAMPLES: Final = 5
_MOST_NAMED: Final = 1000
"""How many of the rows that break one promise become differences in one run."""
_MEMORY: Final = "48MB"
"""What one step of one query may take before it goes to the disk, in place of the server's 4."""


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that breaks a promise.

    Args:
        name: what it goes by.
        wrong: what is wrong with it.
        accounts: ``code currency`` of each that it concerns; None where the promise is not about money.
    """

    name: str
    wrong: str
    accounts: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.wrong}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found.

    Args:
        name: of the invariant.
        formula: what must hold.
        rows: how many rows were looked at.
        broken: how many break it.
        examples: the first few of those, each as one line.
        seconds: how long it took; of checks that share a pass, an equal part of that.
        named: more of the rows that break it.
    """

    name: str
    formula: str
    rows: int
    broken: int
    examples: list[str]
    seconds: float
    named: list[BrokenRow] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "name": self.name,
            "formula": self.formula,
            "rows": self.rows,
            "broken": self.broken,
            "examples": self.examples,
            "seconds": self.seconds,
        }


def run_checks(*, hands: int = 1) -> Iterator[Outcome]:
    """Run every check, those that share a pass together, each pass on a snapshot in which nothing moves.

    Args:
        hands: how many passes at a time, each on a connection of its own.
    """
    passes = passes_of_checks()
    if hands == 1:
        for checks in passes:
            yield from run_pass(checks)
        return
    lines: list[Any] = []
    pool = ThreadPoolExecutor(hands)
    try:
        for done in as_completed([pool.submit(_run_elsewhere, checks, lines) for checks in passes]):
            yield from done.result()
    except BaseException:
        # Whoever stops it does not wait for what the database is at, nor for a lock that it waits for.
        pool.shutdown(wait=False, cancel_futures=True)
        for line in lines:
            with suppress(psycopg.Error):
                line.cancel_safe()
        raise
    finally:
        pool.shutdown()


def run_check(check: Check, *, since: bool = False) -> Outcome:
    """Run one check."""
    return run_pass([check], since=since)[0]


def passes_of_checks() -> list[list[Check]]:
    """The checks by what they share; the shared passes are the long ones and come first."""
    shared: dict[str, list[Check]] = {}
    alone = []
    for check in all_checks():
        if check.shares:
            shared.setdefault(check.shares, []).append(check)
        else:
            alone.append([check])
    return [*shared.values(), *alone]


def _run_elsewhere(checks: Sequence[Check], lines: list[Any]) -> list[Outcome]:
    """Run checks in a thread of their own; `lines` learns by which connection."""
    try:
        connection.ensure_connection()
        lines.append(connection.connection)
        return run_pass(checks)
    finally:
        connection.close()


def run_pass(checks: Sequence[Check], *, since: bool = False) -> list[Outcome]:
    """Run checks that share a pass; with `since`, only from where the past was closed on."""
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # within a test's transaction it is too late to choose
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(f"SET LOCAL work_mem = '{_MEMORY}'")
        counted = {count: _counted(cursor, count) for count in {check.count for check in checks}}
        if len(checks) == 1:
            found = [_broken_rows(cursor, checks[0].alone_since if since else checks[0].alone)]
        else:
            found = _rows_of_all(cursor, checks, checks[0].shares_since if since else checks[0].shares)
        more = [[BrokenRow(*row) for row in check.also()] if check.also else [] for check in checks]
    seconds = round((time.monotonic() - began) / len(checks), 4)
    return [
        Outcome(
            check.name,
            check.formula,
            counted[check.count],
            broken + len(also),
            [str(row) for row in (rows + also)[:_EXAMPLES]],
            seconds,
            rows + also,
        )
        for check, (rows, broken), also in zip(checks, found, more, strict=True)
    ]


def _counted(cursor: Any, query: str) -> int:
    cursor.execute(query)
    return int(cursor.fetchone()[0])


def _broken_rows(cursor: Any, query: str) -> tuple[list[BrokenRow], int]:
    cursor.execute(
        f"SELECT count(*) OVER (), found.* FROM ({query}) AS found LIMIT {_MOST_NAMED}"  # noqa: S608 - written in our packages
    )
    rows = cursor.fetchall()
    return [_row(*row[1:]) for row in rows], rows[0][0] if rows else 0


def _rows_of_all(cursor: Any, checks: Sequence[Check], shares: str) -> list[tuple[list[BrokenRow], int]]:
    """The rows of checks that share a pass, found in one statement."""
    parts = " UNION ALL ".join(
        f"SELECT {place} AS place, part.* FROM ({check.broken}) AS part(name, wrong, accounts)"  # noqa: S608 - the same
        for place, check in enumerate(checks)
    )
    cursor.execute(
        f"WITH {shares} SELECT place, count, name, wrong, accounts FROM ("  # noqa: S608 - the same
        " SELECT *, count(*) OVER each AS count, row_number() OVER each AS number"
        f" FROM ({parts}) part WINDOW each AS (PARTITION BY place)"
        f") found WHERE number <= {_MOST_NAMED}"
    )
    found: list[tuple[list[BrokenRow], int]] = [([], 0) for _check in checks]
    for place, count, *row in cursor.fetchall():
        found[place][0].append(_row(*row))
        found[place] = (found[place][0], count)
    return found


_ABOUT_MONEY: Final = 3


def _row(*columns: Any) -> BrokenRow:
    name, wrong = map(str, columns[:2])
    accounts = tuple(columns[2] or ()) if len(columns) == _ABOUT_MONEY else None
    return BrokenRow(name, wrong, accounts)
