"""A process that pays people one by one over some connections, started by `payers` with Django set up.

It says `ready` when its connections stand, begins when a line arrives, and prints how many movements it made.
"""

import argparse
import random
import sys
import threading
import time

from django.db import connection

from guildhall.bench.ledger.workload import one_release


def main() -> None:
    """Connect, wait for the word, pay until time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("connections", "people", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    barrier = threading.Barrier(options.connections + 1)
    deadline: list[float] = []
    counts = [0] * options.connections
    threads = [
        threading.Thread(target=_pay, args=(place, options, barrier, deadline, counts))
        for place in range(options.connections)
    ]
    for thread in threads:
        thread.start()
    barrier.wait()
    print("ready", flush=True)
    for line in sys.stdin:
        counts[:] = [0] * options.connections
        deadline[:] = [time.monotonic() + float(line)]
        barrier.wait()
        barrier.wait()
        print(sum(counts), flush=True)
    deadline[:] = []
    barrier.wait()


def _pay(
    place: int,
    options: argparse.Namespace,
    barrier: threading.Barrier,
    deadline: list[float],
    counts: list[int],
) -> None:
    draw = random.Random(f"{options.seed}/{place}")
    connection.ensure_connection()
    barrier.wait()
    while True:
        barrier.wait()
        if not deadline:
            break
        while time.monotonic() < deadline[0]:
            one_release(draw, options.people)
            counts[place] += 1
        barrier.wait()
    connection.close()
