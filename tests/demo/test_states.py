"""Whoever opens a sample hall finds everything that can be, in every state, on whatever day it is built."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.apps import apps

from guildhall.disputes.queries import cases_to_rule
from guildhall.kernel.models import Stateful
from guildhall.payments.queries import payouts_waiting_for
from guildhall.people.models import Person
from tests.builders.contracts import what_is_broken
from tests.demo.conftest import Play

pytestmark = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=[datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2028, 2, 29, 23, 30, tzinfo=UTC)],
    ids=["a Friday in autumn", "the night of a leap day"],
    autouse=True,
)
def played(request: pytest.FixtureRequest, year_played: Play) -> Iterator[None]:
    with year_played(request.param):
        yield


@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, Stateful)])
def test_there_is_one_in_every_state(model: type[Stateful]) -> None:
    found = set(model._base_manager.values_list("state", flat=True))
    assert found == set(model.MOVES), f"no {model.NOUN} is {set(model.MOVES) - found}"


def test_the_operator_and_the_adjudicator_have_something_to_do() -> None:
    assert payouts_waiting_for(Person.objects.get(email="olga@example.org")).exists()
    assert cases_to_rule(Person.objects.get(email="dalia@example.org")).exists()


def test_every_promise_holds() -> None:
    assert what_is_broken() == {}
