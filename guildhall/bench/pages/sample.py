"""The rows behind the page: clients and open jobs, made by the hall's own verbs."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from guildhall.jobs.actions.posting import draft_job, open_job
from guildhall.jobs.briefs import JobBrief
from guildhall.kernel.money import Money
from guildhall.people.actions.joining import join_hall
from guildhall.people.models import Person
from guildhall.skills.queries import all_skills

_THINGS = ("Logo", "Shop sign", "Website", "Translation", "Spreadsheet", "Illustration", "Transcript", "Map")
_PLACES = (
    "a bakery in Leeds",
    "a clinic in Accra",
    "a school in Gilgit",
    "a choir in Porto",
    "a farm in Kent",
)
_TEXT = (
    "We open in January on a street of ten bakeries. The mark should work cut out of steel above the door, "
    "stamped on a paper bag, and as a small round picture on a phone. We answer questions within a day."
)
_CLIENTS = 20
_WINDOW = timedelta(days=20)
_APART = timedelta(seconds=10)


def make_jobs(first: int, count: int, *, at: datetime, seed: int, tell: Callable[[float], None]) -> None:
    """Open `count` jobs of twenty clients, numbered from `first`, each some seconds younger than the last."""
    draw = random.Random(seed + first)
    clients = list(Person.objects.filter(email__endswith="@bench.example").order_by("id")) or [
        join_hall(email=f"client{number}@bench.example", name=f"Client {number}", country="GB", at=at)
        for number in range(_CLIENTS)
    ]
    skills = [skill.pk for skill in all_skills()][:200]
    for number in range(first, first + count):
        moment = at - _WINDOW + number * _APART
        client = draw.choice(clients)
        brief = JobBrief(
            title=f"{draw.choice(_THINGS)} for {draw.choice(_PLACES)} ({number})",
            brief=_TEXT,
            deliverables=("Three sketches", "One of them drawn out", "The files"),
            skills=tuple(draw.sample(skills, 3)),
            budget=Money(draw.randrange(1_000, 90_000), "USD"),
            deadline=(at + timedelta(days=draw.randrange(10, 60))).date(),
        )
        open_job(job=draft_job(brief=brief, by=client, at=moment), by=client, at=moment)
        tell((number + 1 - first) / count)
