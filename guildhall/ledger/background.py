"""What the worker does for the books."""

from datetime import datetime

from django.db import connection


def snapshot_derived(*, at: datetime) -> int:
    """Remember what the derived accounts hold, so that asking stays quick; returns how many had changed."""
    return _behind_the_writers("SELECT ledger_take_snapshots(%s, %s)", at)


def seal_settled(*, at: datetime) -> int:
    """Chain the movements that have settled since the last seal; returns how many there were."""
    return _behind_the_writers("SELECT ledger_seal_through(%s, %s)", at)


def _behind_the_writers(statement: str, at: datetime) -> int:
    """Do something about all movements up to a number before which nothing is still being written."""
    with connection.cursor() as cursor:
        # Two statements, so that the lock of the first is gone before the work of the second begins.
        cursor.execute("SELECT ledger_last_settled_number()")
        (through,) = cursor.fetchone()
        cursor.execute(statement, [through, at])
        (count,) = cursor.fetchone()
    return int(count)
