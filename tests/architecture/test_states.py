"""Every table of moves: what it lists works, what it does not list is refused, and the drawing shows it."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection

from guildhall.config.state_diagrams import stateful_models, states_page
from guildhall.kernel.errors import Stale
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event, Stateful
from guildhall.kernel.states import ForbiddenMove, move
from tests.architecture.source import ROOT

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODELS = list(stateful_models())
PASSAGES = [
    pytest.param(model, state, to, id=f"{model._meta.label}: {state} to {to}")
    for model in MODELS
    for state in model.MOVES
    for to in model.MOVES
]


def _in_state(model: type[Stateful], state: str) -> Stateful:
    """A row with nothing but its state, in a table of this session that hides the real one.

    Which rows the product can reach is for each package's own tests; here only the door is tried.
    """
    table = model._meta.db_table
    thing = model(id=new_id(), state=state, moved_at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMPORARY TABLE "{table}" ON COMMIT DROP AS TABLE public."{table}" WITH NO DATA'
        )
        cursor.execute(
            f'INSERT INTO pg_temp."{table}" (id, state, moved_at) VALUES (%s, %s, %s)',  # noqa: S608 - our table
            [thing.pk, state, AT],
        )
    return thing


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "state", "to"), PASSAGES)
def test_what_is_listed_works_and_nothing_else_does(model: type[Stateful], state: str, to: str) -> None:
    thing = _in_state(model, state)
    if to in model.MOVES[state]:
        move(thing, to, by=None, at=AT)
        assert thing.state == to
        assert Event.objects.get(subject_id=thing.pk).name == f"{model.NOUN}.{to}"
    else:
        with pytest.raises(ForbiddenMove):
            move(thing, to, by=None, at=AT)
        assert not Event.objects.filter(subject_id=thing.pk).exists()


ENDS = {
    "bank_file": {"booked"},
    "sender_refund": {"returned"},
    "certificate": {"withdrawn"},
    "own_transfer": {"returned"},
    "decision": {"confirmed", "dropped"},
    "difference": {"closed"},
    "deposit": set[str](),  # a processor may always change its mind
    "quote": {"accepted"},
    "savings_goal": {"ended"},
    "payout_batch": {"sent"},
    "payout": {"returned"},
    "hold": {"closed"},
    "release": {"matured", "returned"},
    "contract": {"ended"},
    "milestone": {"dropped", "released", "returned", "settled"},
    "refund": {"agreed", "declined", "disputed", "withdrawn"},
    "case": {"agreed", "ruled", "withdrawn"},
    "offer": {"accepted", "lapsed", "replaced"},
    "chargeback": {"given_back"},
    "deposit_refund": {"returned"},
    "job": {"closed", "expired", "filled"},
    "proposal": {"accepted", "declined", "withdrawn"},
}
"""Where the life of each thing ends (E8), said a second time: no table opens a way out unnoticed."""


def test_nothing_leads_out_of_what_has_ended() -> None:
    ends = {model.NOUN: {state for state, to in model.MOVES.items() if not to} for model in MODELS}
    assert ends == ENDS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_table_of_moves_is_whole(model: type[Stateful]) -> None:
    reached = {to for following in model.MOVES.values() for to in following}
    assert reached <= set(model.MOVES), "a move leads to a state that the table does not know"
    assert [state for state in model.MOVES if state not in reached], "nothing ever begins"


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_the_database_knows_the_same_states(model: type[Stateful]) -> None:
    """Its own constraint, whatever writes: a state that no table of moves knows cannot be stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = %s AND conrelid = %s::regclass",
            [f"{model.NOUN}_state_is_known", model._meta.db_table],
        )
        found = cursor.fetchone()
    assert found, f"{model._meta.label} has no such constraint"
    assert set(re.findall(r"'([a-z_]+)'", found[0])) == set(model.MOVES)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_who_comes_second_is_told_so_and_changes_nothing(model: type[Stateful]) -> None:
    state, to = next((state, min(nexts)) for state, nexts in model.MOVES.items() if nexts)
    thing = _in_state(model, state)
    stale = model(id=thing.pk, state=state, moved_at=AT)
    move(thing, to, by=None, at=AT)
    with pytest.raises(Stale) as refused:
        move(stale, to, by=None, at=AT)
    assert not isinstance(refused.value, ForbiddenMove)
    assert (stale.state, Event.objects.filter(subject_id=thing.pk).count()) == (state, 1)


def test_no_two_things_share_a_noun() -> None:
    nouns = [model.NOUN for model in MODELS]
    assert len(nouns) == len(set(nouns))


def test_the_drawing_is_as_the_code_says() -> None:
    """`python3 run.py docs` draws it anew."""
    assert (ROOT / "docs" / "states.md").read_text() == states_page()
