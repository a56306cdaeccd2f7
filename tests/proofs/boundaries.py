"""A process that dies at every boundary of its commits, one after the other, and then is asked again.

The process is a fork of the test's own, so that each death costs milliseconds: it asks the hall for something
and is killed right before or right after its n-th commit, for every n, until there is none left to die at.
"""

import os
import signal
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.db import connection, connections
from django.db.models import Max

from guildhall.kernel.models import Event
from guildhall.ledger.models import Movement, Posting
from guildhall.notices.models import Letter, Notice
from guildhall.payments.models import Payout, PayoutBatch
from tests.builders.contracts import what_is_broken

MOST_MOMENTS: Final = 60
_KILLED: Final = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class World:
    """What has happened since a mark: how often each kind of money moved, by its sums, and each event.

    What leaves no trace in either is counted beside: batches, what lies in them, notices and letters.
    """

    moved: Counter[tuple[str, tuple[int, ...]]]
    told: Counter[str]
    gathered: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the books and the log stood."""

    movement: int
    events: frozenset[Any]
    gathered: tuple[int, ...]

    @classmethod
    def now(cls) -> "Mark":
        last = Movement.objects.aggregate(last=Max("pk"))["last"] or 0
        return cls(last, frozenset(Event.objects.values_list("pk", flat=True)), _gathered())

    def world(self) -> World:
        """What has happened since."""
        sums: dict[int, list[int]] = {}
        for movement, amount in Posting.objects.filter(movement__gt=self.movement).values_list(
            "movement", "amount"
        ):
            sums.setdefault(movement, []).append(amount)
        kinds = Movement.objects.filter(pk__gt=self.movement).values_list("pk", "kind")
        told = Event.objects.exclude(pk__in=self.events).values_list("name", flat=True)
        return World(
            Counter((kind, tuple(sorted(sums[pk]))) for pk, kind in kinds),
            Counter(told),
            tuple(now - before for now, before in zip(_gathered(), self.gathered, strict=True)),
        )


def _gathered() -> tuple[int, ...]:
    return (
        PayoutBatch.objects.count(),
        Payout.objects.filter(batch__isnull=False).count(),
        Notice.objects.count(),
        Letter.objects.count(),
    )


def die_everywhere(build: Callable[[], Callable[[], Any]]) -> int:
    """Let a process die at every boundary of what it asks, ask again after each death, and compare.

    What remains after asking again must be what remains where nobody dies; after each death all invariants
    hold; and asking once more gives the same answer and changes nothing.

    Args:
        build: makes the situation and returns what to ask; the same thing asked again is a retry.

    Returns:
        How many deaths there were.
    """
    ask = build()
    mark = Mark.now()
    ask()
    wanted = mark.world()
    assert wanted.moved or wanted.told or any(wanted.gathered), "it has to do something"
    for moment in range(1, MOST_MOMENTS):
        ask = build()
        mark = Mark.now()
        died = _is_killed_at(moment, ask)
        broken = what_is_broken()
        assert broken == {}, f"after a death at moment {moment}: {broken}"
        answer = ask()
        assert mark.world() == wanted, f"asked again after a death at moment {moment}"
        assert ask() == answer, "the same answer once more"
        assert mark.world() == wanted, "nothing more happens"
        if not died:
            return moment - 1
    raise AssertionError("it never ends")


def _is_killed_at(moment: int, ask: Callable[[], Any]) -> bool:
    """Ask in a fork that dies at its n-th moment; whether it came so far."""
    connections.close_all()  # a connection belongs to one process
    sys.stderr.flush()
    with warnings.catch_warnings():
        # The fork only asks and dies: no lock of another thread is ever wanted there.
        warnings.simplefilter("ignore", DeprecationWarning)
        number = os.fork()
    if number == 0:
        _ask_and_die(moment, ask)
    _pid, status = os.waitpid(number, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in {0, _KILLED}, f"it ended with {ended} before moment {moment}"
    return ended == _KILLED


def _ask_and_die(moment: int, ask: Callable[[], Any]) -> None:
    passed = 0

    def pass_one() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    commit = psycopg.Connection.commit

    def commit_between(self: "psycopg.Connection[Any]") -> None:
        pass_one()
        commit(self)
        pass_one()

    def write_between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        alone = not connection.in_atomic_block and not sql.lstrip().upper().startswith("SELECT")
        if alone:
            pass_one()
        result = execute(sql, params, many, context)
        if alone:
            pass_one()
        return result

    try:
        psycopg.Connection.commit = commit_between  # type: ignore[method-assign]
        connection.execute_wrappers.append(write_between)
        ask()
    except BaseException:  # noqa: BLE001 - nothing of the test run may go on in here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
