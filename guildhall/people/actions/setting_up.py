"""How a new hall gets its first operator: by a link that works once, or from the command line."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.people import events
from guildhall.people.actions.joining import join_hall
from guildhall.people.actions.roles import give_roles
from guildhall.people.models import Person, SetUpLink
from guildhall.people.queries import person_who_proved
from guildhall.people.rules import SET_UP_LINK_HOLDS, digest_of


class LinkSpent(Refusal):
    """The link was used, is too old, was replaced by a newer one, or never existed: all look the same."""

    code = "link_spent"


@transaction.atomic
def make_set_up_link(*, at: datetime) -> str:
    """Draw the secret of a new link for the first operator; earlier unused links stop working."""
    SetUpLink.objects.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    secret = secrets.token_urlsafe(32)
    link = SetUpLink(id=new_id(), digest=digest_of(secret), made_at=at, expires_at=at + SET_UP_LINK_HOLDS)
    link.save(force_insert=True)
    record_event(events.LINK_MADE, subject=link.id, by=None, at=at)
    return secret


@transaction.atomic
def use_set_up_link(*, secret: str, email: str, name: str, password: str, at: datetime) -> Person:
    """Join as the hall's operator. Of many who try the same link at once, one succeeds.

    Raises:
        LinkSpent: the link does not work (any more).
        Unfit: an address, name or password that will not do; the link stays good.
        EmailTaken: likewise.
    """
    digest = digest_of(secret)
    spent = SetUpLink.objects.filter(digest=digest, used_at=None, expires_at__gt=at).update(used_at=at)
    if spent != 1:
        raise LinkSpent(
            _("This link does not work any more. The command create-operator makes an operator without it.")
        )
    person = join_hall(email=email, name=name, password=password, at=at)
    link = SetUpLink.objects.get(digest=digest)
    record_event(events.LINK_USED, subject=link.id, by=person.id, at=at, person=str(person.id))
    return give_roles(person, is_operator=True, is_adjudicator=False, by=None, at=at)


@transaction.atomic
def create_operator(*, email: str, name: str, password: str, at: datetime) -> Person:
    """Make an operator from the command line: somebody new, or a person already in the hall.

    Who has only typed an address and never proved it is not in the hall.

    Raises:
        Unfit: an address, name or password that will not do.
    """
    person = person_who_proved(email) or join_hall(email=email, name=name, password=password, at=at)
    return give_roles(person, is_operator=True, is_adjudicator=person.is_adjudicator, by=None, at=at)
