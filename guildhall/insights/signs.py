"""Signs that the machinery leaves, by the database's clock: what lives, what has begun, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from guildhall.insights.models import Sign
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.people.models import Person

INVARIANT_BROKEN: Final = "invariant.broken"
"""What must always hold does not. Facts: ``broken``, the names of the checks that found it."""

_WORKER, _CHECK, _WORK = "worker", "check", "work:"

_SIGN = """
INSERT INTO insights_sign (name, at, note) VALUES (%s, clock_timestamp(), %s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, note = excluded.note
"""

_CLAIM = """
INSERT INTO insights_sign AS sign (name, at, note) VALUES (%(name)s, clock_timestamp(), '')
ON CONFLICT (name) DO UPDATE SET at = excluded.at, note = ''
WHERE sign.at <= excluded.at - %(every)s::interval OR sign.at > excluded.at + %(every)s::interval
RETURNING at
"""

_ALIVE = """
SELECT EXISTS (
    SELECT FROM insights_sign WHERE name = %s AND at > clock_timestamp() - %s::interval
)
"""


def show_worker_alive() -> None:
    """The worker is there."""
    _show(_WORKER)


def worker_is_alive(*, quiet_after: timedelta) -> bool:
    """Whether a worker was there not long ago; the database's clock is on both sides."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE, [_WORKER, f"{quiet_after.total_seconds()} s"])
        return bool(cursor.fetchone()[0])


def claim_turn(work: str, *, every: timedelta) -> datetime | None:
    """Claim the turn of a piece of work, if it is time for one: the beginning of the turn, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"name": f"{_WORK}{work}", "every": f"{every.total_seconds()} s"})
        claimed = cursor.fetchone()
    return claimed[0] if claimed else None


def show_work(work: str, trouble: str = "") -> None:
    """A piece of work was done, or what kept it from being done."""
    _show(f"{_WORK}{work}", trouble)


@transaction.atomic
def show_broken(names: Sequence[str], *, at: datetime) -> None:
    """Keep which invariants were broken when they were last computed; of a new one the operators are told."""
    known = Sign.objects.select_for_update().filter(name=_CHECK).first()
    before = set(known.note.split()) if known else set()
    _show(_CHECK, " ".join(names))
    if fresh := [name for name in names if name not in before]:
        record_event(INVARIANT_BROKEN, subject=new_id(), by=None, at=at, broken=", ".join(fresh))


def broken_when_last_shown() -> list[str]:
    """The invariants that did not hold when they were last computed."""
    known = read_sign(_CHECK)
    return known.note.split() if known else []


def read_sign(name: str) -> Sign | None:
    """A sign as it was left last."""
    return Sign.objects.filter(name=name).first()


def show_sign(name: str, note: str) -> None:
    """Leave a sign of one's own, for the next turn."""
    _show(name, note)


def _show(name: str, note: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SIGN, [name, note])


@dataclass(frozen=True, slots=True)
class HouseTrouble:
    """What is wrong with the hall itself.

    Args:
        broken: the invariants that did not hold when they were last computed.
        computed_at: when that was.
        failing: the pieces of background work that failed when they were last tried.
    """

    broken: list[str]
    computed_at: datetime | None
    failing: list[Sign]


def house_trouble_seen_by(operator: Person) -> HouseTrouble:
    """What is wrong with the hall itself, for an operator; nobody else gets to know."""
    if not operator.is_operator:
        return HouseTrouble([], None, [])
    check = Sign.objects.filter(name=_CHECK).first()
    failing = Sign.objects.filter(name__startswith=_WORK).exclude(note="").order_by("name")
    return HouseTrouble(check.note.split() if check else [], check.at if check else None, list(failing))
