"""Telling people, reading what one was told, and getting letters out."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import translation

from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.notices.letters import html_of, subject_of, text_of_notice
from guildhall.notices.models import Letter, Notice
from guildhall.notices.queries import leads_to
from guildhall.notices.rules import LEASE, MOST_TRIES, NEWS_HOLDS, SECRET_HOLDS, wait_after
from guildhall.notices.words import say
from guildhall.people.models import Person

_TELL_ONCE = """
INSERT INTO notices_notice (id, person_id, event_id, kind, facts, url, made_at)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s) ON CONFLICT (person_id, event_id) DO NOTHING
"""


@transaction.atomic(savepoint=False)
def tell(
    *,
    person: Person,
    event: Event,
    kind: str,
    facts: Mapping[str, str],
    url: str,
    gathers: bool = False,
    also_to: Sequence[str] = (),
) -> Notice | None:
    """Tell one person of one event, in the hall and by letter; a second time does nothing.

    Args:
        person: whom.
        event: of what.
        kind: which sentence.
        facts: what the sentence needs.
        url: where the thing is, within the hall.
        gathers: whether no second letter goes out while an earlier notice of this kind about the same thing
            is unread: whoever is written to ten times in an hour gets ten notices, and one letter.
        also_to: further addresses that get the letter.
    """
    waits = Notice.objects.filter(person=person, kind=kind, url=url, read_at=None).exclude(event=event)
    has_letter = gathers and waits.exists()
    notice = Notice(
        id=new_id(), person=person, event=event, kind=kind, facts=dict(facts), url=url, made_at=event.at
    )
    with connection.cursor() as cursor:
        values: list[Any] = [notice.pk, person.pk, event.pk, kind, json.dumps(notice.facts), url, event.at]
        cursor.execute(_TELL_ONCE, values)
        if cursor.rowcount != 1:
            return None
    if has_letter:
        return notice
    with translation.override(person.language):
        sentence = say(kind, facts)
        text = text_of_notice(person.name, sentence, url)
        for address in (person.email, *also_to):
            write_letter(
                address=address,
                subject=sentence,
                text=text,
                person=person,
                notice=notice if address == person.email else None,
                at=event.at,
            )
    return notice


@transaction.atomic(savepoint=False)
def write_letter(
    *,
    address: str,
    subject: str,
    text: str,
    at: datetime,
    person: Person | None = None,
    notice: Notice | None = None,
    is_secret: bool = False,
) -> Letter:
    """Put a letter in the box. What is secret is wiped from the row once it has gone."""
    return Letter.objects.create(
        person=person,
        notice=notice,
        address=address,
        subject=subject_of(subject),
        text=text,
        is_secret=is_secret,
        made_at=at,
        next_try_at=at,
    )


@transaction.atomic
def mark_read(
    *, by: Person, at: datetime, only: UUID | None = None, before: datetime | None = None, place: str = ""
) -> int:
    """Mark one's notices as read; how many had not been.

    Args:
        by: whose.
        at: when.
        only: this one, instead of all of them.
        before: those made before a time.
        place: those that lead to this page of the hall.
    """
    unread = Notice.objects.filter(person=by, read_at=None)
    if place:
        unread = unread.filter(leads_to(place))
    if only:
        unread = unread.filter(pk=only)
    if before:
        unread = unread.filter(made_at__lt=before)
    count = unread.update(read_at=at)
    if count:
        record_event("notices.read", subject=by.id, by=by.id, at=at, count=count)
    return count


@transaction.atomic
def retry_letter(*, letter: Letter, by: Person, at: datetime) -> Letter:
    """Try a letter that failed once more, now; for operators."""
    if letter.sent_at is None and letter.text:
        letter.next_try_at = at
        letter.save(update_fields=["next_try_at"])
        record_event("letter.retried", subject=letter.id, by=by.id, at=at)
    return letter


def send_letter(*, letter: Letter, at: datetime) -> bool:
    """Hand one letter to the post; whether it went.

    No transaction is open while the post answers: the letter is taken for a while by moving its next try,
    so that no second process takes it, and marked when it has gone. A crash in between may send it twice,
    and never loses it.
    """
    taken = Letter.objects.filter(pk=letter.pk, next_try_at=letter.next_try_at, sent_at=None).update(
        next_try_at=at + LEASE, tries=letter.tries + 1
    )
    if taken != 1:
        return False
    letter.tries += 1
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[letter.address])
    mail.attach_alternative(html_of(letter.text), "text/html")
    try:
        mail.send()
    except Exception as trouble:  # noqa: BLE001 - whatever the post answers is kept for the operator
        _keep_trouble(letter, trouble, at)
        return False
    letter.sent_at, letter.next_try_at, letter.trouble = at, None, ""
    if letter.is_secret:
        letter.text = ""
    letter.save(update_fields=["sent_at", "next_try_at", "trouble", "text"])
    return True


def _keep_trouble(letter: Letter, trouble: Exception, at: datetime) -> None:
    letter.trouble = f"{type(trouble).__name__}: {trouble}"[:2000]
    letter.next_try_at = at + wait_after(letter.tries) if letter.tries < MOST_TRIES else None
    letter.save(update_fields=["trouble", "next_try_at"])


@transaction.atomic
def give_up_old_letters(*, at: datetime) -> int:
    """Stop trying what no longer helps anybody, and wipe codes that have died."""
    waiting = Letter.objects.filter(sent_at=None, next_try_at__isnull=False)
    dead = waiting.filter(is_secret=True, made_at__lt=at - SECRET_HOLDS).update(next_try_at=None, text="")
    old = waiting.filter(is_secret=False, tries=0, made_at__lt=at - NEWS_HOLDS).update(next_try_at=None)
    return dead + old
