"""The money door: one movement, or many at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.ledger.literals import array_of_numbers, array_of_texts, array_of_truths
from guildhall.ledger.models import Movement
from guildhall.ledger.refusals import BatchRefused, KeyReused, Overdraft
from guildhall.ledger.rules import is_derived


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount of minor units that leaves one account and reaches another."""

    source: str
    target: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Move:
    """One movement of a batch."""

    kind: str
    key: str
    flows: Sequence[Flow]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of a batch.

    Args:
        moved: how many movements are new.
        repeated: how many had been made before, exactly so.
        refused: the reason for each of the others, by key.
    """

    moved: int
    repeated: int = 0
    refused: dict[str, Refusal] = field(default_factory=dict)


_MOVE = """
SELECT outcome, movement, code, missing FROM ledger_move(
    %s::text[], %s::text[], %s::boolean[], %s, %s, %s::integer[], %s::integer[], %s::bigint[], %s::uuid,
    %s::timestamptz, %s::jsonb, %s::bigint)
"""

_MOVE_BATCH = """
SELECT place, outcome, code, missing FROM ledger_move_batch(
    %s::text[], %s::text[], %s::boolean[], %s::text[], %s::text[], %s::jsonb[], %s::integer[], %s::smallint[],
    %s::integer[], %s::integer[], %s::bigint[], %s::uuid, %s::timestamptz)
"""


def move_money(
    *,
    kind: str,
    key: str,
    flows: Sequence[Flow],
    by: UUID | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    reverses: int | None = None,
) -> Movement:
    """Move money once per key: the same key with the same content answers with the movement that it made.

    It is one statement, so it stands or falls by itself where no transaction is open and with the caller's
    verb where one is; a transaction of its own would only cost two more round trips.

    Args:
        kind: one of the kinds of movement that the books know: ``hold.placed``.
        key: the business cause, unique for ever.
        flows: at least one; amounts above zero.
        by: who caused it; None for the hall itself.
        at: when, as the verb was told.
        facts: what an accountant will want to know, as JSON values.
        reverses: the number of the movement that this one corrects.

    Raises:
        Overdraft: a floored account would fall below zero.
        KeyReused: the key has moved something else.
    """
    names = _Names()
    sources, targets, amounts = names.columns_of(flows)
    values: list[Any] = [*names.columns(), kind, key]
    values += map(array_of_numbers, (sources, targets, amounts))
    values += [by, at, json.dumps(facts or {}), reverses]
    ((outcome, number, code, missing),) = _ask(_MOVE, values)
    if outcome in {"moved", "same"}:
        return Movement(id=number, kind=kind, key=key, by=by, at=at, facts=facts or {}, reverses_id=reverses)
    raise _refusal(outcome, code, missing, flows)


@transaction.atomic
def move_batch(*, moves: Sequence[Move], by: UUID | None, at: datetime, whole: bool = True) -> BatchOutcome:
    """Make many movements in one transaction; each is idempotent by its own key.

    A batch is one instant: an account may spend what another movement of the same batch brings it, in
    whatever order they stand.

    Args:
        moves: the movements; their keys all differ.
        by: who caused them.
        at: when, as the verb was told.
        whole: refuse everything if one cannot be made; else exactly those stay out that cannot be paid for,
            the later ones of two that want the same money.

    Raises:
        BatchRefused: a whole batch holds movements that cannot be made; it names each with its reason.
    """
    if not moves:
        return BatchOutcome(0)
    names = _Names()
    places: list[int] = []
    steps: list[int] = []
    flows: list[Flow] = []
    for place, move in enumerate(moves, start=1):
        places += [place] * len(move.flows)
        steps += range(1, len(move.flows) + 1)
        flows += move.flows
    sources, targets, amounts = names.columns_of(flows)
    values = [
        *names.columns(),
        array_of_texts(move.kind for move in moves),
        array_of_texts(move.key for move in moves),
        array_of_texts(json.dumps(move.facts) for move in moves)
        if any(move.facts for move in moves)
        else "{}",
        *map(array_of_numbers, (places, steps, sources, targets, amounts)),
        by,
        at,
    ]
    outcomes = _ask(_MOVE_BATCH, values)
    if not outcomes:
        return BatchOutcome(moved=len(moves))
    refused = {
        moves[place - 1].key: _refusal(outcome, code, missing, moves[place - 1].flows)
        for place, outcome, code, missing in outcomes
        if outcome not in {"moved", "same"}
    }
    if refused and whole:
        raise BatchRefused(refused)
    said = [outcome for _place, outcome, _code, _missing in outcomes]
    return BatchOutcome(said.count("moved"), said.count("same"), refused)


def _ask(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Call a function of the database as a prepared statement, in whatever transaction is open.

    Django's own cursor writes the values into the text, which the server then parses and plans anew each
    time: a third of what a movement costs.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, values, prepare=True).fetchall()


def _refusal(outcome: str, code: str, missing: int, flows: Sequence[Flow]) -> Refusal:
    if outcome == "other":
        return KeyReused()
    currency = next(flow.currency for flow in flows if code in {flow.source, flow.target})
    return Overdraft(code, Money(missing, currency))


class _Names:
    """The accounts of some flows, each named once; flows speak of them by their place."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], int] = {}

    def columns_of(self, flows: Sequence[Flow]) -> tuple[list[int], list[int], list[int]]:
        """The flows' sources, targets and amounts."""
        places = self._places
        sources: list[int] = []
        targets: list[int] = []
        amounts: list[int] = []
        for flow in flows:
            assert flow.amount > 0, "a posting moves something"
            sources.append(places.setdefault((flow.source, flow.currency), len(places) + 1))
            targets.append(places.setdefault((flow.target, flow.currency), len(places) + 1))
            amounts.append(flow.amount)
        return sources, targets, amounts

    def columns(self) -> tuple[str, str, str]:
        """The names, their currencies, and which are derived."""
        return (
            array_of_texts(code for code, _currency in self._places),
            array_of_texts(currency for _code, currency in self._places),
            array_of_truths(is_derived(code) for code, _currency in self._places),
        )
