"""What the worker does for the books."""

from datetime import datetime

from django.db import connection


def snapshot_derived(*, at: datetime) -> int:
    """Remember what the derived accounts hold, so that asking stays quick; returns how many had changed."""
    with connection.cursor() as cursor:
        # Two statements, so that the lock of the first is gone before the sums of the second begin.
        cursor.execute("SELECT ledger_last_settled_number()")
        (through,) = cursor.fetchone()
        cursor.execute("SELECT ledger_take_snapshots(%s, %s)", [through, at])
        (count,) = cursor.fetchone()
    return int(count)
