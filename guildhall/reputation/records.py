"""What reputation holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.reputation.models import Fact, Feedback


def _given(person_id: UUID) -> Iterator[dict[str, Any]]:
    for feedback in Feedback.objects.filter(by=person_id).order_by("at", "id"):
        yield _row(feedback)


def _received(person_id: UUID) -> Iterator[dict[str, Any]]:
    # What is not shown yet is not told here either.
    shown = Feedback.objects.filter(about=person_id, revealed_at__isnull=False)
    for feedback in shown.order_by("revealed_at", "id"):
        yield _row(feedback)


def _row(feedback: Feedback) -> dict[str, Any]:
    return {
        "id": str(feedback.pk),
        "contract": str(feedback.contract_id),
        "stars": feedback.stars,
        "text": feedback.text,
        "at": feedback.at.isoformat(),
        "revealed_at": feedback.revealed_at.isoformat() if feedback.revealed_at else None,
    }


def _facts(person_id: UUID) -> Iterator[dict[str, Any]]:
    for fact in Fact.objects.filter(person=person_id).order_by("at", "id"):
        yield {
            "kind": fact.kind,
            "subject": fact.subject,
            "value": fact.value,
            "at": fact.at.isoformat(),
        }


_SHARED = "it speaks of somebody else too, who relies on it"
register_holding(Holding("reputation", "feedback given", _given, kept_because=_SHARED))
register_holding(Holding("reputation", "feedback received", _received))
register_holding(Holding("reputation", "facts", _facts))
