"""A bank takes a payment back months later: the client bears it, then the reserve, then an alarm."""

from datetime import timedelta

import pytest

from guildhall.kernel.models import Event
from guildhall.ledger.models import Difference
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    ask_for_refunds,
    ask_gateways,
    confirm_decision,
    fill_reserve,
    recover_chargeback,
    refund_deposit,
    request_payout,
    start_deposit,
)
from guildhall.payments.actions.charging_back import MoreThanOwed, NothingOwed
from guildhall.payments.actions.requesting import PayoutStopped
from guildhall.payments.models import Chargeback, Deposit, GatewayNotice
from guildhall.people.models import Decision, Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import a_payout_account, a_wallet_with, said_by_the_bank, spent_on_work
from tests.cast import NOW, a_person
from tests.doubles.stripe_side import StripeSide, hear

pytestmark = pytest.mark.django_db(transaction=True)

MONTHS_LATER = NOW + timedelta(days=170)


def paid_in(person: Person, side: StripeSide, minor: int = 10_000) -> Deposit:
    deposit = start_deposit(by=person, amount=usd(minor), at=NOW)
    ask_gateways(at=NOW)
    deposit.refresh_from_db()
    side.tell(f"pay/{deposit.payment}")
    hear(side.events(), NOW)
    deposit.refresh_from_db()
    return deposit


def held(code: str) -> int:
    return balance_of(code, "USD").minor


def where(client: Person) -> dict[str, int]:
    return {
        "wallet": held(f"wallet:{client.party}"),
        "reserve": held("reserve"),
        "shortfall": held("shortfall"),
        "outside": held("outside:stripe"),
    }


def disputed(deposit: Deposit, side: StripeSide) -> Chargeback:
    side.tell(f"dispute/{deposit.payment}")
    hear(side.events(), MONTHS_LATER)
    return Chargeback.objects.get()


def test_C09_on_released_money_the_client_bears_it_then_the_reserve_then_an_alarm(
    stripe_side: StripeSide, amara: Person, bushra: Person, olga: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    spent_on_work(amara, usd(8_000), NOW, earned_by=bushra)
    fill_reserve(amount=usd(5_000), by=olga, at=NOW)
    chargeback = disputed(deposit, stripe_side)
    assert where(amara) == {"wallet": 0, "reserve": 0, "shortfall": -3_000, "outside": 0}
    assert (chargeback.from_wallet, chargeback.from_reserve, chargeback.from_shortfall) == (
        2_000,
        5_000,
        3_000,
    )
    assert held(f"wallet:{bushra.party}") == 8_000, "the worker keeps what the worker earned"
    case = Difference.objects.get()
    assert (case.account, case.facts["shortfall"]) == (f"wallet:{amara.party}", 3_000)
    assert Event.objects.get(name="chargeback.taken").facts["borne"] == 8_000
    assert set(what_is_broken()) == {"L10"}, "the rails hold less than is owed to people: that is the alarm"


def test_C09_what_was_won_goes_back_to_whoever_bore_it(
    stripe_side: StripeSide, amara: Person, bushra: Person, olga: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    spent_on_work(amara, usd(8_000), NOW, earned_by=bushra)
    fill_reserve(amount=usd(5_000), by=olga, at=NOW)
    before = where(amara)
    chargeback = disputed(deposit, stripe_side)
    stripe_side.tell(f"end_dispute/{chargeback.reference}", status="won")
    hear(stripe_side.events(), MONTHS_LATER)
    assert where(amara) == before
    assert Chargeback.objects.get().state == "given_back"
    assert not what_is_broken()


def test_C09_a_wallet_that_holds_it_bears_it_all_and_no_case_is_opened(
    stripe_side: StripeSide, amara: Person
) -> None:
    disputed(paid_in(amara, stripe_side), stripe_side)
    assert where(amara) == {"wallet": 0, "reserve": 0, "shortfall": 0, "outside": 0}
    assert not Difference.objects.exists()


def test_C09_a_dispute_that_is_heard_of_before_the_payment(stripe_side: StripeSide, amara: Person) -> None:
    deposit = start_deposit(by=amara, amount=usd(10_000), at=NOW)
    ask_gateways(at=NOW)
    deposit.refresh_from_db()
    stripe_side.tell(f"pay/{deposit.payment}")
    payment = stripe_side.things("payment_intent")[0]["id"]
    stripe_side.tell(f"dispute/{payment}")
    hear(stripe_side.events()[::-1], NOW)
    assert where(amara) == {"wallet": 0, "reserve": 0, "shortfall": 0, "outside": 0}
    assert (Chargeback.objects.get().state, Deposit.objects.get().state) == ("taken", "settled")


def test_a_dispute_about_more_than_was_paid_is_put_aside_and_takes_nothing(
    stripe_side: StripeSide, amara: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    stripe_side.tell(f"dispute/{deposit.payment}", amount=99_999)
    hear(stripe_side.events(), NOW)
    assert where(amara)["wallet"] == 10_000
    assert GatewayNotice.objects.get(facts__about="chargeback").outcome == "unmatched"
    assert Event.objects.filter(name="deposit.unmatched").exists()


def test_what_comes_back_of_a_disputed_deposit_pays_first_what_the_hall_bore_of_it(
    stripe_side: StripeSide, amara: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    stripe_side.tell(f"slow/{deposit.payment}")
    refund_deposit(deposit=deposit, amount=usd(2_500), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    stripe_side.tell(f"dispute/{deposit.payment}", amount=10_000)
    stripe_side.tell(f"end_refund/{stripe_side.things('refund')[0]['id']}", status="failed")
    events = [body for body in stripe_side.events() if b"refund" not in body.split(b"data")[0]]
    hear(events, NOW)
    assert where(amara) == {"wallet": 0, "reserve": 0, "shortfall": -2_500, "outside": 0}
    assert look_at_refunds() == 1
    assert where(amara) == {"wallet": 0, "reserve": 0, "shortfall": 0, "outside": 0}
    assert Chargeback.objects.get().owed == usd(0)
    assert not what_is_broken()


def look_at_refunds() -> int:
    return ask_for_refunds(at=NOW + timedelta(hours=2))


def test_what_the_hall_bore_is_made_good_by_two_operators_as_far_as_the_wallet_reaches(
    stripe_side: StripeSide, amara: Person, bushra: Person, olga: Person, eve: Person
) -> None:
    deposit = paid_in(amara, stripe_side)
    spent_on_work(amara, usd(8_000), NOW, earned_by=bushra)
    fill_reserve(amount=usd(5_000), by=olga, at=NOW)
    chargeback = disputed(deposit, stripe_side)
    with pytest.raises(NothingOwed):
        recover_chargeback(chargeback=chargeback, amount=usd(1), by=olga, at=MONTHS_LATER)
    spent_on_work(bushra, usd(4_000), MONTHS_LATER, earned_by=amara)
    with pytest.raises(MoreThanOwed):
        recover_chargeback(chargeback=chargeback, amount=usd(4_001), by=olga, at=MONTHS_LATER)
    a_payout_account(amara, MONTHS_LATER)
    with pytest.raises(PayoutStopped):
        request_payout(by=amara, amount=usd(4_000), at=MONTHS_LATER)
    oskar = a_person("Oskar", operates=True)
    asked = recover_chargeback(chargeback=chargeback, amount=usd(4_000), by=olga, at=MONTHS_LATER)
    assert isinstance(asked, Decision)
    assert where(amara)["wallet"] == 4_000
    confirm_decision(decision=asked, by=oskar, at=MONTHS_LATER)
    assert where(amara) == {"wallet": 0, "reserve": 1_000, "shortfall": 0, "outside": 0}
    assert Chargeback.objects.get().owed == usd(4_000)
    assert not what_is_broken()
    stripe_side.tell(f"end_dispute/{chargeback.reference}", status="won")
    hear(stripe_side.events(), MONTHS_LATER)
    assert where(amara) == {"wallet": 6_000, "reserve": 5_000, "shortfall": 0, "outside": -10_000}
    assert not what_is_broken()


def test_C08_yes_no_yes_is_three_movements_and_none_is_taken_away(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, NOW)
    for serial, outcome in enumerate(["failed", "paid"], start=2):
        said_by_the_bank(deposit, serial, outcome, at=NOW)
    deposit.refresh_from_db()
    assert (deposit.state, held(f"wallet:{amara.party}")) == ("settled", 5_000)
    assert not what_is_broken()
