"""What each index holds of a thing, and how the tables are read for it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from guildhall.jobs.models import Job
from guildhall.jobs.queries import open_jobs
from guildhall.jobs.states import OPEN
from guildhall.search.index import Plan, Row
from guildhall.talent.models import Availability, Profile
from guildhall.talent.queries import profiles_shown

_CHUNK: Final = 500


def moment_key(at: datetime, subject: UUID) -> int:
    """An instant as a number that no two things share by chance: milliseconds, then 21 bits of the id."""
    return int(at.timestamp() * 1000) << 21 | subject.int & (1 << 21) - 1


def sum_key(minor: int, subject: UUID | None = None) -> int:
    """A sum of one currency as such a number; without a thing, the least that the sum can be."""
    return minor << 13 | (subject.int & (1 << 13) - 1 if subject else 0)


def day_key(day: date, subject: UUID) -> int:
    """A day as such a number."""
    return day.toordinal() << 40 | subject.int & (1 << 40) - 1


@dataclass(frozen=True, slots=True)
class Source:
    """An index and the tables it mirrors.

    Args:
        plan: what it holds.
        things: the rows that it mirrors.
        rows: what others may see, as the index holds it: of all things, or of those with these ids.
    """

    plan: Plan
    things: Callable[[], QuerySet[Any]]
    rows: Callable[[Collection[UUID] | None], Iterator[Row]]


def _rows_of_jobs(ids: Collection[UUID] | None) -> Iterator[Row]:
    jobs = open_jobs().order_by("pk")
    jobs = jobs if ids is None else jobs.filter(pk__in=ids)
    for job in jobs.iterator(chunk_size=_CHUNK):
        yield _row_of_job(job)


def _row_of_job(job: Job) -> Row:
    assert job.opened_at is not None
    row: dict[str, object] = {
        "id": str(job.pk),
        "title": job.title,
        "skills": " ".join(skill["name"] for skill in job.named_skills),
        "body": job.brief,
        "skill": [skill["slug"] for skill in job.named_skills],
        "currency": job.currency,
        "opened": moment_key(job.opened_at, job.pk),
    }
    if job.country:
        row["country"] = job.country
    if job.budget is not None:
        row["budget"] = sum_key(job.budget, job.pk)
    if job.deadline is not None:
        row["deadline"] = day_key(job.deadline, job.pk)
    return row


def _rows_of_people(ids: Collection[UUID] | None) -> Iterator[Row]:
    profiles = profiles_shown().order_by("pk")
    profiles = profiles if ids is None else profiles.filter(pk__in=ids)
    for profile in profiles.iterator(chunk_size=_CHUNK):
        yield _row_of_person(profile)


def _row_of_person(profile: Profile) -> Row:
    offered = [each.skill for each in profile.offered.all()]
    row: dict[str, object] = {
        "id": str(profile.pk),
        "title": profile.title,
        "name": profile.person.name,
        "skills": " ".join(skill.name for skill in offered),
        "body": profile.overview,
        "skill": [skill.slug for skill in offered],
        "language": list(profile.languages),
        "available": "no" if profile.availability == Availability.AWAY else "yes",
        "made": moment_key(profile.made_at, profile.pk),
    }
    if profile.person.country:
        row["country"] = profile.person.country
    if profile.rate_amount is not None:
        row["currency"] = profile.rate_currency
        row["rate"] = sum_key(profile.rate_amount, profile.pk)
    return row


JOBS: Final = Source(
    Plan(
        "jobs",
        text={"title": 3.0, "skills": 2.0, "body": 1.0},
        exact=("skill", "country", "currency"),
        numbers=("opened", "budget", "deadline"),
    ),
    lambda: Job.objects.filter(state=OPEN),
    _rows_of_jobs,
)
PEOPLE: Final = Source(
    Plan(
        "people",
        text={"title": 3.0, "name": 3.0, "skills": 2.0, "body": 1.0},
        exact=("skill", "country", "language", "available", "currency"),
        numbers=("made", "rate"),
    ),
    profiles_shown,
    _rows_of_people,
)
SOURCES: Final = {source.plan.kind: source for source in (JOBS, PEOPLE)}
