"""Any batch against a book-keeper who takes one movement after the other with pen and paper."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.kernel.errors import Refusal
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import seal_settled, snapshot_derived
from guildhall.ledger.models import Movement
from guildhall.ledger.queries import balances_of
from guildhall.ledger.refusals import BatchRefused
from guildhall.ledger.rules import is_derived
from tests.builders.contracts import what_is_broken

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WALLETS = [f"wallet:{name}" for name in "abc"]
ACCOUNTS = [*WALLETS, "escrow:1", "fees:work", "outside:bank"]

pytestmark = pytest.mark.django_db


@st.composite
def a_flow(draw: st.DrawFn) -> Flow:
    source, target = draw(st.permutations(ACCOUNTS))[:2]
    return Flow(source, target, draw(st.integers(1, 9)), "USD")


OPENING = st.lists(st.integers(0, 12), min_size=len(WALLETS), max_size=len(WALLETS))
BATCH = st.lists(st.lists(a_flow(), min_size=1, max_size=3), min_size=1, max_size=8)


class BookKeeper:
    """Takes whole movements, one by one, never below zero."""

    def __init__(self, opening: Sequence[int]) -> None:
        self.held = Counter(dict(zip(WALLETS, opening, strict=True)))
        self.held["outside:bank"] -= sum(opening)

    def takes(self, flows: Sequence[Flow]) -> bool:
        """Whether all of these leave every floored account at zero or above; then they have moved."""
        after = self.held.copy()
        for flow in flows:
            after[flow.source] -= flow.amount
            after[flow.target] += flow.amount
        if any(amount < 0 and not is_derived(code) for code, amount in after.items()):
            return False
        self.held = after
        return True

    def takes_of(self, batch: Sequence[Sequence[Flow]]) -> set[int]:
        """Which movements of a batch move: all as one where that goes, else each as soon as it can."""
        if self.takes([flow for flows in batch for flow in flows]):
            return set(range(len(batch)))
        moved: set[int] = set()
        while True:
            before = len(moved)
            for place, flows in enumerate(batch):
                if place not in moved and self.takes(flows):
                    moved.add(place)
            if len(moved) == before:
                return moved


def opened(opening: Sequence[int]) -> None:
    for wallet, amount in zip(WALLETS, opening, strict=True):
        if amount:
            flows = [Flow("outside:bank", wallet, amount, "USD")]
            move_money(kind="credit.given", key=f"opening:{wallet}", flows=flows, by=None, at=AT)


def moves_of(batch: Sequence[Sequence[Flow]]) -> list[Move]:
    return [Move("credit.given", f"batch:{place}", flows) for place, flows in enumerate(batch)]


def held() -> dict[str, int]:
    return {code: money.minor for code, money in balances_of(ACCOUNTS, "USD").items()}


@given(opening=OPENING, batch=BATCH)
@settings(max_examples=150, deadline=None)
def test_C01_exactly_those_are_refused_that_nothing_pays_for(
    opening: list[int], batch: list[list[Flow]]
) -> None:
    keeper = BookKeeper(opening)
    with transaction.atomic():
        opened(opening)
        outcome = move_batch(moves=moves_of(batch), by=None, at=AT, whole=False)
        expected = keeper.takes_of(batch)
        assert set(outcome.refused) == {f"batch:{place}" for place in set(range(len(batch))) - expected}
        assert (outcome.moved, outcome.repeated) == (len(expected), 0)
        assert held() == {code: keeper.held[code] for code in ACCOUNTS}
        assert {reason.code for reason in outcome.refused.values()} <= {"overdraft"}
        assert Movement.objects.filter(key__startswith="batch:").count() == len(expected)

        again = move_batch(moves=moves_of(batch), by=None, at=AT, whole=False)
        assert (again.moved, again.repeated) == (0, len(expected)), "each is idempotent by its own key"
        assert held() == {code: keeper.held[code] for code in ACCOUNTS}
        transaction.set_rollback(True)


@given(opening=OPENING, batch=BATCH)
@settings(max_examples=100, deadline=None)
def test_C01_a_whole_batch_moves_or_nothing_does(opening: list[int], batch: list[list[Flow]]) -> None:
    keeper = BookKeeper(opening)
    with transaction.atomic():
        opened(opening)
        before = held()
        expected = keeper.takes_of(batch)
        refused: dict[str, Refusal] = {}
        try:
            move_batch(moves=moves_of(batch), by=None, at=AT)
        except BatchRefused as refusal:
            refused = refusal.refused
        assert len(refused) == len(batch) - len(expected)
        if refused:
            assert held() == before
            assert not Movement.objects.filter(key__startswith="batch:").exists()
        else:
            assert held() == {code: keeper.held[code] for code in ACCOUNTS}
        transaction.set_rollback(True)


@given(opening=OPENING, batches=st.lists(BATCH, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_L01_L02_L03_L05_L06_L07_the_books_hold_after_any_batches(
    opening: list[int], batches: list[list[list[Flow]]]
) -> None:
    """Movements have postings, currencies sum to nothing, balances are sums, floors hold, keys stand once."""
    with transaction.atomic():
        opened(opening)
        for number, batch in enumerate(batches):
            moves = [Move("credit.given", f"{number}:{place}", flows) for place, flows in enumerate(batch)]
            move_batch(moves=moves, by=None, at=AT, whole=False)
            seal_settled(at=AT)
            snapshot_derived(at=AT)
        # What lies at the rails covers what is owed only where no nonsense pays people out of the fees.
        assert set(what_is_broken(("L",))) <= {"L10"}
        transaction.set_rollback(True)


def test_who_spends_what_a_later_one_brings_waits_for_it_although_another_is_short() -> None:
    batch = [
        [Flow("wallet:a", "escrow:1", 100, "USD")],
        [Flow("wallet:b", "escrow:1", 1, "USD")],
        [Flow("outside:bank", "wallet:a", 100, "USD")],
    ]
    outcome = move_batch(moves=moves_of(batch), by=None, at=AT, whole=False)
    assert (outcome.moved, list(outcome.refused)) == (2, ["batch:1"])
    assert held()["escrow:1"] == 100
