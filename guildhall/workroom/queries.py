"""What somebody may read in the workroom, joined as its pages show it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from guildhall.contracts.models import Milestone
from guildhall.files.models import StoredFile
from guildhall.kernel.errors import NotFound
from guildhall.people.models import Person
from guildhall.workroom.models import (
    Attachment,
    Change,
    Conversation,
    Delivery,
    Member,
    Message,
)


def conversations_of(person: Person | None) -> QuerySet[Conversation]:
    """The conversations that somebody is in."""
    if person is None:
        return Conversation.objects.none()
    mine = Member.objects.filter(person=person, left_at__isnull=True)
    return Conversation.objects.filter(pk__in=mine.values("conversation"))


def members_of(conversation: Conversation) -> QuerySet[Member]:
    """Who is in a conversation now."""
    return Member.objects.filter(conversation=conversation, left_at__isnull=True)


def conversation_about(subject: str, person: Person | None) -> Conversation:
    """The conversation about a subject, for somebody who is in it.

    Raises:
        NotFound: there is none, or they are not in it.
    """
    found = conversations_of(person).filter(subject=subject).first()
    if found is None:
        raise NotFound
    return found


def messages_in(conversation: Conversation, person: Person | None) -> QuerySet[Message]:
    """What was said in a conversation, newest first, with speakers, deliveries, changes and files.

    Raises:
        NotFound: they are not in it.
    """
    if not conversations_of(person).filter(pk=conversation.pk).exists():
        raise NotFound
    return _as_shown(Message.objects.filter(conversation=conversation))


def _as_shown(messages: QuerySet[Message]) -> QuerySet[Message]:
    files = Attachment.objects.select_related("file").order_by("file__name", "id")
    return (
        messages.select_related("by", "delivery__milestone")
        .prefetch_related(Prefetch("attachments", queryset=files))
        .order_by("-at", "-id")
    )


def deliveries_visible_to(person: Person | None) -> QuerySet[Delivery]:
    """The deliveries within somebody's contracts."""
    if person is None:
        return Delivery.objects.none()
    mine = Q(milestone__contract__client=person) | Q(milestone__contract__worker=person)
    return Delivery.objects.filter(mine).select_related(
        "by", "milestone__contract__client", "milestone__contract__worker", "milestone__hold"
    )


def changes_asked_in(messages: list[Message]) -> dict[object, list[Change]]:
    """What was to change, by the id of the delivery, for the messages of one page."""
    asked = [message.delivery_id for message in messages if message.kind == Message.CHANGES]
    changes: dict[object, list[Change]] = {}
    if asked:
        rows = Change.objects.filter(request__delivery__in=asked).select_related("request")
        for change in rows.order_by("item"):
            changes.setdefault(change.request.delivery_id, []).append(change)
    return changes


def last_deliveries(milestone_ids: Sequence[UUID]) -> dict[UUID, Delivery]:
    """The last version of each of these milestones' work; the asker has loaded them."""
    rows = Delivery.objects.filter(milestone__in=milestone_ids).order_by("milestone", "-version")
    return {delivery.milestone_id: delivery for delivery in rows.distinct("milestone")}


def files_delivered_for(milestone_id: UUID) -> QuerySet[Attachment, UUID]:
    """The ids of the files that were delivered for a milestone."""
    delivered = Attachment.objects.filter(message__delivery__milestone=milestone_id)
    return delivered.values_list("file_id", flat=True)


def files_said_in(conversation: Conversation) -> QuerySet[StoredFile]:
    """Everything that was attached in a conversation."""
    said = Attachment.objects.filter(message__conversation=conversation)
    return StoredFile.objects.filter(pk__in=said.values("file"))


def deliveries_of(milestone: Milestone) -> QuerySet[Delivery]:
    """The versions of a milestone's work that the asker has loaded, newest first."""
    return Delivery.objects.filter(milestone=milestone).select_related("by").order_by("-version")
