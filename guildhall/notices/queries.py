"""Questions about notices and letters."""

from datetime import datetime

from django.db.models import Q, QuerySet

from guildhall.kernel.paging import count_up_to
from guildhall.notices.models import Letter, Notice
from guildhall.people.models import Person

MOST_COUNTED = 99
"""Beyond this, the number of unread notices is only "many"."""


def notices_of(person: Person) -> QuerySet[Notice]:
    """What somebody was told."""
    return Notice.objects.filter(person=person)


def unread_count(person: Person) -> int:
    """How many notices they have not read; one more than `MOST_COUNTED` stands for many."""
    return count_up_to(Notice.objects.filter(person=person, read_at=None), MOST_COUNTED)


def leads_to(place: str) -> Q:
    """Notices whose thing is on this page, in whichever part of it."""
    return Q(url=place) | Q(url__startswith=f"{place}?") | Q(url__startswith=f"{place}#")


def places_unread_by(person: Person) -> list[str]:
    """Where the newest of their unread notices lead; one more than `MOST_COUNTED` stands for many."""
    unread = Notice.objects.filter(person=person, read_at=None).order_by("-id")
    return list(unread.values_list("url", flat=True)[: MOST_COUNTED + 1])


def letters_due(at: datetime) -> QuerySet[Letter]:
    """Letters to try now, the longest waiting first."""
    return Letter.objects.filter(sent_at=None, next_try_at__lte=at).order_by("next_try_at", "id")


def letters_in_trouble() -> QuerySet[Letter]:
    """Letters that failed and have not gone since; for operators."""
    return Letter.objects.filter(sent_at=None, tries__gt=0).exclude(Q(trouble=""))
