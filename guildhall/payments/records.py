"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.payments.exchange import records as _exchange  # noqa: F401 - it registers its own
from guildhall.payments.models import (
    Chargeback,
    Deposit,
    DepositRefund,
    KeptMethod,
    Payout,
    PayoutAccount,
    PayoutLock,
    PayoutPlan,
    PayoutTurn,
)


def _deposits(person_id: UUID) -> Iterator[dict[str, Any]]:
    for deposit in Deposit.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "id": str(deposit.pk),
            "amount": deposit.amount,
            "currency": deposit.currency,
            "rail": deposit.rail,
            "state": deposit.state,
            "started_at": deposit.started_at.isoformat(),
        }


def _refunds(person_id: UUID) -> Iterator[dict[str, Any]]:
    for refund in DepositRefund.objects.filter(deposit__person_id=person_id).order_by("id").iterator():
        yield {
            "id": str(refund.pk),
            "deposit": str(refund.deposit_id),
            "amount": refund.amount,
            "currency": refund.currency,
            "state": refund.state,
            "reason": refund.reason,
            "requested_at": refund.requested_at.isoformat(),
        }


def _chargebacks(person_id: UUID) -> Iterator[dict[str, Any]]:
    for each in Chargeback.objects.filter(deposit__person_id=person_id).order_by("id").iterator():
        yield {
            "id": str(each.pk),
            "deposit": str(each.deposit_id),
            "amount": each.amount,
            "currency": each.currency,
            "state": each.state,
            "owed": each.owed.minor,
            "taken_at": each.taken_at.isoformat(),
        }


def _cards(person_id: UUID) -> Iterator[dict[str, Any]]:
    for card in KeptMethod.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "rail": card.rail,
            "brand": card.brand,
            "last4": card.last4,
            "expires": card.expires,
            "kept_at": card.kept_at.isoformat(),
            "removed_at": card.removed_at.isoformat() if card.removed_at else None,
        }


def _payouts(person_id: UUID) -> Iterator[dict[str, Any]]:
    for payout in Payout.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "id": str(payout.pk),
            "amount": payout.amount,
            "currency": payout.currency,
            "state": payout.state,
            "reason": payout.reason,
            "requested_at": payout.requested_at.isoformat(),
        }


def _accounts(person_id: UUID) -> Iterator[dict[str, Any]]:
    for account in PayoutAccount.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "holder": account.holder,
            "bank": account.bank,
            "number": account.number,
            "currency": account.currency,
            "set_at": account.set_at.isoformat(),
            "ended_at": account.ended_at.isoformat() if account.ended_at else None,
        }


def _plans(person_id: UUID) -> Iterator[dict[str, Any]]:
    for plan in PayoutPlan.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "currency": plan.currency,
            "rhythm": plan.rhythm,
            "day": plan.day,
            "least": plan.least,
            "set_at": plan.set_at.isoformat(),
            "ended_at": plan.ended_at.isoformat() if plan.ended_at else None,
        }


def _turns(person_id: UUID) -> Iterator[dict[str, Any]]:
    for turn in PayoutTurn.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "currency": turn.currency,
            "due_on": turn.due_on.isoformat(),
            "payout": str(turn.payout_id) if turn.payout_id else None,
            "why_not": turn.why,
            "available": turn.available,
        }


def _locks(person_id: UUID) -> Iterator[dict[str, Any]]:
    for lock in PayoutLock.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {"account": str(lock.account_id), "locked_at": lock.locked_at.isoformat()}


_BOOKS = "the books must show where every sum came from and went"
register_holding(Holding("payments", "deposits", _deposits, kept_because=_BOOKS))
register_holding(Holding("payments", "refunds", _refunds, kept_because=_BOOKS))
register_holding(Holding("payments", "chargebacks", _chargebacks, kept_because=_BOOKS))
register_holding(Holding("payments", "cards", _cards))
register_holding(Holding("payments", "payouts", _payouts, kept_because=_BOOKS))
register_holding(Holding("payments", "payout_accounts", _accounts, kept_because=_BOOKS))
register_holding(Holding("payments", "payout_plans", _plans))
register_holding(Holding("payments", "payout_turns", _turns, kept_because=_BOOKS))
register_holding(Holding("payments", "payout_locks", _locks))
