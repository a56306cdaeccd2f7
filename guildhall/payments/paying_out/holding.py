"""What of a wallet may be paid out now: not what a payer who is new paid, nor more than a new account may.

All of it is read off the books, by whoever is asked for: a payer's days begin with the first money that
reached their wallet from outside, or, where they pay from what they earned, with the first work they paid.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from guildhall.kernel.money import Money
from guildhall.kernel.rules import HouseRules, rules_in_force
from guildhall.ledger.queries import balance_of
from guildhall.payments.deposits import going_home_only
from guildhall.payments.models import Payout
from guildhall.payments.rules import (
    NEW_ACCOUNT_DAYS,
    NEW_ACCOUNT_PAYOUTS,
    NEW_ACCOUNT_SUMS,
    NEW_PAYER_DAYS,
)
from guildhall.people.models import Person

_A_DAY = timedelta(days=1)

# Per release whose net is in the wallet by now: how much, and the first day of the newest of its payers.
_FROM_NEW_PAYERS = """
SELECT posting.amount, max(first.at)
FROM ledger_account clearing
JOIN ledger_posting posting ON posting.target_id = clearing.id
JOIN ledger_movement movement ON movement.id = posting.movement_id
JOIN ledger_account hold ON hold.id = posting.source_id AND hold.code LIKE 'escrow:%%'
JOIN ledger_posting placed ON placed.target_id = hold.id
JOIN ledger_account payer ON payer.id = placed.source_id AND payer.code LIKE 'wallet:%%'
CROSS JOIN LATERAL (
    SELECT coalesce(
        (SELECT min(came.at) FROM ledger_account wallet
            JOIN ledger_posting into_it ON into_it.target_id = wallet.id
            JOIN ledger_account outside ON outside.id = into_it.source_id
                AND outside.code ~ '^(outside|suspense):'
            JOIN ledger_movement came ON came.id = into_it.movement_id
            WHERE wallet.code = payer.code),
        (SELECT min(spent.at) FROM ledger_account wallet
            JOIN ledger_posting out_of_it ON out_of_it.source_id = wallet.id
            JOIN ledger_account escrow ON escrow.id = out_of_it.target_id AND escrow.code LIKE 'escrow:%%'
            JOIN ledger_movement spent ON spent.id = out_of_it.movement_id
            WHERE wallet.code = payer.code)
    ) AS at
) first
WHERE clearing.code = %(clearing)s AND clearing.currency = %(currency)s AND movement.at > %(since)s
    AND EXISTS (SELECT FROM ledger_movement matured
        WHERE matured.key = 'matured:' || split_part(movement.key, ':', 2))
GROUP BY posting.movement_id, posting.step, posting.amount
HAVING max(first.at) > %(since)s
"""

_FIRST_MONEY = """
SELECT min(came.at) FROM ledger_account wallet
JOIN ledger_posting into_it ON into_it.target_id = wallet.id
JOIN ledger_account outside ON outside.id = into_it.source_id AND outside.code ~ '^(outside|suspense):'
JOIN ledger_movement came ON came.id = into_it.movement_id
WHERE wallet.code = %s
"""


@dataclass(frozen=True, slots=True)
class Payable:
    """What of a wallet may be paid out now, and when the rest.

    Args:
        wallet: what it holds.
        home: of that, what was paid in lately and goes back only where it came from.
        held: of the rest, what payers who are new here have paid.
        held_until: when all of it may go; None if nothing is held.
    """

    wallet: Money
    home: Money
    held: Money
    held_until: datetime | None

    @property
    def free(self) -> Money:
        """What may be paid out sooner or later."""
        return self.wallet - self.home

    @property
    def now(self) -> Money:
        """What may be paid out."""
        return self.free - self.held


def payable_by(person: Person, currency: str, *, at: datetime) -> Payable:
    """What of somebody's wallet may be paid out now."""
    wallet = balance_of(f"wallet:{person.party}", currency)
    days = timedelta(days=rules_in_force()[NEW_PAYER_DAYS])
    names: dict[str, Any] = {"clearing": f"clearing:{person.party}", "currency": currency, "since": at - days}
    with connection.cursor() as cursor:
        cursor.execute(_FROM_NEW_PAYERS, names)
        rows = cursor.fetchall() if days else []
    home = min(wallet.minor, going_home_only(person, currency, at=at).minor)
    held = min(wallet.minor - home, sum(amount for amount, _first in rows))
    until = max((first + days for _amount, first in rows), default=None)
    return Payable(wallet, Money(home, currency), Money(held, currency), until if held else None)


def money_of_payer_rests_until(payer: Person, *, rules: HouseRules, at: datetime) -> datetime | None:
    """Until when what a client pays for work can be spent here but not paid out; None where they are known.

    Where they have paid nothing in yet it is reckoned as if they did now.
    """
    days = timedelta(days=rules[NEW_PAYER_DAYS])
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_MONEY, [f"wallet:{payer.party}"])
        ((first,),) = cursor.fetchall()
    until: datetime = (first or at) + days
    return until if until > at else None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a new account may still ask for.

    Args:
        most: up to which sum; None: any.
        none_before: no more payouts before; None: one may be asked for now.
    """

    most: Money | None = None
    none_before: datetime | None = None


def allowance_of(person: Person, currency: str, *, at: datetime) -> Allowance:
    """What somebody whose account is new may still ask for within a rolling day."""
    rules = rules_in_force()
    if at - person.joined_at >= timedelta(days=rules[NEW_ACCOUNT_DAYS]):
        return Allowance()
    lately = Payout.objects.filter(person=person, requested_at__gt=at - _A_DAY).order_by("requested_at")
    times = list(lately.values_list("requested_at", flat=True))
    many = rules[NEW_ACCOUNT_PAYOUTS]
    if len(times) >= many:
        return Allowance(none_before=times[-many] + _A_DAY)
    limits = {row["currency"]: row["most"] for row in rules.rows_of(NEW_ACCOUNT_SUMS)}
    if currency not in limits:
        return Allowance()
    asked = int(lately.filter(currency=currency).aggregate(sum=Sum("amount"))["sum"] or 0)
    return Allowance(most=Money(max(0, limits[currency] - asked), currency))
