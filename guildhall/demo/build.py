"""Building the sample hall: one year, one transaction."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from guildhall.demo.arrivals import PASSWORD, Year, arrive
from guildhall.demo.clock import Diary
from guildhall.demo.market import post_through_the_year
from guildhall.demo.pay import send_payouts_through_the_year
from guildhall.demo.sampling import briefs
from guildhall.demo.stories import tell_stories
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event

SEED: Final = 1411
YEAR: Final = timedelta(days=365)
_BUILT: Final = "demo.built"


def is_built() -> bool:
    """Whether this hall holds the whole sample."""
    return Event.objects.filter(name=_BUILT).exists()


@transaction.atomic
def build(*, at: datetime, progress: Callable[[float], None], jobs: int = 300) -> None:
    """Play a year that ends at `at` through the real actions.

    Args:
        at: the last instant of the year; everything happened before it.
        progress: hears the part that is done, from 0 to 1.
        jobs: how many jobs are posted besides the stories.
    """
    draw = random.Random(SEED)
    diary = Diary(start=at - YEAR, end=at)
    year = Year(draw, diary, arrive(draw, diary))
    tell_stories(year)
    post_through_the_year(year, briefs(draw)[:jobs])
    send_payouts_through_the_year(year)
    diary.play(progress)
    record_event(_BUILT, subject=new_id(), by=None, at=at, seed=SEED)
    diary.end_day(at)
    progress(1.0)


def whom_to_sign_in_as() -> list[tuple[str, str]]:
    """E-mail addresses of the sample hall's cast and what each does; all share one password."""
    return [
        ("amara@example.org", "hires"),
        ("bushra@example.org", "works"),
        ("dalia@example.org", "adjudicates"),
        ("olga@example.org", "operates"),
        ("", PASSWORD),
    ]


def default_end() -> datetime:
    """The end of the sample year for a hall that opens now."""
    return datetime.now(UTC)  # the one reading of a clock here: a sample hall is always fresh
