"""A case that is taken back leaves nobody worse, and what was asked for before it is not forgotten."""

import pytest

from guildhall.contracts.actions import ask_again, propose_refund, release_silent_milestones
from guildhall.contracts.models import Refund
from guildhall.disputes.actions import (
    offer_split,
    take_up_unanswered_refunds,
    withdraw_case,
)
from guildhall.disputes.actions.opening import LessThanAsked
from guildhall.disputes.models import Case
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_case,
    a_delivered_milestone,
    a_funded_milestone,
    again,
    usd,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_a_withdrawn_case_lets_the_clock_run_again(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    offer_split(case=case, to_worker=usd(1), by=bushra, at=NOW)
    withdraw_case(case=case, by=amara, at=NOW + 2 * DAY)
    assert release_silent_milestones(at=NOW + 30 * DAY) == 1
    assert again(milestone).state == "released"
    assert not what_is_broken()


def test_a_worker_who_withdraws_leaves_the_client_time(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, contested=10_000, by=bushra)
    withdraw_case(case=case, by=bushra, at=NOW + 12 * DAY)
    assert again(milestone).release_at == NOW + 15 * DAY
    assert release_silent_milestones(at=NOW + 15 * DAY - HOUR) == 0
    a_case(milestone, contested=10_000, by=amara)
    assert release_silent_milestones(at=NOW + 60 * DAY) == 0
    assert not what_is_broken()


def test_a_client_who_withdraws_moves_no_instant(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    withdraw_case(case=a_case(milestone, by=amara), by=amara, at=NOW + 9 * DAY)
    assert again(milestone).release_at == milestone.release_at


@pytest.mark.parametrize("contested", [1, 9_999])
def test_a_small_case_of_the_worker_frees_nothing_that_the_client_asked_for(
    amara: Person, bushra: Person, contested: int
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(10_000), reason="No.", by=amara, at=NOW + 9 * DAY)
    with pytest.raises(LessThanAsked) as refusal:
        a_case(milestone, contested=contested, by=bushra)
    assert (refusal.value.status, refusal.value.field) == (422, "contested")
    assert release_silent_milestones(at=NOW + 12 * DAY) == 0
    assert Refund.objects.get().state == "asked"
    assert not what_is_broken()


def test_what_the_client_asked_back_is_asked_again_when_the_worker_withdraws(
    amara: Person, bushra: Person
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(6_000), reason="No.", by=amara, at=NOW + DAY)
    case = a_case(milestone, contested=7_000, by=bushra)
    withdraw_case(case=case, by=bushra, at=NOW + 12 * DAY)
    former, asked = Refund.objects.order_by("asked_at")
    assert (former.state, asked.state, asked.by, asked.reason) == ("disputed", "asked", amara, "No.")
    assert (asked.sum, asked.answer_by) == (usd(6_000), former.answer_by)
    assert release_silent_milestones(at=NOW + 15 * DAY) == 1
    assert again(milestone).released == 4_000
    assert take_up_unanswered_refunds(at=NOW + 15 * DAY) == 1
    assert Case.objects.get(state="open").opened_by == amara
    assert not what_is_broken()


def test_what_was_asked_beside_the_case_is_asked_with_it(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(2_000), reason="No ear.", by=amara, at=NOW + DAY)
    case = a_case(milestone, contested=3_000, by=bushra)
    ask_again(milestone=milestone, by=amara, at=NOW + 2 * DAY)
    propose_refund(milestone=milestone, amount=usd(5_000), reason="No sign.", by=amara, at=NOW + 3 * DAY)
    withdraw_case(case=case, by=bushra, at=NOW + 4 * DAY)
    asked = Refund.objects.get(state="asked")
    assert (asked.sum, asked.answer_by) == (usd(7_000), NOW + 8 * DAY)
    assert asked.reason == "No ear.\n\nNo sign."
    assert not what_is_broken()


def test_the_client_withdraws_with_the_case_what_they_had_asked_for(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(6_000), reason="No.", by=amara, at=NOW + DAY)
    withdraw_case(case=a_case(milestone, by=amara), by=amara, at=NOW + 2 * DAY)
    assert Refund.objects.get().state == "disputed"
    assert release_silent_milestones(at=NOW + 11 * DAY) == 1
    assert not what_is_broken()


def test_a_case_takes_over_a_request_that_still_waits(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    refund = propose_refund(milestone=milestone, amount=usd(9_000), reason="No sign.", by=amara, at=NOW)
    a_case(milestone, contested=10_000, by=bushra)
    refund.refresh_from_db()
    assert refund.state == "disputed"
    assert not what_is_broken()


def test_a_request_made_beside_a_case_is_heard_after_it(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    propose_refund(milestone=milestone, amount=usd(6_000), reason="And the rest.", by=amara, at=NOW)
    assert take_up_unanswered_refunds(at=NOW + 8 * DAY) == 0
    withdraw_case(case=case, by=amara, at=NOW + 9 * DAY)
    assert take_up_unanswered_refunds(at=NOW + 9 * DAY) == 1
    assert not what_is_broken()
