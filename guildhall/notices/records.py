"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.notices.models import Letter, Notice
from guildhall.notices.words import say


def _notices(person_id: UUID) -> Iterator[dict[str, Any]]:
    for notice in Notice.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "sentence": say(notice.kind, notice.facts),
            "address": notice.url,
            "made_at": notice.made_at.isoformat(),
            "read_at": notice.read_at.isoformat() if notice.read_at else None,
        }


def _letters(person_id: UUID) -> Iterator[dict[str, Any]]:
    for letter in Letter.objects.filter(person_id=person_id).order_by("id").iterator():
        yield {
            "address": letter.address,
            "subject": letter.subject,
            "text": letter.text,
            "made_at": letter.made_at.isoformat(),
            "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        }


register_holding(Holding("notices", "notices", _notices))
register_holding(Holding("notices", "letters", _letters))
