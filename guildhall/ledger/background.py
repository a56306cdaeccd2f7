"""What the worker does for the books."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Min

from guildhall.ledger.models import Month, Movement


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


def close_finished_months(*, at: datetime) -> int:
    """Remember what every account held at the end of each month that is over for a day; returns how many."""
    count = 0
    while (month := _next_month_to_close()) and month + timedelta(days=_LONGEST_MONTH + 1) <= at.date():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ledger_close_month(%s, %s)", [month, at])
        count += 1
    return count


_LONGEST_MONTH = 31


def _next_month_to_close() -> date | None:
    last = Month.objects.order_by("-month").first()
    if last:
        return (last.month + timedelta(days=_LONGEST_MONTH)).replace(day=1)
    first = Movement.objects.aggregate(first=Min("at"))["first"]
    return first.astimezone(UTC).date().replace(day=1) if first else None
