"""Who runs the hall and who rules on its cases."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.people import events
from guildhall.people.models import Person


class RoleNotChanged(Refusal):
    """This role is not this person's to give or take."""

    code = "role_not_changed"


@transaction.atomic
def set_roles(*, person: Person, is_operator: bool, is_adjudicator: bool, by: Person, at: datetime) -> Person:
    """Give or take the roles of operator and adjudicator. The person is told.

    Raises:
        RoleNotChanged: who asks is no operator, or would lay down their own office, so that a hall might
            be left with nobody to run it.
    """
    # The offices are locked together: of two operators who dismiss each other at once, one comes too late.
    in_office = {
        each.pk for each in Person.objects.select_for_update().filter(is_operator=True).order_by("pk")
    }
    if by.pk not in in_office:
        raise RoleNotChanged(_("Only an operator of this hall gives and takes roles."))
    if person.pk == by.pk and not is_operator:
        raise RoleNotChanged(
            _("You cannot take your own role of operator away. Another operator can."), field="is_operator"
        )
    return give_roles(person, is_operator=is_operator, is_adjudicator=is_adjudicator, by=by.id, at=at)


def give_roles(
    person: Person, *, is_operator: bool, is_adjudicator: bool, by: UUID | None, at: datetime
) -> Person:
    """Write the roles and the event of it, for verbs that have seen to it that they may."""
    if (person.is_operator, person.is_adjudicator) != (is_operator, is_adjudicator):
        person.is_operator, person.is_adjudicator = is_operator, is_adjudicator
        person.save(update_fields=["is_operator", "is_adjudicator"])
        record_event(
            events.ROLES_SET,
            subject=person.id,
            by=by,
            at=at,
            is_operator=is_operator,
            is_adjudicator=is_adjudicator,
        )
    return person
