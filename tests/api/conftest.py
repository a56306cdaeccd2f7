"""A brief, an offer and a job to talk about. Fixtures are read before Django is ready."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from guildhall.jobs.models import Job
    from guildhall.people.models import Person


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def brief(now: datetime) -> dict[str, Any]:
    return {
        "title": "Logo and shop sign",
        "brief": "For a bakery. It should work cut out of steel.",
        "deliverables": ["Three sketches", "The sign"],
        "skills": ["logo design"],
        "budget": {"amount": "120.00", "currency": "USD"},
        "deadline": (now + timedelta(days=30)).date().isoformat(),
    }


@pytest.fixture
def offer(now: datetime) -> dict[str, Any]:
    return {
        "price": {"amount": "110.00", "currency": "USD"},
        "delivery": (now + timedelta(days=14)).date().isoformat(),
        "letter": "Dear Amara, I drew the sign of my uncle’s tea house.",
        "milestones": [
            {"title": "Sketches", "amount": {"amount": "40.00", "currency": "USD"}, "due": None},
            {"title": "Sign", "amount": {"amount": "70.00", "currency": "USD"}, "due": None},
        ],
    }


@pytest.fixture
def job(amara: "Person", now: datetime) -> "Job":
    from tests.builders.jobs import an_open_job  # noqa: PLC0415

    return an_open_job(amara, at=now, deadline=None)
