"""Money goes back only because both agree."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    ask_again,
    end_contract,
    propose_refund,
    release_silent_milestones,
    withdraw_refund,
)
from guildhall.contracts.actions.asking import AskedAlready
from guildhall.contracts.actions.contesting import MoreThanLeft, NothingHeld
from guildhall.contracts.actions.locking import NotYourPart
from guildhall.contracts.actions.refunding import AskedBefore, NoReason, RefundAnswered
from guildhall.contracts.models import Contract, Refund
from guildhall.contracts.queries import refunds_visible_to
from guildhall.disputes.actions import take_up_unanswered_refunds
from guildhall.disputes.models import Case
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
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


def test_the_worker_gives_back_at_once(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(3_000), reason="It is less work.", by=bushra, at=NOW)
    milestone = again(milestone)
    assert (milestone.state, milestone.returned, milestone.left) == ("funded", 3_000, usd(7_000))
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(3_000)
    assert not what_is_broken()


def test_the_client_asks_and_a_yes_returns_it(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    refund = propose_refund(milestone=milestone, amount=usd(10_000), reason="We closed.", by=amara, at=NOW)
    assert refund.answer_by == NOW + 7 * DAY
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(0)
    answer_refund(refund=refund, agree=True, by=bushra, at=NOW + DAY)
    assert again(milestone).state == "returned"
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(10_000)
    assert Contract.objects.get().state == "ended"
    assert not what_is_broken()


def test_a_no_leaves_it_where_it_is_and_the_client_time_for_a_case(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    instant = milestone.release_at
    assert instant is not None
    refund = propose_refund(milestone=milestone, amount=usd(4_000), reason="Not it.", by=amara, at=NOW + DAY)
    late = instant - timedelta(hours=1)
    answer_refund(refund=refund, agree=False, answer="It is what you asked for.", by=bushra, at=late)
    assert again(milestone).release_at == late + 3 * DAY
    assert release_silent_milestones(at=instant) == 0
    assert release_silent_milestones(at=late + 3 * DAY) == 1
    assert not what_is_broken()


def test_a_second_request_about_the_same_version_is_a_case(amara: Person, bushra: Person) -> None:
    """One cent at a time, each no or withdrawal would keep silence from ever paying."""
    milestone = a_delivered_milestone(amara, bushra)

    def ask(day: int) -> Refund:
        return propose_refund(
            milestone=milestone, amount=usd(1), reason="A cent.", by=amara, at=NOW + day * DAY
        )

    withdraw_refund(refund=ask(1), by=amara, at=NOW + DAY)
    with pytest.raises(AskedBefore) as refusal:
        ask(2)
    assert refusal.value.status == 409
    ask_again(milestone=milestone, by=amara, at=NOW + 3 * DAY)
    a_delivery(milestone, at=NOW + 4 * DAY)
    answer_refund(refund=ask(5), agree=True, by=bushra, at=NOW + 5 * DAY)
    answer_refund(refund=ask(6), agree=False, answer="No.", by=bushra, at=NOW + 6 * DAY)
    with pytest.raises(AskedBefore):
        ask(7)
    assert release_silent_milestones(at=NOW + 14 * DAY) == 1
    assert not what_is_broken()


def test_silence_does_not_release_what_the_client_asked_for(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    propose_refund(milestone=milestone, amount=usd(4_000), reason="Not it.", by=amara, at=NOW + 9 * DAY)
    release_silent_milestones(at=NOW + 12 * DAY)
    milestone = again(milestone)
    assert (milestone.state, milestone.released, milestone.left) == ("delivered", 6_000, usd(4_000))
    assert not what_is_broken()


def test_unanswered_for_seven_days_it_becomes_a_case(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    refund = propose_refund(milestone=milestone, amount=usd(4_000), reason="No sign.", by=amara, at=NOW)
    assert take_up_unanswered_refunds(at=NOW + 7 * DAY - timedelta(seconds=1)) == 0
    assert take_up_unanswered_refunds(at=NOW + 7 * DAY) == 1
    assert take_up_unanswered_refunds(at=NOW + 7 * DAY) == 0
    refund.refresh_from_db()
    case = Case.objects.get()
    assert (refund.state, case.contested, case.state) == ("disputed", 4_000, "open")
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(0)
    assert not what_is_broken()


def test_approving_takes_a_request_back(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    refund = propose_refund(milestone=milestone, amount=usd(4_000), reason="Not it.", by=amara, at=NOW + DAY)
    release = approve_milestone(milestone=milestone, by=amara, at=NOW + 2 * DAY)
    refund.refresh_from_db()
    assert (refund.state, release.gross) == ("withdrawn", 10_000)
    assert not what_is_broken()


def test_the_client_takes_a_request_back(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    refund = propose_refund(milestone=milestone, amount=usd(4_000), reason="Hm.", by=amara, at=NOW)
    withdraw_refund(refund=refund, by=amara, at=NOW)
    with pytest.raises(RefundAnswered):
        answer_refund(refund=refund, agree=True, by=bushra, at=NOW)
    assert again(milestone).left == usd(10_000)
    assert not what_is_broken()


@pytest.mark.parametrize("amount", [usd(0), usd(-1), usd(10_001), Money(100, "JPY")])
def test_C13_C14_amounts_that_are_not_there_are_refused(amara: Person, bushra: Person, amount: Money) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    for person in (amara, bushra):
        with pytest.raises(MoreThanLeft) as refusal:
            propose_refund(milestone=milestone, amount=amount, reason="Because.", by=person, at=NOW)
        assert (refusal.value.status, refusal.value.field) == (422, "amount")
    assert not Refund.objects.exists()


def test_nothing_comes_back_from_a_milestone_without_money(amara: Person, bushra: Person) -> None:
    [milestone] = milestones_in(a_contract(amara, bushra, sums=(10_000,)))
    with pytest.raises(NothingHeld):
        propose_refund(milestone=milestone, amount=usd(100), reason="Because.", by=amara, at=NOW)


def test_one_request_at_a_time_each_with_its_words(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    with pytest.raises(NoReason):
        propose_refund(milestone=milestone, amount=usd(100), reason="  ", by=amara, at=NOW)
    refund = propose_refund(milestone=milestone, amount=usd(100), reason="Because.", by=amara, at=NOW)
    with pytest.raises(AskedAlready):
        propose_refund(milestone=milestone, amount=usd(100), reason="Again.", by=amara, at=NOW)
    with pytest.raises(NoReason):
        answer_refund(refund=refund, agree=False, answer=" ", by=bushra, at=NOW)


def test_only_the_worker_answers_and_only_the_client_takes_back(
    amara: Person, bushra: Person, eve: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    refund = propose_refund(milestone=milestone, amount=usd(100), reason="Because.", by=amara, at=NOW)
    with pytest.raises(NotYourPart):
        answer_refund(refund=refund, agree=True, by=amara, at=NOW)
    with pytest.raises(NotYourPart):
        withdraw_refund(refund=refund, by=bushra, at=NOW)
    verbs: list[Callable[[], Refund]] = [
        lambda: answer_refund(refund=refund, agree=True, by=eve, at=NOW),
        lambda: withdraw_refund(refund=refund, by=eve, at=NOW),
        lambda: propose_refund(milestone=milestone, amount=usd(1), reason="Mine.", by=eve, at=NOW),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()
    assert not refunds_visible_to(eve).exists()
    assert refunds_visible_to(bushra).get() == refund


def test_the_worker_may_give_back_beside_a_request_that_waits(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    asked = propose_refund(milestone=milestone, amount=usd(4_000), reason="Half of it.", by=amara, at=NOW)
    given = propose_refund(milestone=milestone, amount=usd(1_000), reason="This too.", by=bushra, at=NOW)
    assert (given.state, Refund.objects.get(pk=asked.pk).state) == ("agreed", "asked")
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(1_000)
    assert Event.objects.filter(name="refund.agreed", subject_id=given.pk).count() == 1
    answer_refund(refund=asked, agree=True, by=bushra, at=NOW)
    assert again(milestone).left == usd(5_000)
    assert not what_is_broken()


@pytest.mark.parametrize("words", ["x" * 2_001, "Pay a refundable deposit of 50 USD before you start."])
def test_B02_words_beside_the_money_are_read_by_somebody_too(
    amara: Person, bushra: Person, words: str
) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    refund = propose_refund(milestone=milestone, amount=usd(100), reason="Late.", by=amara, at=NOW)
    asked: list[Callable[[], object]] = [
        lambda: propose_refund(milestone=milestone, amount=usd(100), reason=words, by=bushra, at=NOW),
        lambda: answer_refund(refund=refund, agree=False, answer=words, by=bushra, at=NOW),
        lambda: end_contract(contract=milestone.contract, reason=words, by=amara, at=NOW),
    ]
    for verb in asked:
        with pytest.raises(Unfit) as refusal:
            verb()
        assert refusal.value.field in {"reason", "answer"}
    assert again(milestone).contract.state == "active"


def test_a_rule_on_words_that_came_later_keeps_no_money_frozen(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000)
    refund = propose_refund(milestone=milestone, amount=usd(100), reason="Late.", by=amara, at=NOW)
    Refund.objects.filter(pk=refund.pk).update(reason="x" * 20_000)  # as it was kept before the rule
    assert take_up_unanswered_refunds(at=NOW + 8 * DAY) == 1
    assert Case.objects.get().reason == "x" * 20_000
