"""Money leaves a wallet once, goes where its owner said, and comes back if the bank says no."""

import csv
from datetime import timedelta

import pytest

from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.notices.models import Letter
from guildhall.payments.actions import (
    AccountRests,
    MoreThanAvailable,
    NoPayoutAccount,
    NotAnAccount,
    NothingToSend,
    OwnPayout,
    confirm_return,
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    set_payout_account,
    settle_payout,
)
from guildhall.payments.actions.depositing import NotDepositable
from guildhall.payments.actions.returning import NoReason
from guildhall.payments.bankfile import COLUMNS, file_of_batch
from guildhall.payments.models import Payout, PayoutAccount
from guildhall.people.actions import SecondNeeded, WaitsForSecond
from guildhall.people.models import Decision, Person
from tests.builders.contracts import what_is_broken
from tests.builders.money import REST, a_payout_account, a_requested_payout, a_wallet_with
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def held(account: str) -> int:
    return balance_of(account, "USD").minor


def test_a_payout_from_the_wallet_to_the_bank(bushra: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 10_450, NOW)
    assert (held(f"wallet:{bushra.party}"), held(payout.transit)) == (0, 10_450)
    batch = send_payout_batch(batch=open_payout_batch(by=olga, at=NOW), by=olga, at=NOW)
    assert (batch.state, batch.sent_by) == ("sent", olga)
    payout.refresh_from_db()
    settled = settle_payout(payout=payout, by=olga, at=NOW)
    assert settled.state == "settled"
    assert (held(payout.transit), held("outside:bank")) == (0, 10_450)


def test_what_the_bank_sends_back_is_in_the_wallet_again(bushra: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 10_450, NOW)
    send_payout_batch(batch=open_payout_batch(by=olga, at=NOW), by=olga, at=NOW)
    with pytest.raises(NoReason):
        return_payout(payout=payout, reason=" ", by=olga, at=NOW)
    back = return_payout(payout=payout, reason="Account closed.", by=olga, at=NOW)
    assert (back.state, back.reason) == ("returned", "Account closed.")
    assert (held(f"wallet:{bushra.party}"), held(payout.transit)) == (10_450, 0)
    with pytest.raises(Stale):
        return_payout(payout=payout, reason="Account closed.", by=olga, at=NOW)
    with pytest.raises(Stale):
        settle_payout(payout=payout, by=olga, at=NOW)


def test_the_bank_may_change_its_mind_after_it_had_paid(bushra: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 10_450, NOW)
    send_payout_batch(batch=open_payout_batch(by=olga, at=NOW), by=olga, at=NOW)
    settle_payout(payout=payout, by=olga, at=NOW)
    return_payout(payout=payout, reason="Recalled.", by=olga, at=NOW)
    assert (held(f"wallet:{bushra.party}"), held("outside:bank")) == (10_450, 0)


def test_E12_a_payout_that_was_not_sent_has_no_end(bushra: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 10_450, NOW)
    with pytest.raises(Stale):
        settle_payout(payout=payout, by=olga, at=NOW)
    with pytest.raises(Stale):
        return_payout(payout=payout, reason="No.", by=olga, at=NOW)
    assert held(payout.transit) == 10_450


def test_more_than_is_available(bushra: Person) -> None:
    a_wallet_with(bushra, 1_000, NOW)
    a_payout_account(bushra, NOW)
    with pytest.raises(MoreThanAvailable, match=r"0\.01 USD"):
        request_payout(by=bushra, amount=Money(1_001, "USD"), at=NOW)
    assert not Payout.objects.exists()
    assert held(f"wallet:{bushra.party}") == 1_000


@pytest.mark.parametrize(
    "amount", [Money(0, "USD"), Money(-1, "USD"), Money(2**63, "USD"), Money(100, "XXX")]
)
def test_C13_amounts_that_are_none(bushra: Person, amount: Money) -> None:
    a_payout_account(bushra, NOW)
    with pytest.raises(NotDepositable):
        request_payout(by=bushra, amount=amount, at=NOW)


def test_nowhere_to_pay_to(bushra: Person) -> None:
    a_wallet_with(bushra, 1_000, NOW)
    with pytest.raises(NoPayoutAccount):
        request_payout(by=bushra, amount=Money(1_000, "USD"), at=NOW)


def test_A18_the_first_account_rests_too_and_its_owner_is_told(bushra: Person) -> None:
    a_wallet_with(bushra, 1_000, NOW)
    set_payout_account(by=bushra, holder="Eve", bank="Elsewhere", number="12345", at=NOW)
    with pytest.raises(AccountRests, match="2026-12-04 09:00 UTC"):
        request_payout(by=bushra, amount=Money(1_000, "USD"), at=NOW + timedelta(hours=71))
    paid = request_payout(by=bushra, amount=Money(1_000, "USD"), at=NOW + timedelta(hours=72))
    assert paid.state == "requested"
    deliver_events(at=NOW + timedelta(days=9), most=100)
    letter = Letter.objects.get(person=bushra, notice__kind="payout_account.set:owner")
    assert "nothing is paid there before 4 December 2026, 09:00" in letter.text


def test_A18_a_changed_account_rests_three_days(bushra: Person) -> None:
    a_wallet_with(bushra, 1_000, NOW)
    a_payout_account(bushra, NOW)
    set_payout_account(by=bushra, holder="Eve", bank="Elsewhere", number="12345", at=NOW)
    with pytest.raises(AccountRests, match="2026-12-04 09:00 UTC"):
        request_payout(by=bushra, amount=Money(1_000, "USD"), at=NOW + timedelta(hours=71))
    assert request_payout(by=bushra, amount=Money(1_000, "USD"), at=NOW + timedelta(hours=72)).is_in(
        "requested"
    )


def test_saying_the_same_account_again_changes_nothing(bushra: Person) -> None:
    a_payout_account(bushra, NOW)
    a_payout_account(bushra, NOW + timedelta(days=1))
    assert PayoutAccount.objects.get().set_at == NOW - REST


@pytest.mark.parametrize(
    ("holder", "bank", "number", "field"),
    [
        ("B", "Bank", "12345", "holder"),
        ("x" * 71, "Bank", "12345", "holder"),
        ("Bu\u202eshra", "Bank", "12345", "holder"),
        ("Bushra", "", "12345", "bank"),
        ("Bushra", "Bank", "123", "number"),
        ("Bushra", "Bank", "12345=cmd", "number"),
        ("Bushra", "Bank", "１２３４５", "number"),
        ("Bushra", "Bank", "PK36 SCBL 0000 0011 2345 6703", "number"),
        ("Bushra", "Bank", "1" * 35, "number"),
    ],
)
def test_accounts_that_cannot_be_paid_to(
    bushra: Person, holder: str, bank: str, number: str, field: str
) -> None:
    with pytest.raises(NotAnAccount) as refusal:
        set_payout_account(by=bushra, holder=holder, bank=bank, number=number, at=NOW)
    assert refusal.value.field == field


def test_an_iban_that_adds_up_is_taken(bushra: Person) -> None:
    account = set_payout_account(
        by=bushra, holder="Bushra", bank="Bank", number="pk36 SCBL 0000 0011 2345 6702", at=NOW
    )
    assert (account.number, account.masked) == ("PK36SCBL0000001123456702", "•••• 6702")


def test_C20_no_payout_is_in_two_batches(bushra: Person, olga: Person) -> None:
    a_requested_payout(bushra, 1_000, NOW)
    batch = open_payout_batch(by=olga, at=NOW)
    with pytest.raises(NothingToSend):
        open_payout_batch(by=olga, at=NOW)
    send_payout_batch(batch=batch, by=olga, at=NOW)
    with pytest.raises(Stale):
        send_payout_batch(batch=batch, by=olga, at=NOW)


def test_C22_an_operators_own_payout_is_another_operators(olga: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    payout = a_requested_payout(olga, 1_000, NOW)
    with pytest.raises(NothingToSend):
        open_payout_batch(by=olga, at=NOW)
    batch = open_payout_batch(by=oleg, at=NOW)
    with pytest.raises(OwnPayout):
        send_payout_batch(batch=batch, by=olga, at=NOW)
    send_payout_batch(batch=batch, by=oleg, at=NOW)
    with pytest.raises(OwnPayout):
        settle_payout(payout=payout, by=olga, at=NOW)
    with pytest.raises(OwnPayout):
        return_payout(payout=payout, reason="Mine again.", by=olga, at=NOW)
    assert settle_payout(payout=payout, by=oleg, at=NOW).state == "settled"


def test_C22_nobody_sends_money_to_their_own_account_under_another_name(olga: Person, bushra: Person) -> None:
    oleg, second = a_person("Oleg", operates=True), a_person("Another self")
    set_payout_account(by=olga, holder="Olga", bank="Bank", number="GB29 NWBK 6016 1331 9268 19", at=NOW)
    set_payout_account(by=second, holder="Olga", bank="Bank", number="gb29nwbk60161331926819", at=NOW)
    set_payout_account(by=olga, holder="Olga", bank="Bank", number="000111222", at=NOW)
    a_wallet_with(second, 1_000, NOW)
    payout = request_payout(by=second, amount=Money(1_000, "USD"), at=NOW + REST)
    with pytest.raises(NothingToSend):
        open_payout_batch(by=olga, at=NOW)
    a_requested_payout(bushra, 500, NOW)
    assert payout not in open_payout_batch(by=olga, at=NOW).payouts.all()
    batch = open_payout_batch(by=oleg, at=NOW)
    with pytest.raises(OwnPayout):
        send_payout_batch(batch=batch, by=olga, at=NOW)
    send_payout_batch(batch=batch, by=oleg, at=NOW)
    for verb in (settle_payout, return_payout):
        with pytest.raises(OwnPayout):
            verb(payout=payout, by=olga, at=NOW, **({"reason": "No."} if verb is return_payout else {}))


def test_who_does_not_operate_has_no_batches(bushra: Person, eve: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 1_000, NOW)
    with pytest.raises(NotFound):
        open_payout_batch(by=eve, at=NOW)
    batch = open_payout_batch(by=olga, at=NOW)
    with pytest.raises(NotFound):
        send_payout_batch(batch=batch, by=eve, at=NOW)
    with pytest.raises(NotFound):
        settle_payout(payout=payout, by=eve, at=NOW)


def test_C19_nothing_in_the_bank_file_calculates(bushra: Person, olga: Person) -> None:
    a_wallet_with(bushra, 123_456, NOW)
    set_payout_account(by=bushra, holder="=cmd|' /C calc'!A0", bank='+Bank, "Ltd"', number="12345", at=NOW)
    request_payout(by=bushra, amount=Money(123_456, "USD"), at=NOW + REST)
    batch = open_payout_batch(by=olga, at=NOW)
    header, row = csv.reader(file_of_batch(batch).content.decode().splitlines())
    assert tuple(header) == COLUMNS
    assert row[1:6] == ["'=cmd|' /C calc'!A0", '\'+Bank, "Ltd"', "12345", "1234.56", "USD"]


def a_sent_payout(person: Person, operator: Person) -> Payout:
    payout = a_requested_payout(person, 1_000, NOW)
    send_payout_batch(batch=open_payout_batch(by=operator, at=NOW), by=operator, at=NOW)
    payout.refresh_from_db()
    return payout


@pytest.mark.parametrize("settled", [False, True])
def test_P5_two_operators_put_a_payout_back(
    olga: Person, bushra: Person, eve: Person, *, settled: bool
) -> None:
    oleg, payout = a_person("Oleg", operates=True), a_sent_payout(bushra, olga)
    if settled:
        settle_payout(payout=payout, by=olga, at=NOW)
    state = "settled" if settled else "sent"
    assert return_payout(payout=payout, reason="Closed.", by=olga, at=NOW).state == state
    assert held(f"wallet:{bushra.party}") == 0
    with pytest.raises(WaitsForSecond):
        return_payout(payout=payout, reason="Closed.", by=oleg, at=NOW)
    decision = Decision.objects.get(subject_id=payout.pk)
    with pytest.raises(SecondNeeded):
        confirm_return(decision=decision, by=olga, at=NOW)
    with pytest.raises(NotFound):
        confirm_return(decision=decision, by=eve, at=NOW)
    back = confirm_return(decision=decision, by=oleg, at=NOW)
    assert (back.state, back.reason) == ("returned", "Closed.")
    assert held(f"wallet:{bushra.party}") == 1_000
    event = Event.objects.get(name="payout.returned")
    assert (event.by, event.facts["asked_by"]) == (oleg.pk, str(olga.pk))
    assert not what_is_broken()


def test_P5_who_is_paid_is_not_the_second(olga: Person, bushra: Person) -> None:
    oleg, third = a_person("Oleg", operates=True), a_person("Third", operates=True)
    payout = a_sent_payout(third, olga)
    return_payout(payout=payout, reason="Closed.", by=olga, at=NOW)
    decision = Decision.objects.get(subject_id=payout.pk)
    with pytest.raises(OwnPayout):
        confirm_return(decision=decision, by=third, at=NOW)
    assert confirm_return(decision=decision, by=oleg, at=NOW).state == "returned"


def test_P5_the_only_one_who_can_says_it_alone_and_the_log_says_so(olga: Person, bushra: Person) -> None:
    payout = a_sent_payout(bushra, olga)
    assert return_payout(payout=payout, reason="Closed.", by=olga, at=NOW).state == "returned"
    assert Event.objects.get(name="payout.returned").facts["alone"] is True


def test_P5_what_arrived_meanwhile_comes_back_too(olga: Person, bushra: Person) -> None:
    oleg, payout = a_person("Oleg", operates=True), a_sent_payout(bushra, olga)
    return_payout(payout=payout, reason="Closed.", by=olga, at=NOW)
    settle_payout(payout=payout, by=oleg, at=NOW)
    confirm_return(decision=Decision.objects.get(subject_id=payout.pk), by=oleg, at=NOW)
    assert (held(f"wallet:{bushra.party}"), held("outside:bank")) == (1_000, 0)
    assert not what_is_broken()
