"""Every listed move is made, and every unlisted one is refused: all pairs of all tables."""

import itertools

import pytest

from guildhall.contracts.models import Contract, Milestone, Refund
from guildhall.contracts.states import CONTRACT_MOVES, MILESTONE_MOVES, REFUND_MOVES
from guildhall.disputes.models import Case, Offer
from guildhall.disputes.states import CASE_MOVES, OFFER_MOVES
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Stateful
from guildhall.kernel.states import ForbiddenMove, move
from tests.cast import NOW

TABLES: list[tuple[type[Stateful], dict[str, set[str]]]] = [
    (Contract, CONTRACT_MOVES),
    (Milestone, MILESTONE_MOVES),
    (Refund, REFUND_MOVES),
    (Case, CASE_MOVES),
    (Offer, OFFER_MOVES),
]
UNLISTED = [
    pytest.param(model, before, after, id=f"{model.NOUN}-{before}-{after}")
    for model, moves in TABLES
    for before, after in itertools.product(moves, moves)
    if after not in moves[before]
]


@pytest.mark.parametrize(("model", "before", "after"), UNLISTED)
def test_B9_an_unlisted_move_is_refused(model: type[Stateful], before: str, after: str) -> None:
    thing = model(id=new_id(), state=before, moved_at=NOW)
    with pytest.raises(ForbiddenMove):
        move(thing, after, by=None, at=NOW)
    assert thing.state == before


@pytest.mark.parametrize(("model", "moves"), TABLES)
def test_every_state_that_can_be_reached_is_in_the_table(
    model: type[Stateful], moves: dict[str, set[str]]
) -> None:
    assert set().union(*moves.values()) <= set(moves)
    assert any(not following for following in moves.values()), "something must be able to end"
