"""Remembering how far somebody has read."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from guildhall.kernel.errors import NotFound
from guildhall.people.models import Person
from guildhall.workroom.models import Member, Message


@transaction.atomic
def read_up_to(*, message: Message, by: Person, at: datetime) -> None:
    """Remember that somebody has seen a message and all before it; only what comes after is new to them.

    The mark is the message's own time, not `at`: what is being said at this moment has not been seen.

    Raises:
        NotFound: they are not in its conversation.
    """
    del at
    mine = Member.objects.filter(conversation=message.conversation_id, person=by, left_at__isnull=True)
    if not mine.exists():
        raise NotFound
    mine.filter(Q(read_at__isnull=True) | Q(read_at__lt=message.at)).update(read_at=message.at)
