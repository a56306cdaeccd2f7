"""What the ledger is asked to do: many people paid at once, and many one by one."""

import random
from datetime import UTC, datetime
from typing import Final

from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, Move, move_batch, move_money

AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
FEE: Final = "fees:work"
_FLOWS: Final = 3


def fill_wallets(people: int) -> None:
    """Open every account that will be used, and give every client enough for everything that follows."""
    for start in range(0, people, 10_000):
        moves = [
            Move(
                "deposit.settled",
                f"bench:{number}",
                [
                    Flow("outside:practice", f"wallet:person:{number}", 10**9, "USD"),
                    Flow("outside:practice", f"escrow:bench:{number}", 1, "USD"),
                    Flow(f"escrow:bench:{number}", f"clearing:person:{number}", 1, "USD"),
                ],
            )
            for number in range(start, min(start + 10_000, people))
        ]
        move_batch(moves=moves, by=None, at=AT)


def one_between(draw: random.Random, people: int) -> None:
    """One movement of one posting between two of many wallets: nobody waits for anybody's row."""
    payer, worker = draw.randrange(people), draw.randrange(people)
    flow = Flow(f"wallet:person:{payer}", f"clearing:person:{worker}", 5, "USD")
    move_money(kind="hold.released", key=f"between:{new_id()}", flows=[flow], by=None, at=AT)


def one_fee(draw: random.Random, people: int) -> None:
    """One movement of one posting; everybody pays the same fee account."""
    flow = Flow(f"wallet:person:{draw.randrange(people)}", FEE, 5, "USD")
    move_money(kind="fee.paid", key=f"fee:{new_id()}", flows=[flow], by=None, at=AT)


def one_release(draw: random.Random, people: int) -> None:
    """One movement as `hold.released` is: a net and a fee, and everybody pays the same fee account."""
    payer, worker = draw.randrange(people), draw.randrange(people)
    source = f"wallet:person:{payer}"
    move_money(
        kind="hold.released",
        key=f"release:{new_id()}",
        flows=[Flow(source, f"clearing:person:{worker}", 95, "USD"), Flow(source, FEE, 5, "USD")],
        by=None,
        at=AT,
    )


def a_payroll(draw: random.Random, postings: int, people: int) -> list[Move]:
    """A batch of so many postings: wallet → escrow, escrow → worker, escrow → fee, for each person paid."""
    moves = []
    for worker in draw.sample(range(people), people_in(postings)):
        name = new_id()
        escrow = f"escrow:bench:{worker}"
        moves.append(
            Move(
                "payroll.paid",
                f"payroll:{name}",
                [
                    Flow(f"wallet:person:{worker % 97}", escrow, 100, "USD"),
                    Flow(escrow, f"clearing:person:{worker}", 95, "USD"),
                    Flow(escrow, FEE, 5, "USD"),
                ],
            )
        )
    return moves


def people_in(postings: int) -> int:
    """How many people a batch of so many postings pays."""
    return postings // _FLOWS


def postings_in(moves: list[Move]) -> int:
    """How many postings a batch has."""
    return sum(len(move.flows) for move in moves)
