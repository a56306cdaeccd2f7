"""Events reach every reaction at least once, and one that fails keeps nobody else from hearing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from guildhall.kernel import events
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.events import reacts_to, record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Delivery, Event

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Two reactions to `bell.rung`, of which the second fails while `heard` asks for it."""
    calls: list[str] = []

    @reacts_to("bell.rung")
    def first(event: Event) -> None:
        calls.append("first")

    @reacts_to("bell.rung")
    def second(event: Event) -> None:
        calls.append("second")
        if calls.count("second") == 1:
            raise RuntimeError("the rope broke")

    yield calls
    del events._reactions["bell.rung"]


def ring() -> Event:
    return record_event("bell.rung", subject=new_id(), by=None, at=AT, tower="north")


def test_a_failing_reaction_is_tried_again_alone(heard: list[str]) -> None:
    ring()
    deliver_events(at=AT)
    assert heard == ["first", "second"]
    stuck = Delivery.objects.get(event__name="bell.rung")
    assert "the rope broke" in stuck.trouble
    assert stuck.tries == 1
    deliver_events(at=AT)
    assert heard == ["first", "second"], "not before its time"
    deliver_events(at=AT + timedelta(minutes=1))
    assert heard == ["first", "second", "second"]
    assert not Delivery.objects.filter(event__name="bell.rung").exists()


def test_an_event_nobody_waits_for_is_done_with_and_stays_in_the_log() -> None:
    event = record_event("bell.polished", subject=new_id(), by=None, at=AT)
    deliver_events(at=AT)
    assert not Delivery.objects.filter(event=event).exists()
    assert Event.objects.filter(pk=event.pk).exists()


def test_only_as_many_as_asked_for_are_taken(heard: list[str]) -> None:
    for _ in range(5):
        ring()
    assert deliver_events(at=AT, most=2) == 2


def test_an_event_that_fails_for_years_is_still_tried_every_hour(heard: list[str]) -> None:
    event = ring()
    Delivery.objects.filter(event=event).update(tries=1_000)
    deliver_events(at=AT)
    stuck = Delivery.objects.get(event=event)
    assert (stuck.tries, stuck.next_try_at) == (1_001, AT + timedelta(hours=1))


def test_a_reaction_that_has_gone_or_got_another_name_leaves_nothing_stuck(heard: list[str]) -> None:
    event = ring()
    Delivery.objects.filter(event=event).update(heard_by=["a.name.of.yesterday", "another.one"])
    deliver_events(at=AT)
    deliver_events(at=AT + timedelta(minutes=1))
    assert heard == ["first", "second", "second"]
    assert not Delivery.objects.filter(event=event).exists()


def test_a_reaction_that_hears_all_and_this_one_hears_it_once(heard: list[str]) -> None:
    @reacts_to("bell.rung", "*")
    def third(event: Event) -> None:
        heard.append("third")

    try:
        event = ring()
        deliver_events(at=AT)
        deliver_events(at=AT + timedelta(minutes=1))
        assert heard.count("third") == 1
        assert not Delivery.objects.filter(event=event).exists()
    finally:
        events._reactions["*"].remove(third)
