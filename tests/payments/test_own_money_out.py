"""The hall's own money leaves by two operators: fees, tax, credits, corrections; never more than there is."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.events import events_found
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    NoSecondOperator,
    NotCorrectable,
    NotOfTheHall,
    NotSoMuch,
    OwnPayout,
    confirm_decision,
    correct_movement,
    end_own_transfer,
    fill_reserve,
    fill_reserve_from_fees,
    give_credit,
    pay_tax,
    set_payout_account,
    take_out_fees,
)
from guildhall.payments.models import OwnTransfer
from guildhall.people.actions import SecondNeeded, WaitsForSecond
from guildhall.people.models import Decision, Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import a_wallet_with
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

OWNER: dict[str, Any] = {"holder": "The hall’s owner", "number": "000111222", "reason": "Fees of November."}


@pytest.fixture
def oleg(db: None) -> Person:
    return a_person("Oleg", operates=True)


def held(code: str) -> int:
    return balance_of(code, "USD").minor


def income(person: Person, minor: int = 5_000, account: str = "fees:work") -> None:
    """Fees or tax that were taken of what somebody paid in."""
    a_wallet_with(person, minor, NOW)
    flow = Flow(f"wallet:{person.party}", account, minor, "USD")
    move_money(kind="hold.released", key=f"test:{account}:{minor}", flows=[flow], by=None, at=NOW)


def own_broken() -> set[str]:
    """What is broken, but for the income that has no hold behind it."""
    return {name for name in what_is_broken() if name.startswith(("L", "P5", "payments"))}


def test_P5_fees_are_taken_out_by_two_and_arrive(
    olga: Person, oleg: Person, bushra: Person, eve: Person
) -> None:
    income(bushra)
    with pytest.raises(NotFound):
        take_out_fees(account="fees:work", amount=usd(3_000), by=eve, at=NOW, **OWNER)
    decision = take_out_fees(account="fees:work", amount=usd(3_000), by=olga, at=NOW, **OWNER)
    assert (held("fees:work"), OwnTransfer.objects.count()) == (5_000, 0)
    with pytest.raises(SecondNeeded):
        confirm_decision(decision=decision, by=olga, at=NOW)
    with pytest.raises(NotFound):
        confirm_decision(decision=decision, by=eve, at=NOW)
    confirm_decision(decision=decision, by=oleg, at=NOW)
    transfer = OwnTransfer.objects.get()
    assert (transfer.state, held("fees:work"), held(transfer.transit)) == ("sent", 2_000, 3_000)
    end = end_own_transfer(transfer=transfer, arrived=True, by=oleg, at=NOW)
    with pytest.raises(SecondNeeded):
        confirm_decision(decision=end, by=oleg, at=NOW)
    confirm_decision(decision=end, by=olga, at=NOW)
    transfer.refresh_from_db()
    assert (transfer.state, held(transfer.transit), held("outside:bank")) == ("settled", 0, 3_000)
    assert own_broken() == set()


@pytest.mark.parametrize("arrived", [False, True])
def test_P5_what_the_bank_sends_back_is_income_again(
    olga: Person, oleg: Person, bushra: Person, *, arrived: bool
) -> None:
    income(bushra, account="tax:fbr:income")
    decision = pay_tax(account="tax:fbr:income", amount=usd(5_000), by=olga, at=NOW, **OWNER)
    confirm_decision(decision=decision, by=oleg, at=NOW)
    transfer = OwnTransfer.objects.get()
    for end in [True, False] if arrived else [False]:
        said = end_own_transfer(transfer=transfer, arrived=end, reason="No such account.", by=olga, at=NOW)
        confirm_decision(decision=said, by=oleg, at=NOW)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.returned_because) == ("returned", "No such account.")
    assert (held("tax:fbr:income"), held(transfer.transit), held("outside:bank")) == (5_000, 0, 0)
    with pytest.raises(Stale):
        end_own_transfer(transfer=transfer, arrived=True, by=olga, at=NOW)
    assert own_broken() == set()


def test_never_more_than_an_account_holds_also_when_two_were_asked_for(
    olga: Person, oleg: Person, bushra: Person
) -> None:
    income(bushra)
    with pytest.raises(NotSoMuch, match=r"50\.00 USD"):
        take_out_fees(account="fees:work", amount=usd(5_001), by=olga, at=NOW, **OWNER)
    with pytest.raises(NotSoMuch):
        take_out_fees(account="fees:work", amount=Money(1, "EUR"), by=olga, at=NOW, **OWNER)
    first = take_out_fees(account="fees:work", amount=usd(3_000), by=olga, at=NOW, **OWNER)
    second = fill_reserve_from_fees(account="fees:work", amount=usd(3_000), by=olga, at=NOW)
    confirm_decision(decision=first, by=oleg, at=NOW)
    with pytest.raises(NotSoMuch):
        confirm_decision(decision=second, by=oleg, at=NOW)
    assert (held("fees:work"), held("reserve"), Decision.objects.get(pk=second.pk).state) == (
        2_000,
        0,
        "asked",
    )


@pytest.mark.parametrize("account", ["wallet:person:x", "tax:fbr:income", "escrow:x", "outside:bank", ""])
def test_only_income_is_taken_out(olga: Person, oleg: Person, account: str) -> None:
    for verb in (take_out_fees, fill_reserve_from_fees):
        said = OWNER if verb is take_out_fees else {}
        with pytest.raises(NotOfTheHall):
            verb(account=account, amount=usd(1), by=olga, at=NOW, **said)
    with pytest.raises(NotOfTheHall):
        pay_tax(account="fees:work", amount=usd(1), by=olga, at=NOW, **OWNER)


def test_P5_nobody_moves_the_halls_money_alone(olga: Person, bushra: Person) -> None:
    income(bushra)
    fill_reserve(amount=usd(1_000), by=olga, at=NOW)  # what comes in, one may write down
    number = Movement.objects.get(kind="reserve.filled").pk
    asked: list[Callable[..., object]] = [
        partial(take_out_fees, account="fees:work", amount=usd(1), **OWNER),
        partial(fill_reserve_from_fees, account="fees:work", amount=usd(1)),
        partial(give_credit, person=bushra, amount=usd(1), reason="We were slow."),
        partial(correct_movement, number=number, reason="It was a mistake."),
    ]
    for verb in asked:
        with pytest.raises(NoSecondOperator):
            verb(by=olga, at=NOW)
    assert not Decision.objects.exists()


def test_C22_who_is_paid_by_it_is_not_the_second(olga: Person, oleg: Person, bushra: Person) -> None:
    third = a_person("Third", operates=True)
    income(bushra)
    set_payout_account(by=oleg, holder="Oleg", bank="Bank", number="000 111 222", at=NOW)
    out = take_out_fees(account="fees:work", amount=usd(1_000), by=olga, at=NOW, **OWNER)
    with pytest.raises(OwnPayout):
        confirm_decision(decision=out, by=oleg, at=NOW)
    confirm_decision(decision=out, by=third, at=NOW)


def test_C22_nobody_gives_themselves_a_credit(olga: Person, oleg: Person, bushra: Person) -> None:
    third, another_self = a_person("Third", operates=True), a_person("Self")
    fill = fill_reserve(amount=usd(5_000), by=olga, at=NOW)
    assert fill is not None
    confirm_decision(decision=fill, by=oleg, at=NOW)
    with pytest.raises(OwnPayout):
        give_credit(person=olga, amount=usd(1_000), reason="A bonus.", by=olga, at=NOW)
    for person in (oleg, another_self):
        set_payout_account(by=person, holder="Oleg", bank="Bank", number="123456", at=NOW)
    credit = give_credit(person=another_self, amount=usd(1_000), reason="We were slow.", by=olga, at=NOW)
    with pytest.raises(OwnPayout):
        confirm_decision(decision=credit, by=oleg, at=NOW)
    confirm_decision(decision=credit, by=third, at=NOW)
    assert (held("reserve"), held(f"wallet:{another_self.party}")) == (4_000, 1_000)
    event = events_found(name="credit.given").get()
    assert (event.by, event.facts["asked_by"], event.facts["reason"]) == (
        third.pk,
        str(olga.pk),
        "We were slow.",
    )


def test_C23_a_credit_comes_out_of_the_reserve_and_nothing_else(
    olga: Person, oleg: Person, bushra: Person, chen: Person
) -> None:
    a_wallet_with(chen, 9_000, NOW)
    with pytest.raises(NotSoMuch):
        give_credit(person=bushra, amount=usd(1), reason="We were slow.", by=olga, at=NOW)
    assert held(f"wallet:{chen.party}") == 9_000


def test_a_correction_moves_back_once_and_names_what_it_corrects(
    olga: Person, oleg: Person, bushra: Person, chen: Person
) -> None:
    fill = fill_reserve(amount=usd(5_000), by=olga, at=NOW)
    assert fill is not None
    confirm_decision(decision=fill, by=oleg, at=NOW)
    credit = give_credit(person=bushra, amount=usd(1_000), reason="We were slow.", by=olga, at=NOW)
    confirm_decision(decision=credit, by=oleg, at=NOW)
    given = Movement.objects.get(kind="credit.given")
    asked = correct_movement(number=given.pk, reason="It was Chen’s.", by=olga, at=NOW)
    with pytest.raises(WaitsForSecond):
        correct_movement(number=given.pk, reason="It was Chen’s.", by=oleg, at=NOW)
    with pytest.raises(SecondNeeded):
        confirm_decision(decision=asked, by=olga, at=NOW)
    confirm_decision(decision=asked, by=oleg, at=NOW)
    assert (held("reserve"), held(f"wallet:{bushra.party}")) == (5_000, 0)
    assert Movement.objects.get(kind="correction.made").reverses_id == given.pk
    with pytest.raises(NotCorrectable):
        correct_movement(number=given.pk, reason="Again and again.", by=olga, at=NOW)
    deposit = a_wallet_with(chen, 100, NOW)
    other = Movement.objects.get(key__startswith=f"deposit:{deposit.pk}")
    for number in (other.pk, 10**12):
        with pytest.raises(NotCorrectable):
            correct_movement(number=number, reason="It was a mistake.", by=olga, at=NOW)
    assert own_broken() == set()


def test_what_is_spent_cannot_be_taken_back(olga: Person, oleg: Person, bushra: Person) -> None:
    fill = fill_reserve(amount=usd(1_000), by=olga, at=NOW)
    assert fill is not None
    confirm_decision(decision=fill, by=oleg, at=NOW)
    credit = give_credit(person=bushra, amount=usd(1_000), reason="We were slow.", by=olga, at=NOW)
    confirm_decision(decision=credit, by=oleg, at=NOW)
    number = Movement.objects.get(kind="credit.given").pk
    asked = correct_movement(number=number, reason="It was Chen’s.", by=olga, at=NOW)
    flow = Flow(f"wallet:{bushra.party}", "fees:work", 1, "USD")
    move_money(kind="hold.placed", key="test:spent", flows=[flow], by=bushra.pk, at=NOW)
    with pytest.raises(NotSoMuch):
        confirm_decision(decision=asked, by=oleg, at=NOW)
    assert Decision.objects.get(pk=asked.pk).state == "asked"
