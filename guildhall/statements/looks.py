"""Who of the hall looked at somebody's statement, and for how long that is open to them."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from guildhall.kernel.events import events_found
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from guildhall.statements.events import STATEMENT_OPENED

LASTS: Final = timedelta(hours=1)
"""For how long an operator may look after having said why."""


def may_look(person: Person, operator: Person, *, at: datetime) -> bool:
    """Whether an operator has said within the last hour why they look at this person's statement."""
    if not operator.is_operator:
        return False
    said = events_found(name=STATEMENT_OPENED, subject=person.pk, by=operator.pk)
    return said.filter(at__gt=at - LASTS, at__lte=at).exists()


def looks_at(person: Person) -> QuerySet[Event]:
    """Every time that an operator had a look at this person's statement; for that person."""
    return events_found(name=STATEMENT_OPENED, subject=person.pk)
