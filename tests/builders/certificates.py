"""Certificates of income, made out as their holders do it, and the work that they speak of."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from guildhall.contracts.actions import approve_milestone
from guildhall.earnings.actions import change_signing_key, issue_certificate
from guildhall.earnings.models import Certificate
from guildhall.escrow.background import mature_due
from guildhall.people.models import Person
from tests.builders.contracts import HOUR, a_delivered_milestone

LATER: Final = timedelta(days=62)
"""So long after somebody joined, at least one whole month is over."""
MARCH: Final = datetime(2027, 3, 15, 9, tzinfo=UTC)
"""Three whole months after tests begin."""


def a_certificate(person: Person, *, at: datetime, **facts: Any) -> Certificate:
    """Somebody's certificate with amounts, made out when they have been here for two months or more."""
    asked: dict[str, Any] = {"months": 6, "with_amounts": True, "language": "ur"} | facts
    return issue_certificate(by=person, at=max(at, person.joined_at + LATER), **asked)


def earned(client: Person, worker: Person, minor: int, at: datetime, **facts: Any) -> None:
    """Work that was paid at an instant and became free three days later."""
    milestone = a_delivered_milestone(client, worker, minor=minor, at=at - 2 * HOUR, **facts)
    approve_milestone(milestone=milestone, by=client, at=at)
    mature_due(at=at + timedelta(days=3))


def two_signing_keys(person: Person, operator: Person, *, at: datetime) -> None:
    """The first came with somebody's certificate, the second an operator began."""
    a_certificate(person, at=at)
    change_signing_key(by=operator, at=at)
