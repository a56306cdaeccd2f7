"""Who runs the hall and who rules on its cases."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.people import events
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

ROLES: Final = "roles"
"""The kind of decision that gives or takes an office."""


class RoleNotChanged(Refusal):
    """This role is not this person's to give or take."""

    code = "role_not_changed"


@transaction.atomic
def set_roles(*, person: Person, is_operator: bool, is_adjudicator: bool, by: Person, at: datetime) -> Person:
    """Give or take the roles of operator and adjudicator. The person is told.

    An office of operator, and giving that of adjudicator, takes a second operator's yes where there is one:
    the person comes back unchanged then.

    Raises:
        RoleNotChanged: who asks is no operator, or would lay down their own office, so that a hall might
            be left with nobody to run it, or would rule on cases themselves.
        WaitsForSecond: a change of these roles waits for a second operator.
    """
    _lock_offices(by)
    person.refresh_from_db(fields=["is_operator", "is_adjudicator"])
    if person.pk == by.pk and not is_operator:
        raise RoleNotChanged(
            _("You cannot take your own role of operator away. Another operator can."), field="is_operator"
        )
    if person.pk == by.pk and is_adjudicator and not person.is_adjudicator:
        raise RoleNotChanged(
            _("Nobody makes themselves an adjudicator. Another operator can ask for it."),
            field="is_adjudicator",
        )
    roles = {"is_operator": is_operator, "is_adjudicator": is_adjudicator}
    gives_power = is_operator != person.is_operator or (is_adjudicator and not person.is_adjudicator)
    if gives_power and ask_second(ROLES, person.pk, facts=roles, concerns=person, by=by, at=at):
        return person
    return give_roles(person, **roles, by=by.pk, at=at, **({"alone": True} if gives_power else {}))


@transaction.atomic
def confirm_roles(*, decision: Decision, by: Person, at: datetime) -> Person:
    """Give or take the offices that another operator has asked for. The person is told.

    Raises:
        RoleNotChanged: who asks is no operator.
        SecondNeeded: they asked for it themselves, or it concerns them.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == ROLES, "another verb's decision"
    _lock_offices(by)
    decision = confirm_second(decision, by=by, at=at)
    person = Person.objects.get(pk=decision.subject_id)
    return give_roles(person, **decision.facts, by=by.pk, at=at, asked_by=str(decision.asked_by_id))


def _lock_offices(by: Person) -> None:
    """Lock the offices together: of two operators who dismiss each other at once, one comes too late."""
    offices = Person.objects.select_for_update().filter(is_operator=True).order_by("pk")
    if by.pk not in {each.pk for each in offices}:
        raise RoleNotChanged(_("Only an operator of this hall gives and takes roles."))


def give_roles(
    person: Person, *, is_operator: bool, is_adjudicator: bool, by: UUID | None, at: datetime, **facts: object
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
            **facts,
        )
    return person
