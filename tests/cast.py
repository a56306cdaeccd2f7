"""The named cast, let in through the hall's own door.

Amara hires, Bushra works, Chen works too and is Bushra's rival, Dalia adjudicates, Femi runs a programme,
Eve has no business here, Olga operates.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from guildhall.people.models import Person

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""The instant at which tests begin unless they say otherwise."""


def a_person(
    name: str, *, country: str = "", operates: bool = False, adjudicates: bool = False, at: datetime = NOW
) -> "Person":
    """Somebody of the hall, known by e-mail as their first name."""
    # Fixtures are read before Django is ready.
    from guildhall.people.actions.joining import join_hall  # noqa: PLC0415
    from guildhall.people.actions.roles import give_roles  # noqa: PLC0415

    person = join_hall(
        email=f"{name.split(maxsplit=1)[0].lower()}@example.org", name=name, country=country, at=at
    )
    if operates or adjudicates:
        person = give_roles(person, is_operator=operates, is_adjudicator=adjudicates, by=None, at=at)
    return person


@pytest.fixture
def amara(db: None) -> "Person":
    return a_person("Amara", country="GB")


@pytest.fixture
def bushra(db: None) -> "Person":
    return a_person("Bushra", country="PK")


@pytest.fixture
def chen(db: None) -> "Person":
    return a_person("Chen", country="CN")


@pytest.fixture
def dalia(db: None) -> "Person":
    return a_person("Dalia", country="LB", adjudicates=True)


@pytest.fixture
def femi(db: None) -> "Person":
    return a_person("Femi", country="NG")


@pytest.fixture
def eve(db: None) -> "Person":
    return a_person("Eve", country="US")


@pytest.fixture
def olga(db: None) -> "Person":
    return a_person("Olga", country="UA", operates=True)
