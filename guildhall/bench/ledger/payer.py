"""A process that pays people one by one over some connections, started by `payers` with Django set up.

It says `ready` when its connections stand, begins when a line arrives, and prints how many movements it made.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable

from django.db import connection

from guildhall.bench.ledger.workload import one_between, one_fee, one_release

type Deed = Callable[[random.Random, int], None]

_SHAPES = {"between": one_between, "fee": one_fee, "release": one_release}


class _Crew:
    """Some connections, each in a thread of its own, that begin and end together."""

    def __init__(self, connections: int, people: int, seed: int) -> None:
        self._people = people
        self._barrier = threading.Barrier(connections + 1)
        self._deed: Deed | None = None
        self._deadline = 0.0
        self._counts = [0] * connections
        for place in range(connections):
            threading.Thread(target=self._pay, args=(place, random.Random(f"{seed}/{place}"))).start()
        self._barrier.wait()

    def pay(self, deed: Deed, seconds: float) -> int:
        """How often the deed was done in that time."""
        self._counts = [0] * len(self._counts)
        self._deed, self._deadline = deed, time.monotonic() + seconds
        self._barrier.wait()
        self._barrier.wait()
        return sum(self._counts)

    def go_home(self) -> None:
        """Close the connections."""
        self._deed = None
        self._barrier.wait()

    def _pay(self, place: int, draw: random.Random) -> None:
        connection.ensure_connection()
        self._barrier.wait()
        while True:
            self._barrier.wait()
            if self._deed is None:
                break
            while time.monotonic() < self._deadline:
                self._deed(draw, self._people)
                self._counts[place] += 1
            self._barrier.wait()
        connection.close()


def main() -> None:
    """Connect, wait for the word, pay until time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("connections", "people", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    crew = _Crew(options.connections, options.people, options.seed)
    print("ready", flush=True)
    for line in sys.stdin:
        shape, seconds = line.split()
        print(crew.pay(_SHAPES[shape], float(seconds)), flush=True)
    crew.go_home()
