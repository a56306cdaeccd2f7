"""Building the sample hall: one year, each verb a transaction of its own, as it is in life."""

import random
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from guildhall.demo.arrivals import PASSWORD, Year, arrive
from guildhall.demo.beside import delivering_beside
from guildhall.demo.clock import Diary
from guildhall.demo.last_days import live_the_last_days
from guildhall.demo.market import post_through_the_year
from guildhall.demo.papers import say_who_is_who
from guildhall.demo.pay import send_payouts_through_the_year
from guildhall.demo.sampling import briefs
from guildhall.demo.stories import tell_stories
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.notices.actions import mark_read
from guildhall.people.models import Person
from guildhall.workroom.actions import read_up_to
from guildhall.workroom.models import Message

SEED: Final = 1411
YEAR: Final = timedelta(days=365)
_UNREAD: Final = timedelta(days=4)  # what people have not looked at yet when the hall opens
_BEGUN: Final = "demo.begun"
_BUILT: Final = "demo.built"


def is_begun() -> bool:
    """Whether a sample was begun here, finished or not."""
    return Event.objects.filter(name=_BEGUN).exists()


def is_built() -> bool:
    """Whether this hall holds the whole sample."""
    return Event.objects.filter(name=_BUILT).exists()


def build(*, at: datetime, progress: Callable[[float], None], jobs: int = 300, beside: bool = False) -> None:
    """Play a year that ends at `at` through the real actions.

    Args:
        at: the last instant of the year; everything happened before it.
        progress: hears the part that is done, from 0 to 1.
        jobs: how many jobs are posted besides those of the stories.
        beside: deliver events in a second process meanwhile, which only what is committed allows.

    A hall that was interrupted in between is half a year: whoever opens it empties it and begins anew.
    """
    assert not is_begun(), "a sample is built in an empty hall"
    with delivering_beside(at) if beside else nullcontext():
        _play(at, progress, jobs, delivers=not beside)
    _deliver_all(at)
    for person in Person.objects.all():
        mark_read(by=person, before=at - _UNREAD, at=at)
    _read_conversations(before=at - _UNREAD, at=at)
    record_event(_BUILT, subject=new_id(), by=None, at=at, seed=SEED)
    _deliver_all(at)
    progress(1.0)


def _read_conversations(*, before: datetime, at: datetime) -> None:
    said = (
        Message.objects.filter(at__lt=before).order_by("conversation", "-at", "-id").distinct("conversation")
    )
    for last in said.prefetch_related("conversation__members__person"):
        for member in last.conversation.members.all():
            read_up_to(message=last, by=member.person, at=at)


def _deliver_all(at: datetime) -> None:
    while deliver_events(at=at):
        pass


def _play(at: datetime, progress: Callable[[float], None], jobs: int, *, delivers: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a sample that is lost is played again
    record_event(_BEGUN, subject=new_id(), by=None, at=at - YEAR, seed=SEED)
    draw = random.Random(SEED)
    diary = Diary(start=at - YEAR, end=at, delivers=delivers)
    year = Year(draw, diary, arrive(draw, diary))
    say_who_is_who(year)
    tell_stories(year)
    live_the_last_days(year)
    post_through_the_year(year, briefs(draw, jobs))
    send_payouts_through_the_year(year)
    diary.play(progress)
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def whom_to_sign_in_as() -> list[tuple[str, str]]:
    """E-mail addresses of the sample hall's cast and what each does; all share one password."""
    return [
        ("amara@example.org", "hires"),
        ("bushra@example.org", "works"),
        ("dalia@example.org", "adjudicates"),
        ("olga@example.org", "operates"),
        ("", PASSWORD),
    ]
