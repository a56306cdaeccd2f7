"""What happened, written where it happened; and who above wants to hear of it."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event

type Reaction = Callable[[Event], None]

WAKE_CHANNEL = "guildhall_event"
"""The PostgreSQL channel on which a commit wakes whoever delivers events."""

# One round trip: every verb pays for it. A door's clock may run ahead of the database's, by which delivery
# goes: the event is due at once all the same.
_RECORD = """
WITH happened AS (
    INSERT INTO kernel_event (id, name, subject_id, by, at, facts)
    VALUES (%s, %s, %s, %s, %s, %s::jsonb) RETURNING id
), due AS (
    INSERT INTO kernel_delivery (event_id, heard_by, tries, next_try_at, trouble)
    SELECT id, '[]', 0, least(%s, now()), '' FROM happened
)
SELECT pg_notify(%s, '') FROM happened
"""

_reactions: dict[str, list[Reaction]] = defaultdict(list)


def record_event(name: str, *, subject: UUID, by: UUID | None, at: datetime, **facts: Any) -> Event:
    """Write an event in the current transaction, due for delivery at once.

    Args:
        name: ``noun.past``.
        subject: the id of what it happened to.
        by: who did it; None for the hall itself.
        at: when, as the verb was told.
        facts: JSON values; ids as strings.
    """
    event = Event(id=new_id(), name=name, subject_id=subject, by=by, at=at, facts=facts)
    values: list[Any] = [event.pk, name, subject, by, at, json.dumps(facts), at, WAKE_CHANNEL]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
    return event


def reacts_to(*names: str) -> Callable[[Reaction], Reaction]:
    """Register a function of an upper package as a reaction to events, at least once each.

    A reaction runs in its own transaction, may run again, and so must be idempotent.
    """

    def register(reaction: Reaction) -> Reaction:
        for name in names:
            if reaction not in _reactions[name]:
                _reactions[name].append(reaction)
        return reaction

    return register


def reactions_to(name: str) -> list[Reaction]:
    """The reactions to an event, in the order of the floors that registered them; ``*`` hears all."""
    return [*_reactions[name], *_reactions["*"]]


def name_of(reaction: Reaction) -> str:
    """The name under which a reaction's success is remembered."""
    return f"{reaction.__module__}.{reaction.__qualname__}"


def events_found(*, name: str = "", subject: UUID | None = None, by: UUID | None = None) -> QuerySet[Event]:
    """The log, narrowed: by a name or the first part of one, by what it happened to, by who did it."""
    found = Event.objects.all()
    if name:
        found = found.filter(name__startswith=name)
    if subject:
        found = found.filter(subject_id=subject)
    if by:
        found = found.filter(by=by)
    return found
