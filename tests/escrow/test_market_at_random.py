"""Money moved at random between people, holds and banks: every promise holds after every step."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guildhall.escrow.actions import (
    Payer,
    freeze_hold,
    hold_money,
    mature_clearing,
    release_hold,
    return_hold,
    split_hold,
    thaw_hold,
)
from guildhall.escrow.models import Hold
from guildhall.escrow.rules import Deduction
from guildhall.kernel.errors import Refusal
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import snapshot_derived
from tests.builders.contracts import what_is_broken

PEOPLE = [f"person:{name}" for name in "abc"]
CURRENCIES = ["USD", "JPY"]
OURS = ("L", "E2", "E4", "E5", "E6", "E7", "escrow.")

people = st.sampled_from(PEOPLE)
currencies = st.sampled_from(CURRENCIES)
amounts = st.one_of(st.integers(1, 20), st.integers(1, 20_000))
shares = st.integers(0, 1_000)


class Market(RuleBasedStateMachine):
    """One hall's money; whatever is refused must have changed nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = datetime(2026, 1, 1, tzinfo=UTC)
        self.holds: list[Hold] = []
        self.keys: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def attempt(self, deed: Any) -> Any:
        self.at += timedelta(hours=5)
        try:
            return deed()
        except Refusal:
            return None

    @rule(who=people, minor=amounts, currency=currencies)
    def pay_in(self, who: str, minor: int, currency: str) -> None:
        flow = Flow("outside:practice", f"wallet:{who}", minor, currency)
        move_money(kind="deposit.settled", key=f"deposit:{new_id()}", flows=[flow], by=None, at=self.at)

    @rule(who=people, minor=amounts, currency=currencies)
    def pay_out(self, who: str, minor: int, currency: str) -> None:
        flow = Flow(f"wallet:{who}", "outside:bank", minor, currency)
        self.attempt(
            lambda: move_money(
                kind="payout.settled", key=f"payout:{new_id()}", flows=[flow], by=None, at=self.at
            )
        )

    @rule(
        payers=st.lists(st.tuples(people, amounts), min_size=1, max_size=2, unique_by=lambda pair: pair[0]),
        worker=people,
        currency=currencies,
        fee=shares,
        client_fee=amounts,
        days=st.integers(0, 5),
    )
    def set_aside(
        self,
        *,
        payers: list[tuple[str, int]],
        worker: str,
        currency: str,
        fee: int,
        client_fee: int,
        days: int,
    ) -> None:
        hold = self.attempt(
            lambda: hold_money(
                purpose=f"milestone:{new_id()}",
                payers=[Payer(who, Money(minor, currency)) for who, minor in payers],
                currency=currency,
                deductions=[Deduction("fees:work", fee, "fee"), Deduction("tax:fbr:income", 200, "tax")],
                worker=worker,
                client_fee=client_fee % 50,
                clearing_days=days,
                by=None,
                at=self.at,
            )
        )
        if hold:
            self.holds.append(hold)

    @precondition(lambda self: self.holds)
    @rule(
        data=st.data(),
        verb=st.sampled_from([release_hold, return_hold]),
        minor=amounts,
        all_of_it=st.booleans(),
    )
    def let_go(self, data: st.DataObject, verb: Any, minor: int, *, all_of_it: bool) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        amount = Money(hold.left - hold.frozen if all_of_it else minor, hold.currency)
        key = new_id()
        self.attempt(lambda: verb(hold=hold, amount=amount, key=key, by=None, at=self.at))
        self.keys.append((verb, hold, amount, key))

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        verb, hold, amount, key = data.draw(st.sampled_from(self.keys))
        self.attempt(lambda: verb(hold=hold, amount=amount, key=key, by=None, at=self.at))

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), one=st.integers(0, 5_000), two=st.integers(0, 5_000))
    def split(self, data: st.DataObject, one: int, two: int) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        self.attempt(
            lambda: split_hold(
                hold=hold,
                to_worker=Money(one, hold.currency),
                to_client=Money(two, hold.currency),
                key=new_id(),
                by=None,
                at=self.at,
            )
        )

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), minor=amounts, thaw=st.booleans())
    def freeze_or_thaw(self, data: st.DataObject, minor: int, *, thaw: bool) -> None:
        hold = data.draw(st.sampled_from(self.holds))
        amount = Money(minor, hold.currency)
        if thaw:
            self.attempt(lambda: thaw_hold(hold=hold, amount=amount, by=None, at=self.at))
        else:
            self.attempt(lambda: freeze_hold(hold=hold, amount=amount, reason="case:x", by=None, at=self.at))

    @rule(minor=amounts, currency=currencies, whole=st.booleans())
    def give_round(self, minor: int, currency: str, *, whole: bool) -> None:
        moves = [
            Move("test.moved", f"round:{new_id()}", [Flow(f"wallet:{one}", f"wallet:{two}", minor, currency)])
            for one, two in zip(PEOPLE, PEOPLE[1:] + PEOPLE[:1], strict=True)
        ]
        self.attempt(lambda: move_batch(moves=moves, by=None, at=self.at, whole=whole))

    @rule(days=st.integers(0, 6))
    def let_time_pass(self, days: int) -> None:
        self.at += timedelta(days=days)
        mature_clearing(at=self.at)
        snapshot_derived(at=self.at)

    @invariant()
    def everything_holds(self) -> None:
        assert what_is_broken(OURS) == {}


@pytest.mark.xdist_group("market")
@pytest.mark.django_db
def test_every_promise_holds_after_every_step() -> None:
    quiet = settings(
        max_examples=15,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Market, settings=quiet)
