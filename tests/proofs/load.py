"""A process that moves money between shared accounts and writes down what was acknowledged.

    python -m tests.proofs.load JOURNAL SEED COUNT

It makes a batch and a single movement in turn, each movement under its own key. A line of the journal is
written only after the database has answered; what was not answered is asked again under the same key.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ACCOUNTS = 12
"""So few that everybody meets everybody."""
PATIENCE = 90


def account(number: int) -> str:
    """One of the accounts that all of these processes share."""
    return f"fund:proof:{number}"


def main(journal: Path, seed: int, count: int) -> None:
    """Move, and be told."""
    from guildhall.config.hall import load_django  # noqa: PLC0415 - nothing of the hall before Django

    load_django()
    from guildhall.ledger.actions import Flow, Move, move_batch, move_money  # noqa: PLC0415

    draw = random.Random(seed)
    at = datetime.now(UTC)

    def flow() -> Flow:
        one, two = draw.sample(range(ACCOUNTS), 2)
        return Flow(account(one), account(two), draw.randint(1, 5), "USD")

    with journal.open("a", buffering=1) as page:
        for turn in range(count):
            moves = [
                Move("test.moved", f"proof:{seed}:{turn}:{place}", [flow(), flow()])
                for place in range(1 if turn % 2 else 5)
            ]
            if len(moves) == 1:
                [one] = moves
                until_told(partial(move_money, kind=one.kind, key=one.key, flows=one.flows, by=None, at=at))
            else:
                until_told(partial(move_batch, moves=moves, by=None, at=at))
            for move in moves:
                page.write(f"{move.key} {sum(flow.amount for flow in move.flows)}\n")


def until_told(deed: Callable[[], object]) -> None:
    """Ask until there is an answer, as whoever depends on it does."""
    from django.db import InterfaceError, OperationalError, connection  # noqa: PLC0415

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            deed()
        except (OperationalError, InterfaceError) as trouble:
            connection.close()
            if "deadlock" in str(trouble) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
