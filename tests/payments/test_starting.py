"""A processor outside is asked when no transaction is open, and asked again when it is silent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from guildhall.kernel.models import Event
from guildhall.ledger.queries import balance_of
from guildhall.payments import gateways
from guildhall.payments.actions import ask_gateways, give_up_old_deposits, start_deposit
from guildhall.payments.gateways import Answer, Gateway, GatewaySilent, Instruction
from guildhall.payments.models import Deposit
from guildhall.payments.practice import pay_in_practice
from guildhall.payments.practice.bank import PracticeBank
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.cast import NOW
from tests.web.visiting import by

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


class FarBank(Gateway):
    """A processor at the other end of a wire; it hears what it is asked even when its answer gets lost."""

    rail = "far"
    called = "the far bank"
    is_outside = True
    can_take = True

    def __init__(self, *, loses: int = 0) -> None:
        self.loses = loses
        self.heard: list[str] = []

    def start(self, instruction: Instruction) -> Answer:
        assert not connection.in_atomic_block, "a call to the outside inside a transaction"
        assert (instruction.amount, instruction.at) == (usd(5_000), NOW)
        assert instruction.back_to.endswith("/work")
        self.heard.append(instruction.reference)
        if len(self.heard) <= self.loses:
            raise GatewaySilent("no answer within ten seconds")
        return Answer(page=f"https://far.example/{instruction.reference}")


def connected(far: FarBank, monkeypatch: pytest.MonkeyPatch) -> FarBank:
    both: dict[str, gateways.Gateway] = {"far": far, "practice": PracticeBank()}
    monkeypatch.setattr(gateways, "_gateways", lambda: both)
    return far


def begun(person: Person) -> Deposit:
    return start_deposit(by=person, amount=usd(5_000), at=NOW, back_to="/work")


def test_the_intent_first_then_the_call_then_its_answer(
    amara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = connected(FarBank(), monkeypatch)
    deposit = begun(amara)
    assert (deposit.pay_url, far.heard) == ("", [])
    assert "asking the bank for its page" in by(amara).get("/money/deposits").text
    assert ask_gateways(at=NOW) == 1
    assert ask_gateways(at=NOW) == 0
    deposit.refresh_from_db()
    assert deposit.pay_url == f"https://far.example/{deposit.pk}"
    assert deposit.pay_url in by(amara).get("/money/deposits").text


def test_C7_a_lost_answer_is_asked_for_again_under_the_same_reference(
    amara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = connected(FarBank(loses=2), monkeypatch)
    deposit = begun(amara)
    assert ask_gateways(at=NOW) == 0
    assert ask_gateways(at=NOW) == 0, "not at once again"
    assert ask_gateways(at=NOW + timedelta(seconds=1)) == 0
    assert ask_gateways(at=NOW + timedelta(seconds=10)) == 1
    assert far.heard == [str(deposit.pk)] * 3
    assert Deposit.objects.get().pay_url


def test_what_nobody_finishes_is_cancelled_after_a_day_and_its_money_taken_after_all(
    amara: Person, eve: Person
) -> None:
    deposit = begun(amara)
    assert give_up_old_deposits(at=NOW + DAY) == 0
    assert give_up_old_deposits(at=NOW + DAY + timedelta(seconds=1)) == 1
    assert give_up_old_deposits(at=NOW + 2 * DAY) == 0
    assert Deposit.objects.get().state == "cancelled"
    assert Event.objects.get(name="deposit.cancelled").facts["person"] == str(amara.pk)
    assert "Not finished in time" in by(amara).get("/money/deposits").text
    assert "Not finished in time" not in by(eve).get("/money/deposits").text
    assert Client().get("/money/deposits").status_code == 302
    pay_in_practice(deposit=deposit, at=NOW + 2 * DAY)
    assert Deposit.objects.get().state == "settled"
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(5_000)
    assert not what_is_broken()
