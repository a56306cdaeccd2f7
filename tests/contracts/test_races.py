"""Two people race for one milestone: one wins, the other is told, and the books stay right."""

from functools import partial

import pytest

from guildhall.contracts.actions import (
    approve_milestone,
    ask_again,
    end_contract,
    fund_milestone,
    propose_refund,
    release_silent_milestones,
)
from guildhall.disputes.actions import (
    accept_offer,
    contest_more,
    offer_split,
    open_case,
    rule_case,
    withdraw_case,
)
from guildhall.escrow.models import Release
from guildhall.kernel.errors import Refusal
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_contract,
    a_delivered_milestone,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
    what_is_broken,
)
from tests.cast import NOW, a_person
from tests.racing import all_at_once

LATER = NOW + HOUR + 10 * DAY
"""When silence pays what was delivered an hour after now."""

pytestmark = pytest.mark.django_db(transaction=True)


def refused(answers: list[object]) -> list[int]:
    return [answer.status for answer in answers if isinstance(answer, Refusal)]


@pytest.fixture
def cast() -> tuple[Person, Person, Person]:
    return a_person("Amara"), a_person("Bushra"), a_person("Dalia", adjudicates=True)


def test_C1_thirty_two_approvals_pay_once(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    milestone = a_delivered_milestone(amara, bushra)
    answers = all_at_once([lambda: approve_milestone(milestone=milestone, by=amara, at=NOW + DAY)] * 32)
    assert refused(answers) == [409] * 31
    assert Release.objects.count() == 1
    assert not what_is_broken()


def test_one_milestone_is_funded_once(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    [milestone] = milestones_in(a_contract(amara, bushra, sums=(10_000,)))
    answers = all_at_once([lambda: fund_milestone(milestone=milestone, by=amara, at=NOW)] * 6)
    assert refused(answers) == [409] * 5
    assert not what_is_broken()


def test_C2_approval_and_case_and_silence(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    for _round in range(4):
        milestone = a_delivered_milestone(amara, bushra)
        answers = all_at_once(
            [
                partial(approve_milestone, milestone=milestone, by=amara, at=LATER),
                partial(
                    open_case, milestone=milestone, contested=usd(10_000), reason="No.", by=bushra, at=LATER
                ),
                lambda: release_silent_milestones(at=LATER),
            ]
        )
        after = again(milestone)
        assert after.hold is not None
        if after.state == "delivered":
            assert (after.hold.frozen, after.released) == (10_000, 0)
        else:
            assert (after.state, after.hold.frozen, after.released) == ("released", 0, 10_000)
        assert set(refused(answers)) <= {409}
        assert not what_is_broken()


def test_C2_release_and_refund(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    for _round in range(4):
        milestone = a_delivered_milestone(amara, bushra)
        answers = all_at_once(
            [
                partial(approve_milestone, milestone=milestone, by=amara, at=NOW + DAY),
                partial(
                    propose_refund,
                    milestone=milestone,
                    amount=usd(10_000),
                    reason="Mine.",
                    by=bushra,
                    at=NOW + DAY,
                ),
            ]
        )
        assert refused(answers) == [409]
        assert again(milestone).state in {"released", "returned"}
        assert not what_is_broken()


def test_changes_and_silence(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    for _round in range(4):
        milestone = a_delivered_milestone(amara, bushra)
        all_at_once(
            [
                partial(ask_again, milestone=milestone, by=amara, at=LATER),
                lambda: release_silent_milestones(at=LATER),
                lambda: release_silent_milestones(at=LATER),
            ]
        )
        after = again(milestone)
        assert (after.state, after.release_at is None) in {("changes_asked", True), ("released", False)}
        assert not what_is_broken()


def test_a_case_ends_once(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, dalia = cast
    for _round in range(3):
        milestone = a_delivered_milestone(amara, bushra)
        case = open_case(milestone=milestone, contested=usd(4_000), reason="No.", by=amara, at=NOW)
        offer = offer_split(case=case, to_worker=usd(1_000), by=bushra, at=NOW)
        answers = all_at_once(
            [
                partial(accept_offer, offer=offer, by=amara, at=NOW + DAY),
                partial(withdraw_case, case=case, by=amara, at=NOW + DAY),
                partial(rule_case, case=case, to_worker=usd(2_000), reasons="So.", by=dalia, at=NOW + DAY),
            ]
        )
        assert refused(answers) == [409, 409]
        assert not what_is_broken()


def test_a_case_is_widened_or_over(cast: tuple[Person, Person, Person]) -> None:
    """Whoever is first: what was offered about less is not accepted about more, nor taken back by one."""
    amara, bushra, _ = cast
    for _round in range(3):
        milestone = a_delivered_milestone(amara, bushra)
        case = open_case(milestone=milestone, contested=usd(4_000), reason="No.", by=bushra, at=NOW)
        offer = offer_split(case=case, to_worker=usd(4_000), by=bushra, at=NOW)
        answers = all_at_once(
            [
                partial(contest_more, case=case, contested=usd(6_000), reason="All.", by=amara, at=NOW + DAY),
                partial(accept_offer, offer=offer, by=amara, at=NOW + DAY),
                partial(withdraw_case, case=case, by=bushra, at=NOW + DAY),
            ]
        )
        assert refused(answers) == [409, 409]
        case.refresh_from_db()
        assert (case.state, case.contested) in {("open", 10_000), ("agreed", 4_000), ("withdrawn", 4_000)}
        assert not what_is_broken()


def test_two_cases_about_one_milestone(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    milestone = a_delivered_milestone(amara, bushra)
    answers = all_at_once(
        [
            lambda: open_case(milestone=milestone, contested=usd(6_000), reason="No.", by=amara, at=NOW),
            lambda: open_case(milestone=milestone, contested=usd(6_000), reason="No.", by=bushra, at=NOW),
        ]
    )
    assert refused(answers) == [409]
    assert not what_is_broken()


def test_both_end_it(cast: tuple[Person, Person, Person]) -> None:
    amara, bushra, _ = cast
    milestone = a_funded_milestone(amara, bushra)
    contract = milestone.contract
    answers = all_at_once(
        [
            lambda: end_contract(contract=contract, reason="Closed.", by=amara, at=NOW),
            lambda: end_contract(contract=contract, reason="I am ill.", by=bushra, at=NOW),
        ]
    )
    assert refused(answers) == [409]
    assert again(milestone).state in {"funded", "returned"}
    assert not what_is_broken()
