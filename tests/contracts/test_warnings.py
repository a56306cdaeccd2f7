"""The client hears in time that silence will pay, once for each warning and delivery."""

from datetime import datetime, timedelta

import pytest

from guildhall.contracts.actions import approve_milestone, ask_again, propose_refund, withdraw_refund
from guildhall.contracts.background import warn_silent
from guildhall.contracts.models import Milestone
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from tests.builders.contracts import DAY, a_case, a_delivered_milestone, a_delivery, again, usd
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def before(milestone: Milestone, **time: float) -> datetime:
    """So long before silence pays it."""
    release_at = again(milestone).release_at
    assert release_at is not None
    return release_at - timedelta(**time)


def warnings() -> list[tuple[int, int]]:
    """Days left and the sum at stake of each warning."""
    told = Event.objects.filter(name="milestone.release_near").order_by("pk")
    return [(one.facts["days"], one.facts["amount"]) for one in told]


def test_it_is_told_five_days_and_one_day_before_and_once_each(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    assert warn_silent(at=before(milestone, days=5, seconds=1)) == 0
    for days in (5, 4.9, 1, 0.9):
        for _time in range(2):
            warn_silent(at=before(milestone, days=days))
    assert warnings() == [(5, 10_000), (1, 10_000)]


def test_a_hall_that_slept_tells_the_last_one_alone(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    for hours in (3, 2, 0, -1):
        warn_silent(at=before(milestone, hours=hours))
    assert warnings() == [(1, 10_000)]


def test_each_delivery_is_warned_of_anew(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    warn_silent(at=before(milestone, days=5))
    ask_again(milestone=milestone, by=amara, at=before(milestone, days=4))
    assert warn_silent(at=NOW + 9 * DAY) == 0
    a_delivery(milestone, at=NOW + 9 * DAY)
    assert warn_silent(at=NOW + 9 * DAY) == 0
    warn_silent(at=before(milestone, days=5))
    assert warnings() == [(5, 10_000)] * 2


def test_only_what_silence_would_pay_is_spoken_of(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    a_case(milestone, contested=4_000, by=amara)
    asked = propose_refund(milestone=milestone, amount=usd(6_000), reason="No.", by=amara, at=NOW + DAY)
    assert warn_silent(at=before(milestone, days=5)) == 0
    withdraw_refund(refund=asked, by=amara, at=before(milestone, days=4))
    assert warn_silent(at=before(milestone, days=4)) == 1
    assert warnings() == [(5, 6_000)]


def test_what_was_answered_is_not_warned_of(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    approve_milestone(milestone=milestone, by=amara, at=NOW + DAY)
    assert warn_silent(at=before(milestone, days=5)) == 0


def test_a_short_time_to_answer_is_warned_of_once(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, silence_days=3)
    for hours in (71, 48, 24, 1):
        warn_silent(at=before(milestone, hours=hours))
    assert warnings() == [(1, 10_000)]
