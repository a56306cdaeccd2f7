"""What came and went between two instants, added up by kind or by month."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from guildhall.kernel.money import Money
from guildhall.ledger.literals import array_of_texts

_BY_KIND = """
SELECT account.code, account.currency, movement.kind, sum(leg.amount)::bigint
FROM ledger_account account
CROSS JOIN LATERAL (
    SELECT movement_id, amount FROM ledger_posting WHERE target_id = account.id
    UNION ALL
    SELECT movement_id, -amount FROM ledger_posting WHERE source_id = account.id
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
WHERE account.code = ANY (%(codes)s::text[]) AND movement.at >= %(since)s AND movement.at < %(before)s
GROUP BY account.code, account.currency, movement.kind
ORDER BY account.code, account.currency, min(leg.movement_id)
"""


def changes_by_kind(
    codes: Sequence[str], *, since: datetime, before: datetime
) -> dict[tuple[str, str], list[tuple[str, Money]]]:
    """What each kind of movement changed in these accounts from one instant until just before another.

    Returns:
        By the account's code and its currency: kinds with what they brought (or, below zero, took), in the
        order in which each first moved. Together with what the account held before they are what it held
        then. Accounts in which nothing moved are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_KIND, {"codes": array_of_texts(codes), "since": since, "before": before})
        rows = cursor.fetchall()
    found: dict[tuple[str, str], list[tuple[str, Money]]] = {}
    for code, currency, kind, change in rows:
        found.setdefault((code, currency), []).append((kind, Money(change, currency)))
    return found


_BY_MONTH = """
SELECT source.currency, date_trunc('month', movement.at, 'UTC') AT TIME ZONE 'UTC', sum(leg.amount)::bigint
FROM ledger_account source
JOIN ledger_account target ON target.code = %(target)s AND target.currency = source.currency
CROSS JOIN LATERAL (
    SELECT movement_id, amount FROM ledger_posting
    WHERE source_id = source.id AND target_id = target.id
    UNION ALL
    SELECT movement_id, -amount FROM ledger_posting
    WHERE source_id = target.id AND target_id = source.id
) leg
JOIN ledger_movement movement ON movement.id = leg.movement_id
WHERE source.code = %(source)s AND movement.at >= %(since)s AND movement.at < %(before)s
GROUP BY 1, 2 ORDER BY 1, 2
"""


def flow_by_month(source: str, target: str, *, since: datetime, before: datetime) -> list[tuple[date, Money]]:
    """What went from one account to another, less what came back, by month in UTC and currency.

    Returns:
        The first day of each month in which something moved, with the sum; by currency, then in order.
    """
    asked: dict[str, str | datetime] = {"source": source, "target": target, "since": since, "before": before}
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, asked)
        return [(month.date(), Money(minor, currency)) for currency, month, minor in cursor.fetchall()]
