"""What the workroom holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.workroom.models import Delivery, Message

_SAID = "what was said and delivered is evidence for both sides of a contract"


def _messages(person_id: UUID) -> Iterator[dict[str, Any]]:
    mine = Message.objects.filter(by=person_id).select_related("conversation").order_by("at", "id")
    for message in mine:
        yield {
            "id": str(message.pk),
            "about": message.conversation.subject,
            "kind": message.kind,
            "text": message.text,
            "at": message.at.isoformat(),
        }


def _deliveries(person_id: UUID) -> Iterator[dict[str, Any]]:
    for delivery in Delivery.objects.filter(by=person_id).order_by("at", "id"):
        yield {
            "id": str(delivery.pk),
            "milestone": str(delivery.milestone_id),
            "version": delivery.version,
            "items": delivery.items,
            "note": delivery.note,
            "at": delivery.at.isoformat(),
        }


register_holding(Holding("workroom", "messages", _messages, kept_because=_SAID))
register_holding(Holding("workroom", "deliveries", _deliveries, kept_because=_SAID))
