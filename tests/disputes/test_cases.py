"""A case freezes exactly what is contested, and the money follows whoever decides."""

from collections.abc import Callable

import pytest

from guildhall.contracts.actions import (
    approve_milestone,
    mark_delivered,
    propose_refund,
    release_silent_milestones,
)
from guildhall.contracts.actions.contesting import MoreThanLeft, NothingHeld
from guildhall.contracts.actions.paying import AllContested
from guildhall.contracts.models import Contract, Milestone
from guildhall.disputes.actions import (
    accept_offer,
    offer_split,
    open_case,
    rule_case,
    take_case,
    take_up_unanswered_refunds,
    withdraw_case,
)
from guildhall.disputes.actions.locking import CaseEnded
from guildhall.disputes.actions.offering import NoDivision, OfferGone, OwnOffer
from guildhall.disputes.actions.opening import CaseOpenAlready, NoReasons
from guildhall.disputes.actions.ruling import OwnCase, TakenByAnother
from guildhall.disputes.models import Case, Ruling
from guildhall.disputes.queries import cases_to_rule, cases_visible_to
from guildhall.files.queries import files_visible_to
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.people.actions import set_roles
from guildhall.people.models import Person
from guildhall.workroom.actions import deliver_work
from guildhall.workroom.queries import conversation_about
from tests.builders.contracts import (
    DAY,
    a_contract,
    a_delivered_milestone,
    a_file,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
    what_is_broken,
)
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def a_case(milestone: Milestone, *, contested: int = 4_000, by: Person) -> Case:
    return open_case(
        milestone=milestone,
        contested=usd(contested),
        reason="The ear of wheat is missing.",
        by=by,
        at=NOW + DAY,
    )


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_exactly_the_contested_part_is_frozen_and_the_rest_is_released(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    assert case.rule_by == NOW + 6 * DAY
    release_silent_milestones(at=NOW + 30 * DAY)
    milestone = again(milestone)
    assert (milestone.state, milestone.released, milestone.left) == ("delivered", 6_000, usd(4_000))
    assert release_silent_milestones(at=NOW + 60 * DAY) == 0
    assert not what_is_broken()


def test_B19_a_case_stops_the_clock_of_what_it_froze(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    a_case(milestone, contested=10_000, by=amara)
    assert release_silent_milestones(at=NOW + 30 * DAY) == 0
    with pytest.raises(AllContested):
        approve_milestone(milestone=milestone, by=amara, at=NOW + 2 * DAY)
    assert not what_is_broken()


def test_approving_pays_what_is_not_contested(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, contested=2_500, by=amara)
    release = approve_milestone(milestone=milestone, by=amara, at=NOW + 2 * DAY)
    assert release.gross == 7_500
    assert (again(milestone).state, now(case).state) == ("delivered", "open")


@pytest.mark.parametrize(
    ("to_worker", "state"), [(4_000, "released"), (0, "settled"), (2_501, "settled"), (1, "settled")]
)
def test_an_accepted_offer_divides_to_the_cent(
    amara: Person, bushra: Person, to_worker: int, state: str
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    approve_milestone(milestone=milestone, by=amara, at=NOW + 2 * DAY)
    offer = offer_split(case=case, to_worker=usd(to_worker), by=bushra, at=NOW + 2 * DAY)
    assert offer.to_client == 4_000 - to_worker
    accept_offer(offer=offer, by=amara, at=NOW + 3 * DAY)
    assert (now(case).state, now(case).to_worker, again(milestone).state) == ("agreed", to_worker, state)
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(4_000 - to_worker)
    assert Contract.objects.get().state == "ended"
    assert not what_is_broken()


def test_all_back_to_the_client_is_returned(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, contested=10_000, by=amara)
    accept_offer(offer=offer_split(case=case, to_worker=usd(0), by=bushra, at=NOW), by=amara, at=NOW)
    assert again(milestone).state == "returned"
    assert not what_is_broken()


def test_money_for_undelivered_work_that_goes_to_the_worker_is_settled(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, contested=10_000, by=bushra)
    accept_offer(offer=offer_split(case=case, to_worker=usd(10_000), by=amara, at=NOW), by=bushra, at=NOW)
    assert again(milestone).state == "settled"
    assert not what_is_broken()


def test_an_adjudicator_rules_with_reasons_and_the_money_follows(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=bushra)
    rule_case(case=case, to_worker=usd(3_000), reasons="Two items are there.", by=dalia, at=NOW + 2 * DAY)
    milestone = again(milestone)
    assert (milestone.released, milestone.returned, milestone.left) == (3_000, 1_000, usd(6_000))
    assert balance_of(f"clearing:{bushra.party}", "USD") == usd(2_850)
    assert (now(case).state, Ruling.objects.get().to_client) == ("ruled", 1_000)
    release_silent_milestones(at=NOW + 30 * DAY)
    assert again(milestone).state == "settled"
    assert not what_is_broken()


def test_a_withdrawn_case_lets_the_clock_run_again(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    offer_split(case=case, to_worker=usd(1), by=bushra, at=NOW)
    withdraw_case(case=case, by=amara, at=NOW + 2 * DAY)
    assert release_silent_milestones(at=NOW + 30 * DAY) == 1
    assert again(milestone).state == "released"
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


def test_work_may_be_delivered_while_a_part_is_contested(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    a_case(milestone, by=amara)
    mark_delivered(milestone=milestone, by=bushra, at=NOW)
    release_silent_milestones(at=NOW + 30 * DAY)
    assert again(milestone).released == 6_000


@pytest.mark.parametrize("amount", [usd(0), usd(-4), usd(10_001), Money(100, "JPY")])
def test_C13_only_money_that_is_there_can_be_contested(amara: Person, bushra: Person, amount: Money) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    with pytest.raises(MoreThanLeft) as refusal:
        open_case(milestone=milestone, contested=amount, reason="Hm.", by=amara, at=NOW)
    assert (refusal.value.status, refusal.value.field) == (422, "contested")
    assert not Case.objects.exists()


def test_no_case_without_money_without_words_or_beside_another(amara: Person, bushra: Person) -> None:
    [planned] = milestones_in(a_contract(amara, bushra, sums=(10_000,)))
    with pytest.raises(NothingHeld):
        a_case(planned, by=amara)
    milestone = a_funded_milestone(amara, bushra)
    with pytest.raises(NoReasons):
        open_case(milestone=milestone, contested=usd(1), reason=" \n", by=amara, at=NOW)
    a_case(milestone, by=amara)
    with pytest.raises(CaseOpenAlready):
        a_case(milestone, by=bushra)


def test_offers_replace_each_other_and_need_the_other_side(amara: Person, bushra: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    first = offer_split(case=case, to_worker=usd(1_000), by=amara, at=NOW)
    second = offer_split(case=case, to_worker=usd(2_000), by=amara, at=NOW)
    with pytest.raises(OfferGone):
        accept_offer(offer=first, by=bushra, at=NOW)
    with pytest.raises(OwnOffer):
        accept_offer(offer=second, by=amara, at=NOW)
    for wrong in (usd(4_001), usd(-1), Money(1, "JPY")):
        with pytest.raises(NoDivision):
            offer_split(case=case, to_worker=wrong, by=bushra, at=NOW)
    assert not what_is_broken()


def test_B20_nobody_rules_their_own_case(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, dalia), by=amara)
    with pytest.raises(OwnCase) as refusal:
        rule_case(case=case, to_worker=usd(4_000), reasons="Mine.", by=dalia, at=NOW)
    assert refusal.value.status == 403
    assert case not in cases_to_rule(dalia)
    assert not Ruling.objects.exists()
    del bushra


def test_only_adjudicators_rule_and_one_of_them_at_a_time(
    amara: Person, bushra: Person, eve: Person, dalia: Person
) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    for person in (amara, bushra, eve):
        with pytest.raises(NotFound):
            rule_case(case=case, to_worker=usd(1), reasons="Because.", by=person, at=NOW)
    take_case(case=case, by=dalia, at=NOW)
    take_case(case=case, by=dalia, at=NOW)
    another = a_person("Another", adjudicates=True)
    with pytest.raises(TakenByAnother):
        rule_case(case=case, to_worker=usd(1), reasons="Because.", by=another, at=NOW)
    with pytest.raises(NoReasons):
        rule_case(case=case, to_worker=usd(1), reasons=" ", by=dalia, at=NOW)
    with pytest.raises(NoDivision):
        rule_case(case=case, to_worker=usd(4_001), reasons="Because.", by=dalia, at=NOW)


def test_money_is_never_locked_with_nobody_to_decide(amara: Person, bushra: Person, dalia: Person) -> None:
    """A case whose adjudicator has left the office is open to the next one."""
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    take_case(case=case, by=dalia, at=NOW)
    Person.objects.filter(pk=dalia.pk).update(is_adjudicator=False)
    another = a_person("Another", adjudicates=True)
    assert case in cases_to_rule(another)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=another, at=NOW)
    assert now(case).state == "ruled"
    assert not what_is_broken()


def test_the_adjudicator_sees_what_was_delivered_while_the_case_is_open(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW)
    case = a_case(milestone, by=amara)
    assert file not in files_visible_to(dalia.pk)
    take_case(case=case, by=dalia, at=NOW)
    assert file in files_visible_to(dalia.pk)
    assert conversation_about(f"case:{case.pk}", dalia).subject == f"case:{case.pk}"
    with pytest.raises(NotFound):
        conversation_about(f"contract:{milestone.contract_id}", dalia)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=dalia, at=NOW)
    assert file not in files_visible_to(dalia.pk)


def test_A13_whoever_adjudicates_no_longer_opens_nothing_any_more(
    amara: Person, bushra: Person, dalia: Person, olga: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW)
    set_roles(person=dalia, is_operator=False, is_adjudicator=False, by=olga, at=NOW)
    deliver_events(at=NOW, most=1_000)
    assert file not in files_visible_to(dalia.pk)
    assert not cases_visible_to(dalia).exists()
    another = a_person("Another", adjudicates=True)
    take_case(case=case, by=another, at=NOW)
    assert file in files_visible_to(another.pk)
    assert not what_is_broken()


def test_A13_a_case_that_another_takes_over_closes_its_files_to_the_first(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW)
    Person.objects.filter(pk=dalia.pk).update(is_adjudicator=False)
    take_case(case=case, by=a_person("Another", adjudicates=True), at=NOW)
    assert file not in files_visible_to(dalia.pk)


ENDED: dict[str, Callable[[Case, Person, Person], object]] = {
    "offer": lambda case, amara, _dalia: offer_split(case=case, to_worker=usd(1), by=amara, at=NOW),
    "withdraw": lambda case, amara, _dalia: withdraw_case(case=case, by=amara, at=NOW),
    "take": lambda case, _amara, dalia: take_case(case=case, by=dalia, at=NOW),
    "rule": lambda case, _amara, dalia: rule_case(
        case=case, to_worker=usd(1), reasons="B.", by=dalia, at=NOW
    ),
}


@pytest.mark.parametrize("verb", ENDED)
def test_B9_nothing_happens_to_an_ended_case(amara: Person, bushra: Person, dalia: Person, verb: str) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    withdraw_case(case=case, by=amara, at=NOW)
    with pytest.raises(CaseEnded) as refusal:
        ENDED[verb](case, amara, dalia)
    assert isinstance(refusal.value, Refusal)
    assert refusal.value.status == 409


def test_eve_sees_and_does_nothing(amara: Person, bushra: Person, eve: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    case = a_case(milestone, by=amara)
    offer = offer_split(case=case, to_worker=usd(1), by=amara, at=NOW)
    assert not cases_visible_to(eve).exists()
    assert not cases_visible_to(None).exists()
    for verb in (
        lambda: open_case(milestone=milestone, contested=usd(1), reason="Mine.", by=eve, at=NOW),
        lambda: offer_split(case=case, to_worker=usd(1), by=eve, at=NOW),
        lambda: accept_offer(offer=offer, by=eve, at=NOW),
        lambda: withdraw_case(case=case, by=eve, at=NOW),
        lambda: withdraw_case(case=case, by=bushra, at=NOW),
    ):
        with pytest.raises(NotFound):
            verb()
