"""Looking at somebody else's money: with a reason, which that person reads."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from guildhall.statements.events import STATEMENT_OPENED

_LONGEST_REASON: Final = 300


class NoReasonToLook(Unfit):
    """Whoever looks at other people's money says why."""

    code = "no_reason_to_look"


@transaction.atomic
def open_statement(*, person: Person, reason: str, by: Person, at: datetime) -> Event:
    """Say as an operator why one has to see somebody's statement; they are told, and it is open for an hour.

    Raises:
        NotFound: they are no operator.
        NoReasonToLook: say why, the person will read it.
    """
    if not by.is_operator:
        raise NotFound
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= _LONGEST_REASON:
        raise NoReasonToLook(
            _("Say in up to 300 characters why you have to see it: the person will read it."), field="reason"
        )
    return record_event(STATEMENT_OPENED, subject=person.pk, by=by.pk, at=at, why=reason)
