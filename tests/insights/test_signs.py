"""What the machinery leaves is read: by operators, and by nobody else."""

from datetime import timedelta

import pytest

from guildhall.config.check_turns import check_and_remember
from guildhall.insights.queries import things_that_wait
from guildhall.insights.signs import (
    claim_turn,
    house_trouble_seen_by,
    show_broken,
    show_work,
    show_worker_alive,
    worker_is_alive,
)
from guildhall.kernel.models import Event
from guildhall.kernel.registry import Check
from guildhall.payments.actions import open_payout_batch, send_payout_batch, start_deposit
from guildhall.payments.models import PracticeIntent, PracticeNotice
from guildhall.people.models import Person
from tests.builders.contracts import usd
from tests.builders.money import a_requested_payout
from tests.cast import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_a_broken_invariant_is_shown_and_told_once(
    olga: Person, eve: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Check(
        "X1", "nobody is called Olga", "SELECT 1", "SELECT name, 'is called so' FROM people_person"
    )
    monkeypatch.setattr("guildhall.config.checking.all_checks", lambda: iter([broken]))
    for _each in range(2):
        assert check_and_remember(at=NOW) == 1
    assert house_trouble_seen_by(olga).broken == ["X1"]
    assert house_trouble_seen_by(eve).broken == []
    assert things_that_wait(olga, at=NOW).broken == 1
    assert [event.facts["broken"] for event in Event.objects.filter(name="invariant.broken")] == ["X1"]
    assert "X1 is broken by" in caplog.text
    monkeypatch.undo()
    assert check_and_remember(at=NOW) == 0
    assert house_trouble_seen_by(olga).broken == []


def test_a_second_promise_that_breaks_is_told_too(db: None) -> None:
    show_broken(["L1"], at=NOW)
    show_broken(["L1", "L2"], at=NOW)
    show_broken([], at=NOW)
    show_broken(["L1"], at=NOW)
    told = Event.objects.filter(name="invariant.broken").order_by("id")
    assert [event.facts["broken"] for event in told] == ["L1", "L2", "L1"]


def test_work_that_fails_is_shown_until_it_is_done(olga: Person, eve: Person) -> None:
    show_work("search.freshen", "OSError: the disk is full")
    [sign] = house_trouble_seen_by(olga).failing
    assert (sign.name, sign.note) == ("work:search.freshen", "OSError: the disk is full")
    assert house_trouble_seen_by(eve).failing == []
    show_work("search.freshen")
    assert house_trouble_seen_by(olga).failing == []


def test_a_turn_is_claimed_once_and_life_is_seen(db: None) -> None:
    assert claim_turn("trial", every=DAY) is not None
    assert claim_turn("trial", every=DAY) is None
    assert not worker_is_alive(quiet_after=DAY)
    show_worker_alive()
    assert worker_is_alive(quiet_after=DAY)


def test_money_that_waits_is_counted_for_the_operator(olga: Person, bushra: Person, eve: Person) -> None:
    a_requested_payout(bushra, 1_000, NOW)
    batch = open_payout_batch(by=olga, at=NOW)
    start_deposit(by=bushra, amount=usd(500), at=NOW)
    PracticeNotice.objects.create(
        intent=PracticeIntent.objects.all()[0],
        reference="word",
        serial=1,
        outcome="paid",
        due_at=NOW,
        trouble="ConnectError",
    )
    soon, late = (things_that_wait(olga, at=NOW + days * DAY) for days in (0.5, 2))
    assert (soon.unsent_batches, soon.old_deposits, soon.practice_notices) == (0, 0, 1)
    assert (late.unsent_batches, late.old_deposits, late.slow_payouts) == (1, 1, 0)
    assert late.lacks_adjudicator == 1
    send_payout_batch(batch=batch, by=olga, at=NOW)
    week = things_that_wait(olga, at=NOW + 8 * DAY)
    assert (week.unsent_batches, week.slow_payouts) == (0, 1)
    assert things_that_wait(eve, at=NOW + 8 * DAY).slow_payouts == 0
