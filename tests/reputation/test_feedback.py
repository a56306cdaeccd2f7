"""Both sides speak without having heard the other, and only settled money counts."""

from datetime import timedelta

import pytest

from guildhall.contracts.actions import approve_milestone, end_contract, fund_milestone
from guildhall.contracts.models import Contract
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from guildhall.reputation.actions import (
    FeedbackClosed,
    TooEarly,
    UnfitFeedback,
    leave_feedback,
    reveal_due_feedback,
)
from guildhall.reputation.models import Feedback
from guildhall.reputation.queries import (
    feedback_about_client,
    feedback_about_worker,
    feedback_on,
    worker_facts,
)
from guildhall.screening.actions import NotFit
from tests.builders.contracts import (
    DAY,
    a_contract,
    a_delivered_milestone,
    a_delivery,
    a_funded_milestone,
    milestones_in,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(amara: Person, bushra: Person) -> Contract:
    """A contract that was paid in full."""
    milestone = a_delivered_milestone(amara, bushra)
    approve_milestone(milestone=milestone, by=amara, at=NOW)
    return Contract.objects.get()


def test_neither_side_sees_the_other_until_both_are_in(done: Contract, amara: Person, bushra: Person) -> None:
    leave_feedback(contract=done, stars=5, text="A pleasure.", by=amara, at=NOW)
    assert set(feedback_on(done, amara)) == {"mine"}
    assert not feedback_on(done, bushra)
    assert not feedback_about_worker(bushra).exists()
    assert worker_facts([bushra.pk])[bushra.pk].stars is None
    leave_feedback(contract=done, stars=4, text="Clear words.", by=bushra, at=NOW + DAY)
    assert set(feedback_on(done, bushra)) == {"mine", "theirs"}
    assert feedback_about_worker(bushra).get().text == "A pleasure."
    assert worker_facts([bushra.pk])[bushra.pk].stars == 500
    assert feedback_about_client(amara).get().text == "Clear words."
    assert not feedback_about_worker(amara).exists()
    assert not feedback_about_client(bushra).exists()
    assert not what_is_broken()


def test_B11_events_do_not_tell_what_was_said(done: Contract, amara: Person) -> None:
    leave_feedback(contract=done, stars=2, text="Late.", by=amara, at=NOW)
    event = Event.objects.get(name="feedback.left")
    assert not {"stars", "text"} & set(event.facts)


def test_alone_it_is_shown_when_its_window_is_over(done: Contract, amara: Person, bushra: Person) -> None:
    leave_feedback(contract=done, stars=5, text="", by=amara, at=NOW)
    assert reveal_due_feedback(at=NOW + 14 * DAY - timedelta(microseconds=1)) == 0
    assert reveal_due_feedback(at=NOW + 14 * DAY) == 1
    assert reveal_due_feedback(at=NOW + 14 * DAY) == 0
    with pytest.raises(FeedbackClosed):
        leave_feedback(contract=done, stars=1, text="Then so do I.", by=bushra, at=NOW + 15 * DAY)
    assert not what_is_broken()


def test_B11_the_window_closes_on_time_even_if_nobody_has_shown_it_yet(
    done: Contract, amara: Person, bushra: Person
) -> None:
    leave_feedback(contract=done, stars=5, text="", by=amara, at=NOW)
    with pytest.raises(FeedbackClosed):
        leave_feedback(contract=done, stars=1, text="", by=bushra, at=NOW + 14 * DAY)


def test_B11_no_window_closes_before_the_contract_ends(amara: Person, bushra: Person) -> None:
    first, second = milestones_in(a_contract(amara, bushra))
    for milestone in (first, second):
        fund_milestone(milestone=milestone, by=amara, at=NOW)
        a_delivery(milestone, at=NOW)
    approve_milestone(milestone=first, by=amara, at=NOW)
    contract = first.contract
    leave_feedback(contract=contract, stars=5, text="Quick.", by=amara, at=NOW)
    deliver_events(at=NOW, most=1_000)
    assert Feedback.objects.get().reveal_at is None
    assert reveal_due_feedback(at=NOW + 60 * DAY) == 0
    approve_milestone(milestone=second, by=amara, at=NOW + 60 * DAY)
    deliver_events(at=NOW + 61 * DAY, most=1_000)
    assert Feedback.objects.get().reveal_at == NOW + 74 * DAY
    assert reveal_due_feedback(at=NOW + 74 * DAY - timedelta(microseconds=1)) == 0
    leave_feedback(contract=contract, stars=1, text="Slow to pay.", by=bushra, at=NOW + 73 * DAY)
    assert set(feedback_on(contract, amara)) == {"mine", "theirs"}
    assert not what_is_broken()


def test_B11_words_before_and_after_the_end_are_shown_on_one_day(amara: Person, bushra: Person) -> None:
    first, second = milestones_in(a_contract(amara, bushra))
    fund_milestone(milestone=first, by=amara, at=NOW)
    a_delivery(first, at=NOW)
    approve_milestone(milestone=first, by=amara, at=NOW)
    leave_feedback(contract=first.contract, stars=5, text="", by=amara, at=NOW)
    end_contract(contract=second.contract, reason="Enough.", by=bushra, at=NOW + 30 * DAY)
    deliver_events(at=NOW + 31 * DAY, most=1_000)
    assert reveal_due_feedback(at=NOW + 44 * DAY) == 1
    with pytest.raises(FeedbackClosed):
        leave_feedback(contract=first.contract, stars=1, text="", by=bushra, at=NOW + 44 * DAY)
    assert not what_is_broken()


def test_late_words_give_the_other_side_as_many_days(done: Contract, amara: Person, bushra: Person) -> None:
    leave_feedback(contract=done, stars=5, text="", by=amara, at=NOW + 90 * DAY)
    assert Feedback.objects.get().reveal_at == NOW + 104 * DAY
    leave_feedback(contract=done, stars=5, text="", by=bushra, at=NOW + 103 * DAY)


def test_it_may_change_until_it_is_shown(done: Contract, amara: Person, bushra: Person) -> None:
    leave_feedback(contract=done, stars=2, text="Late.", by=amara, at=NOW)
    leave_feedback(contract=done, stars=4, text="Late, but good.", by=amara, at=NOW + DAY)
    assert Feedback.objects.get().stars == 4
    assert Feedback.objects.get().reveal_at == NOW + 14 * DAY
    leave_feedback(contract=done, stars=5, text="", by=bushra, at=NOW + DAY)
    with pytest.raises(FeedbackClosed) as refusal:
        leave_feedback(contract=done, stars=1, text="Revenge.", by=amara, at=NOW + DAY)
    assert refusal.value.status == 409


def test_B12_only_the_two_sides_speak(done: Contract, eve: Person) -> None:
    with pytest.raises(NotFound):
        leave_feedback(contract=done, stars=5, text="", by=eve, at=NOW)


def test_B9_no_feedback_before_money_or_end(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    with pytest.raises(TooEarly):
        leave_feedback(contract=milestone.contract, stars=5, text="", by=amara, at=NOW)


def test_B10_stars_without_settled_money_do_not_count(amara: Person, bushra: Person) -> None:
    contract = a_contract(amara, bushra)
    end_contract(contract=contract, reason="Nothing came of it.", by=amara, at=NOW)
    leave_feedback(contract=contract, stars=5, text="Wonderful.", by=amara, at=NOW)
    leave_feedback(contract=contract, stars=5, text="Wonderful.", by=bushra, at=NOW)
    assert feedback_about_worker(bushra).get().counts is False
    assert worker_facts([bushra.pk])[bushra.pk].reviews == 0
    assert not what_is_broken()


@pytest.mark.parametrize("stars", [0, 6, -1, True, 4.5])
def test_stars_are_one_to_five(done: Contract, amara: Person, stars: int) -> None:
    with pytest.raises(UnfitFeedback) as refusal:
        leave_feedback(contract=done, stars=stars, text="", by=amara, at=NOW)
    assert (refusal.value.status, refusal.value.field) == (422, "stars")


def test_words_have_a_length_and_are_fit_to_be_seen(done: Contract, amara: Person) -> None:
    with pytest.raises(UnfitFeedback):
        leave_feedback(contract=done, stars=5, text="x" * 2_001, by=amara, at=NOW)
    with pytest.raises(NotFit):
        leave_feedback(contract=done, stars=5, text="Write to her on Telegram @bushra_k", by=amara, at=NOW)
