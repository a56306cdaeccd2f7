"""Either side ends at will, and the page's promise about the money is what happens."""

import pytest

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    end_contract,
    fund_milestone,
    propose_refund,
    release_silent_milestones,
)
from guildhall.contracts.actions.ending import EndedAlready
from guildhall.contracts.actions.opening import NotPlanned
from guildhall.contracts.actions.refunding import NoReason
from guildhall.contracts.models import Contract, Refund
from guildhall.contracts.queries import outcome_if_ended
from guildhall.contracts.rules import Outcome
from guildhall.disputes.actions import open_case, withdraw_case
from guildhall.kernel.errors import NotFound
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    a_contract,
    a_delivered_milestone,
    a_delivery,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def the_contract() -> Contract:
    return Contract.objects.get()


def test_without_money_it_ends_at_once(amara: Person, bushra: Person) -> None:
    contract = a_contract(amara, bushra)
    assert outcome_if_ended(contract, by_worker=False).ends_at_once
    end_contract(contract=contract, reason="We found somebody nearer.", by=amara, at=NOW)
    assert (the_contract().state, the_contract().ended_by_id) == ("ended", amara.pk)
    assert {one.state for one in milestones_in(contract)} == {"dropped"}
    assert not what_is_broken()


def test_a_worker_who_leaves_gives_undelivered_money_back(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    assert outcome_if_ended(milestone.contract, by_worker=True) == Outcome(10_000, 0, 0, 0, 0)
    end_contract(contract=milestone.contract, reason="I am ill.", by=bushra, at=NOW)
    assert (the_contract().state, again(milestone).state) == ("ended", "returned")
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(10_000)
    assert not what_is_broken()


def test_a_client_who_leaves_asks_the_worker(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    assert outcome_if_ended(milestone.contract, by_worker=False) == Outcome(0, 10_000, 0, 0, 0)
    end_contract(contract=milestone.contract, reason="We closed.", by=amara, at=NOW)
    assert (the_contract().state, again(milestone).state) == ("ending", "funded")
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(0)
    answer_refund(refund=Refund.objects.get(), agree=True, by=bushra, at=NOW + DAY)
    assert (the_contract().state, the_contract().end_reason) == ("ended", "We closed.")
    assert not what_is_broken()


def test_a_worker_who_says_no_may_still_deliver_and_be_paid(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    end_contract(contract=milestone.contract, reason="We closed.", by=amara, at=NOW)
    refund = Refund.objects.get()
    answer_refund(refund=refund, agree=False, answer="It is nearly done.", by=bushra, at=NOW)
    a_delivery(milestone, at=NOW + DAY)
    assert release_silent_milestones(at=NOW + 11 * DAY) == 1
    assert the_contract().state == "ended"
    assert not what_is_broken()


def test_delivered_money_stays_with_its_clock(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    instant = milestone.release_at
    end_contract(contract=milestone.contract, reason="That was it.", by=bushra, at=NOW + DAY)
    assert the_contract().state == "ending"
    assert again(milestone).release_at == instant
    release_silent_milestones(at=NOW + 11 * DAY)
    assert (the_contract().state, again(milestone).state) == ("ended", "released")
    assert not what_is_broken()


def test_two_milestones_each_go_their_way(amara: Person, bushra: Person) -> None:
    contract = a_contract(amara, bushra, sums=(4_000, 7_000, 2_000))
    first, second, _third = milestones_in(contract)
    for milestone in (first, second):
        fund_milestone(milestone=milestone, by=amara, at=NOW)
    a_delivery(first, at=NOW)
    assert outcome_if_ended(contract, by_worker=True) == Outcome(7_000, 0, 4_000, 0, 1)
    end_contract(contract=contract, reason="Enough.", by=bushra, at=NOW)
    assert [one.state for one in milestones_in(contract)] == ["delivered", "returned", "planned"]
    approve_milestone(milestone=first, by=amara, at=NOW)
    assert [one.state for one in milestones_in(contract)] == ["released", "returned", "dropped"]
    assert the_contract().state == "ended"
    assert not what_is_broken()


def test_one_request_speaks_for_all_when_the_client_leaves(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    propose_refund(milestone=milestone, amount=usd(3_000), reason="Less.", by=amara, at=NOW)
    end_contract(contract=milestone.contract, reason="We closed.", by=amara, at=NOW)
    assert sorted(Refund.objects.values_list("state", "amount")) == [("asked", 10_000), ("withdrawn", 3_000)]
    assert not what_is_broken()


def test_leaving_agrees_to_what_was_asked(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    propose_refund(milestone=milestone, amount=usd(3_000), reason="Less.", by=amara, at=NOW)
    end_contract(contract=milestone.contract, reason="I am ill.", by=bushra, at=NOW)
    assert Refund.objects.get().state == "agreed"
    assert (again(milestone).state, the_contract().state) == ("returned", "ended")
    assert not what_is_broken()


def test_what_a_case_froze_waits_for_the_case(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    case = open_case(milestone=milestone, contested=usd(4_000), reason="No sign.", by=amara, at=NOW)
    end_contract(contract=milestone.contract, reason="I am ill.", by=bushra, at=NOW)
    assert (the_contract().state, again(milestone).returned) == ("ending", 6_000)
    withdraw_case(case=case, by=amara, at=NOW)
    assert (the_contract().state, again(milestone).returned) == ("ended", 10_000)
    assert not what_is_broken()


def test_a_worker_who_left_and_withdraws_gives_back_what_was_asked_too(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    propose_refund(milestone=milestone, amount=usd(3_000), reason="Less.", by=amara, at=NOW)
    case = open_case(milestone=milestone, contested=usd(4_000), reason="No.", by=bushra, at=NOW)
    end_contract(contract=milestone.contract, reason="I am ill.", by=bushra, at=NOW)
    withdraw_case(case=case, by=bushra, at=NOW)
    assert (the_contract().state, again(milestone).returned) == ("ended", 10_000)
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["agreed", "disputed"]
    assert not what_is_broken()


def test_ending_twice_without_a_word_or_by_eve_is_refused(amara: Person, bushra: Person, eve: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    with pytest.raises(NoReason):
        end_contract(contract=milestone.contract, reason=" ", by=amara, at=NOW)
    with pytest.raises(NotFound):
        end_contract(contract=milestone.contract, reason="Mine.", by=eve, at=NOW)
    end_contract(contract=milestone.contract, reason="Enough.", by=amara, at=NOW)
    with pytest.raises(EndedAlready):
        end_contract(contract=milestone.contract, reason="Enough.", by=bushra, at=NOW)


def test_an_ending_contract_takes_no_more_money(amara: Person, bushra: Person) -> None:
    contract = a_contract(amara, bushra)
    first, second = milestones_in(contract)
    fund_milestone(milestone=first, by=amara, at=NOW)
    end_contract(contract=contract, reason="Enough.", by=amara, at=NOW)
    with pytest.raises(NotPlanned):
        fund_milestone(milestone=second, by=amara, at=NOW)
