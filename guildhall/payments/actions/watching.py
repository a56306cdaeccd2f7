"""Money that goes round, sums just under a limit: an operator is asked to look, and nothing is stopped."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.ledger.differences import open_difference
from guildhall.payments.models import Payout
from guildhall.payments.rules import NEW_ACCOUNT_SUMS, WATCHED_DAYS

WATCH: Final = "watch"
"""The source of what was only noticed: it names no account, so it stops no payout."""

_MANY: Final = 3
_NEARLY: Final = 0.8
"""So many payouts of at least this part of a limit are a pattern."""

# Who paid whom for work, by what was set aside and who got it; and the same the other way.
_ROUND = """
WITH paid AS (
    SELECT payer.code AS payer, 'wallet:' || substr(earner.code, 10) AS earner, earner.currency,
        sum(released.amount) AS amount, max(released.movement_id) AS last
    FROM ledger_movement movement
    JOIN ledger_posting released ON released.movement_id = movement.id
    JOIN ledger_account earner ON earner.id = released.target_id AND earner.code LIKE 'clearing:%%'
    JOIN ledger_posting placed ON placed.target_id = released.source_id
    JOIN ledger_account payer ON payer.id = placed.source_id AND payer.code LIKE 'wallet:%%'
    WHERE movement.at > %s
    GROUP BY payer.code, earner.code, earner.currency
)
SELECT there.payer, there.earner, there.currency, there.amount, back.amount, there.last, back.last
FROM paid there JOIN paid back
    ON (back.payer, back.earner, back.currency) = (there.earner, there.payer, there.currency)
WHERE there.payer < there.earner
"""


def watch_money(*, at: datetime) -> int:
    """Open a case for every pattern of the last days that has none; returns how many patterns there are."""
    rules = rules_in_force()
    since = at - timedelta(days=rules[WATCHED_DAYS])
    limits = {row["currency"]: row["most"] for row in rules.rows_of(NEW_ACCOUNT_SUMS)}
    return _look_for_rounds(since, at) + sum(
        _look_for_sums_under(Money(most, currency), since, at) for currency, most in sorted(limits.items())
    )


def _look_for_rounds(since: datetime, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ROUND, [since])
        rows = cursor.fetchall()
    for payer, earner, currency, there, back, *last in rows:
        people = [code.removeprefix("wallet:person:") for code in (payer, earner)]
        open_difference(
            source=WATCH,
            name="money goes round",
            subject=f"{currency} {people[0]} {people[1]}",
            account="",
            currency=currency,
            facts={
                "wrong": f"{Money(int(there), currency)} for work one way and"
                f" {Money(int(back), currency)} the other",
                "people": people,
                "movements": last,
            },
            at=at,
        )
    return len(rows)


def _look_for_sums_under(limit: Money, since: datetime, at: datetime) -> int:
    under: dict[str, list[Payout]] = {}
    payouts = Payout.objects.filter(
        requested_at__gt=since,
        currency=limit.currency,
        amount__gte=int(limit.minor * _NEARLY),
        amount__lte=limit.minor,
    )
    for payout in payouts.order_by("requested_at", "id"):
        under.setdefault(str(payout.person_id), []).append(payout)
    many = {person: found for person, found in under.items() if len(found) >= _MANY}
    for person, found in many.items():
        open_difference(
            source=WATCH,
            name="sums just under a limit",
            subject=f"{limit.currency} {person}",
            account="",
            currency=limit.currency,
            facts={
                "wrong": f"{len(found)} payouts of nearly {limit}, the most that a new account may ask for",
                "people": [person],
                "payouts": [str(each.pk) for each in found],
            },
            at=at,
        )
    return len(many)
