"""Contracts that pages are about. Fixtures are read before Django is ready, so each fetches what it needs."""

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from guildhall.contracts.models import Milestone
    from guildhall.disputes.models import Case
    from guildhall.people.models import Person


@pytest.fixture
def now() -> datetime:
    """Pages read the clock, so what they are asked about lies around it."""
    return timezone.now()


@pytest.fixture
def funded(amara: "Person", bushra: "Person", now: datetime) -> "Milestone":
    from tests.builders.contracts import a_funded_milestone  # noqa: PLC0415

    return a_funded_milestone(amara, bushra, at=now)


@pytest.fixture
def delivered(funded: "Milestone", now: datetime) -> "Milestone":
    from tests.builders.contracts import a_delivery, again  # noqa: PLC0415

    a_delivery(funded, at=now)
    return again(funded)


@pytest.fixture
def case(delivered: "Milestone", amara: "Person", now: datetime) -> "Case":
    from guildhall.disputes.actions import open_case  # noqa: PLC0415
    from tests.builders.contracts import usd  # noqa: PLC0415

    reason = "The ear is missing."
    return open_case(milestone=delivered, contested=usd(4_000), reason=reason, by=amara, at=now)
