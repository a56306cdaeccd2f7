"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.payments.exchange import records as _exchange  # noqa: F401 - it registers its own
from guildhall.payments.models import Deposit, Payout, PayoutAccount


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
            "set_at": account.set_at.isoformat(),
            "ended_at": account.ended_at.isoformat() if account.ended_at else None,
        }


_BOOKS = "the books must show where every sum came from and went"
register_holding(Holding("payments", "deposits", _deposits, kept_because=_BOOKS))
register_holding(Holding("payments", "payouts", _payouts, kept_because=_BOOKS))
register_holding(Holding("payments", "payout_accounts", _accounts, kept_because=_BOOKS))
