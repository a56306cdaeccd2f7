"""A job that pages are about. Fixtures are read before Django is ready, so each fetches what it needs."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.web.jobs.samples import BRIEF

if TYPE_CHECKING:
    from guildhall.jobs.models import Job
    from guildhall.people.models import Person


@pytest.fixture
def now() -> datetime:
    """Pages read the clock, so what they are asked about lies around it."""
    return timezone.now()


@pytest.fixture
def brief(now: datetime) -> dict[str, str]:
    return {**BRIEF, "deadline": (now + timedelta(days=30)).date().isoformat()}


@pytest.fixture
def job(amara: "Person", now: datetime) -> "Job":
    from tests.builders.jobs import an_open_job  # noqa: PLC0415

    return an_open_job(amara, at=now, deadline=(now + timedelta(days=30)).date())


@pytest.fixture
def offer(now: datetime) -> dict[str, str]:
    return {
        "price": "110.00",
        "delivery": (now + timedelta(days=14)).date().isoformat(),
        "letter": "Dear Amara, I drew the sign of my uncle’s tea house.",
        "rows": "3",
    }
