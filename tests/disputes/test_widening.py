"""Either side of an open case contests more of the same milestone, and nothing of it slips away meanwhile."""

import pytest

from guildhall.contracts.actions import answer_refund, approve_milestone, propose_refund
from guildhall.contracts.actions import release_silent_milestones as silence_pays
from guildhall.contracts.actions.contesting import MoreThanLeft
from guildhall.contracts.models import Refund
from guildhall.disputes.actions import (
    accept_offer,
    contest_more,
    offer_split,
    rule_case,
    take_case,
    take_up_unanswered_refunds,
    withdraw_case,
)
from guildhall.disputes.actions.locking import CaseEnded
from guildhall.disputes.actions.offering import ContestedMore, OfferGone
from guildhall.disputes.actions.opening import NoReasons
from guildhall.disputes.actions.withdrawing import WidenedByOther
from guildhall.disputes.models import Case, Contention
from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.screening.actions import NotFit
from tests.builders.contracts import (
    DAY,
    a_case,
    a_delivered_milestone,
    again,
    usd,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def more(case: Case, contested: int, *, by: Person, reason: str = "The sign is missing too.") -> Contention:
    return contest_more(case=case, contested=usd(contested), reason=reason, by=by, at=NOW + 2 * DAY)


def test_a_small_case_of_the_worker_keeps_the_client_from_nothing(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, contested=1, by=bushra)
    refund = propose_refund(milestone=milestone, amount=usd(9_999), reason="No.", by=amara, at=NOW + DAY)
    answer_refund(refund=refund, agree=False, answer="It is done.", by=bushra, at=NOW + DAY)
    contention = more(case, 9_999, by=amara)
    assert (contention.sum, contention.by, contention.reason) == (
        usd(9_999),
        amara,
        "The sign is missing too.",
    )
    assert silence_pays(at=NOW + 60 * DAY) == 0
    assert (now(case).sum, again(milestone).left) == (usd(10_000), usd(10_000))
    assert not what_is_broken()


@pytest.mark.parametrize("opens", ["amara", "bushra"])
def test_either_side_contests_more_of_either_sides_case_and_the_rest_goes_its_way(
    amara: Person, bushra: Person, opens: str
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara if opens == "amara" else bushra)
    more(case, 1_000, by=bushra)
    more(case, 2_000, by=amara)
    assert now(case).sum == usd(7_000)
    assert now(case).rule_by == case.rule_by
    assert approve_milestone(milestone=milestone, by=amara, at=NOW + 3 * DAY).gross == 3_000
    assert not what_is_broken()


def test_what_is_contested_more_is_ruled_with_the_rest(amara: Person, bushra: Person, dalia: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW + DAY)
    more(case, 6_000, by=bushra)
    rule_case(case=case, to_worker=usd(9_000), reasons="It is there.", by=dalia, at=NOW + 3 * DAY)
    milestone = again(milestone)
    assert (milestone.released, milestone.returned, milestone.state) == (9_000, 1_000, "settled")
    assert not what_is_broken()


def test_what_was_offered_before_stands_no_longer(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    offers = [offer_split(case=case, to_worker=usd(4_000), by=side, at=NOW + DAY) for side in (amara, bushra)]
    more(case, 500, by=amara)
    for offer, other in zip(offers, (bushra, amara), strict=True):
        with pytest.raises(OfferGone):
            accept_offer(offer=offer, by=other, at=NOW + 2 * DAY)
    anew = offer_split(case=case, to_worker=usd(4_200), by=bushra, at=NOW + 2 * DAY)
    assert anew.to_client == 300
    accept_offer(offer=anew, by=amara, at=NOW + 2 * DAY)
    assert (now(case).state, now(case).contested) == ("agreed", 4_500)
    assert not what_is_broken()


def test_nobody_divides_more_than_they_have_seen(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=amara)
    more(case, 6_000, by=amara)
    with pytest.raises(ContestedMore) as refusal:
        offer_split(case=case, to_worker=usd(4_000), seen=usd(4_000), by=bushra, at=NOW + 2 * DAY)
    assert refusal.value.status == 409
    with pytest.raises(ContestedMore):
        rule_case(case=case, to_worker=usd(4_000), reasons="So.", seen=usd(4_000), by=dalia, at=NOW + 2 * DAY)
    offer = offer_split(case=case, to_worker=usd(1), seen=usd(10_000), by=bushra, at=NOW + 2 * DAY)
    assert offer.to_client == 9_999
    rule_case(case=case, to_worker=usd(1), reasons="So.", seen=usd(10_000), by=dalia, at=NOW + 2 * DAY)
    assert not what_is_broken()


@pytest.mark.parametrize("by", ["amara", "bushra"])
@pytest.mark.parametrize(("contested", "state"), [(3_000, "disputed"), (5_000, "disputed"), (2_999, "asked")])
def test_a_request_that_waits_goes_along_if_as_much_is_contested(
    amara: Person, bushra: Person, contested: int, state: str, by: str
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    refund = propose_refund(milestone=milestone, amount=usd(3_000), reason="And this.", by=amara, at=NOW)
    contention = more(case, contested, by=amara if by == "amara" else bushra)
    taken = state == "disputed"
    assert Refund.objects.get().state == state
    assert contention.refund == (refund if taken else None)
    hold = again(milestone).hold
    assert hold
    assert hold.frozen == 4_000 + contested + (0 if taken else 3_000)
    assert not what_is_broken()


def test_nobody_frees_a_part_of_what_was_asked_for(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    propose_refund(milestone=milestone, amount=usd(5_000), reason="And this.", by=amara, at=NOW)
    for by in (amara, bushra):
        with pytest.raises(MoreThanLeft):
            more(case, 1_001, by=by)
    assert Refund.objects.get().state == "asked"
    assert now(case).contested == 4_000
    assert not what_is_broken()


@pytest.mark.parametrize(("opens", "widens"), [("amara", "bushra"), ("bushra", "amara")])
def test_a_case_that_the_other_side_widened_is_not_the_openers_alone(
    amara: Person, bushra: Person, opens: str, widens: str
) -> None:
    cast = {"amara": amara, "bushra": bushra}
    opener, other = cast[opens], cast[widens]
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=opener)
    more(case, 1_000, by=opener)
    more(case, 1_000, by=other)
    with pytest.raises(WidenedByOther) as refusal:
        withdraw_case(case=case, by=opener, at=NOW + 3 * DAY)
    assert refusal.value.status == 409
    with pytest.raises(NotFound):
        withdraw_case(case=case, by=other, at=NOW + 3 * DAY)
    offer = offer_split(case=case, to_worker=usd(6_000), by=other, at=NOW + 3 * DAY)
    accept_offer(offer=offer, by=opener, at=NOW + 3 * DAY)
    assert not what_is_broken()


def test_whoever_alone_contests_takes_all_of_it_back(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    case = a_case(milestone, by=amara)
    more(case, 6_000, by=amara)
    withdraw_case(case=case, by=amara, at=NOW + 3 * DAY)
    assert silence_pays(at=NOW + 30 * DAY) == 1
    assert again(milestone).state == "released"
    assert not what_is_broken()


def test_all_that_the_client_asked_back_is_asked_again_when_the_worker_withdraws(
    amara: Person, bushra: Person
) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(2_000), reason="No ear.", by=amara, at=NOW + DAY)
    case = a_case(milestone, contested=3_000, by=bushra)
    Refund.objects.update(asked_at=NOW)  # before the delivery, so that it may be asked about anew
    propose_refund(milestone=milestone, amount=usd(1_000), reason="No sign.", by=amara, at=NOW + 2 * DAY)
    more(case, 6_000, by=bushra)
    assert set(Refund.objects.values_list("state", flat=True)) == {"disputed"}
    withdraw_case(case=case, by=bushra, at=NOW + 12 * DAY)
    asked = Refund.objects.get(state="asked")
    assert (asked.sum, asked.reason, asked.by) == (usd(3_000), "No ear.\n\nNo sign.", amara)
    assert silence_pays(at=NOW + 15 * DAY) == 1
    assert again(milestone).released == 7_000
    assert take_up_unanswered_refunds(at=NOW + 15 * DAY) == 1
    assert not what_is_broken()


@pytest.mark.parametrize("amount", [usd(0), usd(-4), usd(6_001), Money(100, "JPY")])
def test_C13_only_what_is_left_can_be_contested_more(amara: Person, bushra: Person, amount: Money) -> None:
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=amara)
    with pytest.raises(MoreThanLeft) as refusal:
        contest_more(case=case, contested=amount, reason="Hm.", by=bushra, at=NOW + DAY)
    assert (refusal.value.status, refusal.value.field) == (422, "contested")
    assert not Contention.objects.exists()


@pytest.mark.parametrize(("reason", "refused"), [(" \n", NoReasons), ("I want my stink bomb.", NotFit)])
def test_it_takes_words_that_may_be_read(
    amara: Person, bushra: Person, reason: str, refused: type[Exception]
) -> None:
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=amara)
    with pytest.raises(refused):
        more(case, 1, by=amara, reason=reason)
    assert not Contention.objects.exists()


def test_B9_an_ended_case_is_not_widened(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=amara)
    rule_case(case=case, to_worker=usd(1), reasons="So.", by=dalia, at=NOW + DAY)
    with pytest.raises(CaseEnded):
        more(case, 1, by=amara)


def test_only_the_two_sides_contest_more(amara: Person, bushra: Person, eve: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=amara)
    take_case(case=case, by=dalia, at=NOW + DAY)
    for stranger in (eve, dalia):
        with pytest.raises(NotFound):
            more(case, 1, by=stranger)
    assert not Contention.objects.exists()


def test_the_log_says_who_contested_how_much_more(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra, minor=10_000), by=amara)
    take_case(case=case, by=dalia, at=NOW + DAY)
    contention = more(case, 500, by=bushra)
    event = Event.objects.get(name="case.widened")
    assert (event.subject_id, event.by) == (case.pk, bushra.pk)
    told = {"contested": 4_500, "more": 500, "contention": str(contention.pk), "adjudicator": str(dalia.pk)}
    assert told.items() <= event.facts.items()
