"""A case freezes exactly what is contested, and the money follows whoever decides."""

from collections.abc import Callable

import pytest

from guildhall.contracts.actions import (
    approve_milestone,
    mark_delivered,
    release_silent_milestones,
)
from guildhall.contracts.actions.contesting import MoreThanLeft, NothingHeld
from guildhall.contracts.actions.paying import AllContested
from guildhall.contracts.models import Contract
from guildhall.disputes.actions import (
    accept_offer,
    offer_split,
    open_case,
    rule_case,
    take_case,
    withdraw_case,
)
from guildhall.disputes.actions.locking import CaseEnded
from guildhall.disputes.actions.offering import NoDivision, OfferGone, OwnOffer
from guildhall.disputes.actions.opening import CaseOpenAlready, NoReasons
from guildhall.disputes.models import Case, Ruling
from guildhall.disputes.queries import cases_visible_to
from guildhall.escrow.models import Release
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    a_case,
    a_contract,
    a_delivered_milestone,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


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


def test_money_is_divided_under_the_id_of_what_divides_it(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    ruled = a_case(a_delivered_milestone(amara, bushra), by=amara)
    ruling = rule_case(case=ruled, to_worker=usd(1_000), reasons="Half.", by=dalia, at=NOW + 2 * DAY)
    agreed = a_case(a_delivered_milestone(amara, bushra), by=amara)
    offer = offer_split(case=agreed, to_worker=usd(2_500), by=bushra, at=NOW + 2 * DAY)
    accept_offer(offer=offer, by=amara, at=NOW + 2 * DAY)
    assert dict(Release.objects.values_list("id", "gross")) == {ruling.pk: 1_000, offer.pk: 2_500}


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
