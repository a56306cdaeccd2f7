"""`guildhall bench ledger`: single movements and batches beside pgbench, and what an audit takes."""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction

from guildhall.bench.figures import Figure, figure, print_figures
from guildhall.bench.ledger.payers import Payers
from guildhall.bench.ledger.pgbench import Pgbench
from guildhall.bench.ledger.workload import AT, a_payroll, fill_wallets, people_in, postings_in
from guildhall.bench.sizes import at_least
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.registry import all_checks
from guildhall.ledger.actions import move_batch

_CLIENTS = 8
_CONNECTIONS = 16
_PROCESSES = 4
_SIZES = (1_000, 10_000)
_HISTORY = ("posting_by_source", "posting_by_target")
_AT_LEAST_ONE_BY_ONE = 0.65
_AT_LEAST_BARE = 20
_AT_LEAST_COMPLETE = 12

type Rounds = dict[str, list[float]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to measure."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--scale", type=at_least(1), default=50, help="of pgbench's tables, in 100,000 accounts (50)"
    )
    parser.add_argument(
        "--people",
        type=at_least(people_in(max(_SIZES))),
        default=20_000,
        help="people with a wallet: a batch pays nobody twice (20,000)",
    )
    parser.add_argument("--rounds", type=at_least(1), default=5, help="rounds, everything in turn (5)")
    parser.add_argument(
        "--seconds", type=at_least(1), default=4, help="of pgbench and of single movements a round (4)"
    )
    parser.add_argument("--batches", type=at_least(1), default=4, help="of each size and kind a round (4)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of people")


def run(options: argparse.Namespace) -> int:
    """Fill the books and pgbench's tables, measure in turn, print."""
    _refuse_forgetful()
    anchor = Pgbench(options.hall.programs, options.hall.admin_url, options.scale)
    with options.progress("Filling wallets and pgbench’s tables") as tell:
        fill_wallets(options.people)
        tell(0.3)
        anchor.fill()
        tell(1.0)
    try:
        return print_figures(_figures(options, anchor), as_json=options.json)
    finally:
        anchor.drop()


def _refuse_forgetful() -> None:
    """A server that does not wait for the disk measures nothing."""
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [setting])
            assert cursor.fetchone() == ("on",), f"{setting} is not on: nothing here would be durable"


def _figures(options: argparse.Namespace, anchor: Pgbench) -> Iterator[Figure]:
    rounds: Rounds = defaultdict(list)
    draw = random.Random(options.seed)
    payers = Payers(
        options.hall.environment(),
        connections=_CONNECTIONS,
        processes=_PROCESSES,
        people=options.people,
        seed=options.seed,
    )
    with payers, options.progress("Measuring") as tell:
        for number in range(options.rounds):
            _round(options, anchor, payers, draw, rounds)
            tell((number + 1) / options.rounds)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_posting")
        (postings,) = cursor.fetchone()
    size = f"{options.people} people, {postings} postings at the end, pgbench scale {options.scale}"
    pgbench = f"pgbench TPC-B, {_CLIENTS} clients"
    yield figure("pgbench", rounds["pgbench"], "tps", size=size)
    # The goal is on a movement of one posting, as pgbench's is of one history row; a release has two, and
    # each posting stands in three indexes.
    for shape, name, least in (
        ("between", "one posting each, many accounts", None),
        ("fee", "one posting each, one fee account", _AT_LEAST_ONE_BY_ONE),
        ("release", "net and fee, one fee account", None),
    ):
        yield figure(
            f"single movements, {name}",
            rounds[shape],
            "movements/s",
            size=size,
            anchor=pgbench,
            anchor_values=rounds["pgbench"],
            at_least=least,
        )
    for kind, goal in (("complete", _AT_LEAST_COMPLETE), ("bare", _AT_LEAST_BARE)):
        for postings_each in _SIZES:
            yield figure(
                f"batches of {postings_each}, {kind}",
                rounds[f"{kind} {postings_each}"],
                "postings/s",
                size=size,
                anchor=pgbench,
                anchor_values=rounds["pgbench"],
                # The goal is on large batches; small ones are printed to show what a batch is worth.
                at_least=goal if postings_each == max(_SIZES) else None,
            )
    yield _audit(size)


def _round(
    options: argparse.Namespace, anchor: Pgbench, payers: Payers, draw: random.Random, rounds: Rounds
) -> None:
    rounds["pgbench"].append(anchor.run(clients=_CLIENTS, seconds=options.seconds))
    for shape in ("between", "fee", "release"):
        rounds[shape].append(payers.pay(shape, options.seconds))
    for size in _SIZES:
        rounds[f"complete {size}"].append(_batches(options, size, draw, with_event=True))
    with _without_history_indexes(options.hall.owner_url):
        for size in _SIZES:
            rounds[f"bare {size}"].append(_batches(options, size, draw, with_event=False))


def _batches(options: argparse.Namespace, size: int, draw: random.Random, *, with_event: bool) -> float:
    """Postings a second over batches that each commit durably; they are made before the clock starts."""
    prepared = [a_payroll(draw, size, options.people) for _each in range(options.batches)]
    start = time.perf_counter()
    for moves in prepared:
        with transaction.atomic():
            move_batch(moves=moves, by=None, at=AT)
            if with_event:
                record_event("payroll.paid", subject=new_id(), by=None, at=AT, movements=len(moves))
    return sum(map(postings_in, prepared)) / (time.perf_counter() - start)


@contextmanager
def _without_history_indexes(owner_url: str) -> Iterator[None]:
    """The bare path: without the indexes from which statements are read."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        texts = [
            text
            for (text,) in owner.execute(
                "SELECT indexdef FROM pg_indexes WHERE indexname = ANY (%s)", [list(_HISTORY)]
            )
        ]
        assert len(texts) == len(_HISTORY), "the history indexes are not where they should be"
        for name in _HISTORY:
            owner.execute(f"DROP INDEX {name}")  # the names stand above
        yield
        for text in texts:
            owner.execute(text)
        owner.execute("ANALYZE ledger_posting")


def _audit(size: str) -> Figure:
    """What it takes to prove that every balance is the sum of its postings, and that this is so."""
    balances = next(check for check in all_checks() if check.name == "L3")
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(balances.alone)
        broken = cursor.fetchall()
        seconds = time.perf_counter() - start
    assert not broken, f"the books do not add up: {broken[:3]}"
    return figure("audit of all balances", [seconds], "s", size=size)
