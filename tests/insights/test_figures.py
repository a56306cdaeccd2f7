"""Public figures give nobody away; the operator's are exact and theirs alone."""

from datetime import timedelta

import pytest

from guildhall.contracts.actions import release_silent_milestones
from guildhall.insights.actions import count_hall
from guildhall.insights.background import count_figures
from guildhall.insights.models import Figure
from guildhall.insights.queries import ThingsThatWait, hall_figures, things_that_wait
from guildhall.insights.rules import may_be_shown, rounded, sum_may_be_shown
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Delivery
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from tests.builders.contracts import a_delivered_milestone
from tests.builders.jobs import an_open_job
from tests.cast import NOW, a_person


@pytest.mark.parametrize(
    ("number", "told"), [(0, 0), (7, 7), (42, 42), (199, 190), (1_234, 1_200), (98_765, 98_000)]
)
def test_a_number_is_told_roughly(number: int, told: int) -> None:
    assert rounded(number) == told


@pytest.mark.parametrize(
    ("people", "parts", "shown"),
    [
        (20, [10, 10, 10, 10, 10], True),
        (19, [10, 10, 10, 10, 10], False),
        (20, [10, 10, 10, 10], False),
        (20, [40, 10, 10, 10, 10], True),
        (20, [41, 10, 10, 10, 10], False),
        (20, [10, 10, 10, 10, 0], False),
        (20, [], False),
    ],
)
def test_a_sum_is_told_of_twenty_people_and_five_clients_with_nobody_above_half(
    people: int, parts: list[int], *, shown: bool
) -> None:
    assert sum_may_be_shown(people=people, parts=parts) is shown


def test_a_count_is_told_of_twenty_people() -> None:
    assert not may_be_shown(people=19)
    assert may_be_shown(people=20)


@pytest.mark.django_db
def test_a_small_hall_says_little(amara: Person, bushra: Person) -> None:
    an_open_job(amara)
    count_hall(at=NOW)
    figures = hall_figures()
    assert (figures.people, figures.open_jobs, figures.paid) == (None, 1, [])


@pytest.mark.django_db
def test_a_larger_hall_says_how_large(amara: Person, bushra: Person) -> None:
    for number in range(31):
        a_person(f"More{number}")
    assert count_figures(at=NOW) == 1
    assert hall_figures().people == 33


@pytest.mark.django_db
def test_what_was_paid_is_told_when_enough_clients_paid_it() -> None:
    workers = [a_person(f"Worker{number}") for number in range(16)]
    clients = [a_person(f"Client{number}") for number in range(5)]
    for number, worker in enumerate(workers):
        a_delivered_milestone(clients[number % 5], worker, minor=10_000)
        if number == 3:
            release_silent_milestones(at=NOW + timedelta(days=30))
            count_hall(at=NOW)
            assert hall_figures().paid == []
    release_silent_milestones(at=NOW + timedelta(days=30))
    count_hall(at=NOW + timedelta(days=30))
    assert hall_figures().paid == [Money(160_000, "USD")]


@pytest.mark.django_db
def test_a_figure_that_may_no_longer_be_shown_goes(amara: Person) -> None:
    people = [a_person(f"More{number}") for number in range(19)]
    count_hall(at=NOW)
    assert hall_figures().people == 20
    Person.objects.filter(pk=people[0].pk).update(is_active=False)
    count_hall(at=NOW + timedelta(hours=1))
    assert hall_figures().people is None
    assert not Figure.objects.filter(name="people").exists()


@pytest.mark.django_db
def test_what_waits_is_the_operators_to_know(olga: Person, eve: Person) -> None:
    event = record_event("canary.sung", subject=new_id(), by=None, at=NOW)
    Delivery.objects.filter(pk=event.id).update(tries=1, trouble="x")
    waits = things_that_wait(olga, at=NOW + timedelta(hours=1))
    assert waits.events == 1
    assert waits.overdue == Delivery.objects.filter(tries=0).count()
    assert things_that_wait(eve, at=NOW) == ThingsThatWait()
