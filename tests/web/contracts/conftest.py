"""Contracts that pages are about."""

from datetime import datetime

import pytest
from django.utils import timezone

from guildhall.contracts.models import Milestone
from guildhall.disputes.actions import open_case
from guildhall.disputes.models import Case
from guildhall.people.models import Person
from tests.builders.contracts import a_delivery, a_funded_milestone, again, usd


@pytest.fixture
def now() -> datetime:
    """Pages read the clock, so what they are asked about lies around it."""
    return timezone.now()


@pytest.fixture
def funded(amara: Person, bushra: Person, now: datetime) -> Milestone:
    return a_funded_milestone(amara, bushra, at=now)


@pytest.fixture
def delivered(funded: Milestone, now: datetime) -> Milestone:
    a_delivery(funded, at=now)
    return again(funded)


@pytest.fixture
def case(delivered: Milestone, amara: Person, now: datetime) -> Case:
    return open_case(
        milestone=delivered, contested=usd(4_000), reason="The ear is missing.", by=amara, at=now
    )
