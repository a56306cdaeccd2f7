"""Opening a conversation and saying something in it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.files.actions import end_access, grant_access
from guildhall.files.models import StoredFile
from guildhall.files.queries import files_visible_to
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.events import record_event
from guildhall.people.models import Person
from guildhall.screening.actions import screen
from guildhall.workroom import events
from guildhall.workroom.models import Attachment, Conversation, Delivery, Member, Message
from guildhall.workroom.queries import files_said_in, members_of
from guildhall.workroom.rules import LONGEST_TEXT, MOST_FILES, tidy


class UnfitMessage(Unfit):
    """It says nothing, or more than fits."""

    code = "unfit_message"


@transaction.atomic
def open_conversation(*, subject: str, members: Sequence[Person], at: datetime) -> Conversation:
    """The conversation about a subject with these members in it; opened if there is none yet.

    Members added later, or again, may read what was said before and open its files.
    """
    conversation, new = Conversation.objects.get_or_create(subject=subject, defaults={"opened_at": at})
    known = set(members_of(conversation).values_list("person_id", flat=True))
    for person in members:
        if person.pk in known:
            continue
        Member.objects.update_or_create(
            conversation=conversation, person=person, defaults={"since": at, "left_at": None}
        )
        for file in files_said_in(conversation):
            grant_access(file=file, to=person.pk, by=None, at=at)
    if new:
        record_event(
            events.CONVERSATION_OPENED,
            subject=conversation.pk,
            by=None,
            at=at,
            about=subject,
            members=[str(person.pk) for person in members],
        )
    return conversation


@transaction.atomic
def leave_conversation(*, conversation: Conversation, person_id: UUID, by: UUID | None, at: datetime) -> None:
    """Let somebody neither read nor write any more, nor open what others attached. What they said stays."""
    if members_of(conversation).filter(person=person_id).update(left_at=at):
        for file in files_said_in(conversation):
            end_access(file=file, to=person_id, by=by, at=at)


@transaction.atomic
def say(
    *, conversation: Conversation, text: str, files: Sequence[StoredFile] = (), by: Person, at: datetime
) -> Message:
    """Say something to the others in a conversation.

    Args:
        conversation: one that they are in.
        text: up to 10,000 characters; may be empty beside a file.
        files: their own, at most ten.
        by: who speaks.
        at: now.

    Raises:
        NotFound: they are not in it, or a file is not theirs.
        UnfitMessage: there is neither text nor file, or too much.
        NotFit: the text is not fit to be seen.
    """
    text = tidy(text)
    if not text and not files:
        raise UnfitMessage(_("Write something, or attach a file."), field="text")
    check_text(text, field="text", kind=_kind_of(conversation))
    message = put(conversation, kind=Message.SAID, text=text, files=files, by=by, at=at)
    record_event(
        events.MESSAGE_SAID,
        subject=message.pk,
        by=by.pk,
        at=at,
        conversation=str(conversation.pk),
        about=conversation.subject,
        to=_others(conversation, by),
        files=len(files),
    )
    return message


def check_text(text: str, *, field: str, kind: str) -> None:
    """Refuse a text that is too long or not fit to be seen; `kind` is one of the screening's."""
    if len(text) > LONGEST_TEXT:
        raise UnfitMessage(
            _("That is %(length)s characters; up to %(most)s fit. Put the rest into a file.")
            % {"length": len(text), "most": LONGEST_TEXT},
            field=field,
        )
    if text:
        screen(text=text, kind=kind, field=field)


def _kind_of(conversation: Conversation) -> str:
    """Who has hired each other may say more than strangers may."""
    about = conversation.subject.partition(":")[0]
    return {"contract": "workroom", "case": "case"}.get(about, "message")


def put(
    conversation: Conversation,
    *,
    kind: str,
    text: str,
    files: Sequence[StoredFile],
    by: Person,
    at: datetime,
    delivery: Delivery | None = None,
) -> Message:
    """Write a message of any kind, and let the other members in to its files."""
    members = list(members_of(conversation).values_list("person_id", flat=True))
    if by.pk not in members:
        raise NotFound
    if len(files) > MOST_FILES:
        raise UnfitMessage(_("Attach up to %(most)s files at once.") % {"most": MOST_FILES}, field="files")
    theirs = files_visible_to(by.pk).filter(pk__in=[file.pk for file in files])
    if theirs.count() != len({file.pk for file in files}):
        raise NotFound
    message = Message.objects.create(
        conversation=conversation, kind=kind, text=text, delivery=delivery, by=by, at=at
    )
    for file in files:
        Attachment.objects.create(message=message, file=file)
        for member in members:
            if member != file.owner:
                grant_access(file=file, to=member, by=by.pk, at=at)
    return message


def _others(conversation: Conversation, by: Person) -> list[str]:
    others = members_of(conversation).exclude(person=by)
    return [str(person) for person in others.values_list("person_id", flat=True)]
