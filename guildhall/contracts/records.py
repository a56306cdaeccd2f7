"""What contracts hold on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from guildhall.contracts.models import Contract, Milestone, Refund, Terms
from guildhall.kernel.registry import Holding, register_holding

_AGREED = "an agreement belongs to both sides, and its money must stay accounted for"


def _contracts(person_id: UUID) -> Iterator[dict[str, Any]]:
    mine = Contract.objects.filter(Q(client=person_id) | Q(worker=person_id)).order_by("opened_at", "id")
    for contract in mine:
        yield {
            "id": str(contract.pk),
            "as": "client" if contract.client_id == person_id else "worker",
            "title": contract.title,
            "amount": contract.amount,
            "currency": contract.currency,
            "state": contract.state,
            "opened_at": contract.opened_at.isoformat(),
            "ended_at": contract.ended_at.isoformat() if contract.ended_at else None,
            "terms": [
                {"number": terms.number, "hash": terms.hash, "body": terms.body}
                for terms in Terms.objects.filter(contract=contract).order_by("number")
            ],
            "milestones": list(
                Milestone.objects.filter(contract=contract)
                .order_by("number")
                .values("number", "title", "amount", "currency", "state", "released", "returned")
            ),
        }


def _refunds(person_id: UUID) -> Iterator[dict[str, Any]]:
    for refund in Refund.objects.filter(by=person_id).order_by("asked_at", "id"):
        yield {
            "id": str(refund.pk),
            "milestone": str(refund.milestone_id),
            "amount": refund.amount,
            "currency": refund.currency,
            "reason": refund.reason,
            "state": refund.state,
            "asked_at": refund.asked_at.isoformat(),
            "answer": refund.answer,
        }


register_holding(Holding("contracts", "contracts", _contracts, kept_because=_AGREED))
register_holding(Holding("contracts", "requests for a refund", _refunds, kept_because=_AGREED))
