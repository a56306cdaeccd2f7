"""`guildhall bench books`: the same questions to small and to large books."""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

import psycopg

from guildhall.bench.figures import Figure, figure, print_figures
from guildhall.bench.sizes import at_least
from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import close_finished_months, seal_settled, snapshot_derived
from guildhall.ledger.months import balance_at, months_of, statement_for_month
from guildhall.ledger.queries import balance_of, statement_of

_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_A_MONTH: Final = timedelta(days=30)
_MONTHLY: Final = 5_000  # movements: as long as this hall is small
_AT_ONCE: Final = 5_000
_ASKED: Final = 40  # times a round
_DURABLE: Final = "one more movement"  # waits for the disk, whose mood is not a matter of size: no goal
_AT_MOST: Final = 2.0  # times the smallest: what is flat may still miss a cache

type Question = Callable[[random.Random], object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to measure."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--movements", type=at_least(1), default=10_000, help="in the smallest books (10,000)"
    )
    parser.add_argument(
        "--steps", type=at_least(1), default=3, help="sizes, each ten times the one before (3)"
    )
    parser.add_argument(
        "--people",
        type=at_least(1),
        default=200,
        help="people with a wallet: each fills a page even in the smallest (200)",
    )
    parser.add_argument("--rounds", type=at_least(1), default=5, help="rounds at each size (5)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of people")


def run(options: argparse.Namespace) -> int:
    """Fill the books further and further, ask in between, print."""
    return print_figures(_figures(options), as_json=options.json)


def _figures(options: argparse.Namespace) -> Iterator[Figure]:
    draw = random.Random(options.seed)
    asked: dict[str, list[float]] = {}
    written = 0
    for step in range(options.steps):
        wanted = options.movements * 10**step
        with options.progress(f"Filling the books up to {wanted:,} movements") as tell:
            _fill(draw, options.people, written, wanted, tell)
        end = _when(wanted)
        with psycopg.connect(options.hall.owner_url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
        for name, question in _questions(options.people, end).items():
            rounds = [_milliseconds(question, draw) for _round in range(options.rounds)]
            smallest = asked.setdefault(name, rounds)
            yield figure(
                name,
                rounds,
                "ms",
                size=f"{wanted} movements, {options.people} people",
                anchor="in the smallest books",
                anchor_values=smallest,
                at_most=_AT_MOST if step and name != _DURABLE else None,
            )
        written = wanted


def _when(number: int) -> datetime:
    return _BEGINNING + number / _MONTHLY * _A_MONTH


def _fill(draw: random.Random, people: int, first: int, last: int, tell: Callable[[float], None]) -> None:
    """Movements as they would have come, month after month, with what the worker does behind them."""
    for start in range(first, last, _AT_ONCE):
        moves = [_a_move(draw, people) for _number in range(start, min(start + _AT_ONCE, last))]
        move_batch(moves=moves, by=None, at=_when(start))
        seal_settled(at=_when(start))
        tell((start - first + _AT_ONCE) / (last - first))
    close_finished_months(at=_when(last))
    snapshot_derived(at=_when(last))


def _a_move(draw: random.Random, people: int) -> Move:
    """A deposit and a fee: a wallet that everybody has, an account that everybody pays."""
    wallet = f"wallet:person:{draw.randrange(people)}"
    flows = [Flow("outside:practice", wallet, 100, "USD"), Flow(wallet, "fees:work", 5, "USD")]
    return Move("credit.given", str(new_id()), flows)


def _questions(people: int, end: datetime) -> dict[str, Question]:
    """What is asked of books of every size; each of the newest months, and one of the whole past."""

    def wallet(draw: random.Random) -> str:
        return f"wallet:person:{draw.randrange(people)}"

    def recent(draw: random.Random) -> date:
        return (end - draw.randrange(1, 3) * _A_MONTH).date().replace(day=1)

    def one_more(draw: random.Random) -> object:
        flows = [Flow("outside:practice", wallet(draw), 1, "USD")]
        return move_money(kind="credit.given", key=str(new_id()), flows=flows, by=None, at=end)

    return {
        "first page of a statement": lambda draw: statement_of(wallet(draw), "USD"),
        "months of a wallet": lambda draw: months_of(wallet(draw), "USD", today=end.date()),
        "statement of a month": lambda draw: statement_for_month(wallet(draw), "USD", recent(draw)),
        "balance of a wallet at an instant": lambda draw: balance_at(
            wallet(draw), "USD", _BEGINNING + draw.random() * (end - _BEGINNING)
        ),
        "balance of the fees now": lambda _draw: balance_of("fees:work", "USD"),
        _DURABLE: one_more,
    }


def _milliseconds(question: Question, draw: random.Random) -> float:
    """What one question takes, in the middle of many."""
    taken = []
    for _time in range(_ASKED):
        start = time.perf_counter()
        question(draw)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000
