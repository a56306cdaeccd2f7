"""While something about an account does not fit, nothing is paid out of it, and nothing else is stopped."""

import pytest

from guildhall.contracts.actions import approve_milestone
from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.models import Event
from guildhall.ledger.differences import open_difference
from guildhall.ledger.models import Difference
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    NothingToSend,
    OwnDifference,
    PayoutStopped,
    StoppedInside,
    answer_difference,
    open_payout_batch,
    request_payout,
    send_payout_batch,
    take_out_stopped,
)
from guildhall.payments.models import Payout
from guildhall.payments.queries import owner_of_account, sums_waiting_for
from guildhall.people.models import Person
from tests.builders.contracts import DAY, a_delivered_milestone, usd
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def a_doubt(account: str, currency: str = "USD") -> Difference:
    return open_difference(
        source="check",
        name="L3",
        subject=f"{account} {currency}",
        account=account,
        currency=currency,
        facts={"wrong": "keeps 5 more than its postings say"},
        at=NOW,
    )


def answered(difference: Difference, by: Person) -> Difference:
    return answer_difference(difference=difference, answer="It was a drill of ours.", by=by, at=NOW)


def test_C21_nothing_leaves_an_account_under_doubt(bushra: Person, chen: Person, olga: Person) -> None:
    for person in (bushra, chen):
        a_wallet_with(person, 9_000, NOW)
        a_payout_account(person, NOW)
    doubt = a_doubt(f"wallet:{bushra.party}")
    with pytest.raises(PayoutStopped) as refused:
        request_payout(by=bushra, amount=usd(9_000), at=NOW)
    assert "nothing else is stopped" in refused.value.sentence
    assert doubt.answer_by.strftime("%Y-%m-%d %H:%M UTC") in refused.value.sentence
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 9_000
    assert request_payout(by=chen, amount=usd(9_000), at=NOW).state == "requested"
    answered(doubt, olga)
    assert request_payout(by=bushra, amount=usd(9_000), at=NOW).state == "requested"


def test_an_answer_that_is_late_is_said_to_be_late(bushra: Person) -> None:
    a_wallet_with(bushra, 9_000, NOW)
    a_payout_account(bushra, NOW)
    a_doubt(f"clearing:{bushra.party}", currency="")
    with pytest.raises(PayoutStopped) as refused:
        request_payout(by=bushra, amount=usd(9_000), at=NOW + 2 * DAY)
    assert "is late" in refused.value.sentence


def test_another_currency_and_everything_else_go_on(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, at=NOW)
    for person in (amara, bushra):
        a_doubt(f"wallet:{person.party}")
    approve_milestone(milestone=milestone, by=amara, at=NOW + DAY)
    assert balance_of(f"clearing:{bushra.party}", "USD").minor > 0
    a_wallet_with(bushra, 700, NOW, currency="JPY")
    a_payout_account(bushra, NOW)
    yen = type(usd(1))(700, "JPY")
    assert request_payout(by=bushra, amount=yen, at=NOW).state == "requested"


def test_a_batch_leaves_stopped_payouts_out_and_takes_the_others(
    bushra: Person, chen: Person, olga: Person
) -> None:
    stopped, other = (a_requested_payout(person, 2_000, NOW) for person in (bushra, chen))
    doubt = a_doubt(stopped.transit)
    waiting = sums_waiting_for(olga)
    assert (waiting.count, waiting.sendable, waiting.stopped) == (2, 1, 1)
    batch = open_payout_batch(by=olga, at=NOW)
    assert list(batch.payouts.all()) == [other]
    with pytest.raises(NothingToSend):
        open_payout_batch(by=olga, at=NOW)
    answered(doubt, olga)
    assert list(open_payout_batch(by=olga, at=NOW).payouts.all()) == [stopped]


def test_what_is_stopped_after_its_batch_was_opened_is_taken_out_first(
    bushra: Person, chen: Person, olga: Person, eve: Person
) -> None:
    stopped, other = (a_requested_payout(person, 2_000, NOW) for person in (bushra, chen))
    batch = open_payout_batch(by=olga, at=NOW)
    a_doubt(f"wallet:{bushra.party}")
    with pytest.raises(StoppedInside):
        send_payout_batch(batch=batch, by=olga, at=NOW)
    with pytest.raises(NotFound):
        take_out_stopped(batch=batch, by=eve, at=NOW)
    assert take_out_stopped(batch=batch, by=olga, at=NOW) == 1
    assert take_out_stopped(batch=batch, by=olga, at=NOW) == 0
    assert Event.objects.get(name="payout_batch.thinned").facts == {"payouts": [str(stopped.pk)]}
    send_payout_batch(batch=batch, by=olga, at=NOW)
    states = dict(Payout.objects.values_list("pk", "state"))
    assert states == {stopped.pk: "requested", other.pk: "sent"}
    with pytest.raises(Stale):
        take_out_stopped(batch=batch, by=olga, at=NOW)


def test_C22_only_an_operator_whose_money_it_is_not_answers(
    bushra: Person, olga: Person, eve: Person
) -> None:
    doubt = a_doubt(f"wallet:{olga.party}")
    with pytest.raises(NotFound):
        answered(doubt, eve)
    with pytest.raises(OwnDifference):
        answered(doubt, olga)
    assert answered(doubt, a_person("Oleg", operates=True)).state == "closed"


def test_whose_money_an_account_holds(bushra: Person) -> None:
    payout = a_requested_payout(bushra, 2_000, NOW)
    for code in (f"wallet:{bushra.party}", f"savings:{bushra.party}:roof", payout.transit):
        assert owner_of_account(code) == bushra.pk
    for code in ("fees:work", "outside:bank", f"escrow:{payout.pk}", "reserve", ""):
        assert owner_of_account(code) is None
