"""`guildhall bench check`: every promise about a full hall proved again from its rows, by the clock."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from guildhall.bench.check.filling import MOVEMENTS_EACH, fill
from guildhall.bench.figures import Figure, figure, print_figures
from guildhall.kernel.errors import Refusal

_SECONDS_A_MILLION: Final = 10.0
"""What a million movements may take, on two cores that have nothing else to do."""
_LEAST: Final = 5.0  # seconds that the start of the program and empty tables may take by themselves
_SHOWN: Final = 8  # of the promises, the longest
_WHOLE: Final = "everything"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to measure."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--movements", type=int, default=1_000_000, help="in the books (1,000,000)")
    parser.add_argument("--people", type=int, default=5_000, help="people with a wallet (5,000)")
    parser.add_argument("--rounds", type=int, default=3, help="times that everything is proved (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of people")


def run(options: argparse.Namespace) -> int:
    """Fill the hall, prove it, print."""
    options.movements = max(MOVEMENTS_EACH, options.movements)
    return print_figures(_figures(options), as_json=options.json)


def _figures(options: argparse.Namespace) -> Iterator[Figure]:
    with options.progress(f"Filling the books with {options.movements:,} movements") as tell:
        fill(
            options.hall.owner_url,
            movements=options.movements,
            people=options.people,
            seed=options.seed,
            tell=tell,
        )
    rounds: dict[str, list[float]] = defaultdict(list)
    with options.progress("Proving") as tell:
        for number in range(options.rounds):
            for name, seconds in _prove(options.hall.environment()).items():
                rounds[name].append(seconds)
            tell((number + 1) / options.rounds)
    size = f"{options.movements} movements, {options.people} people"
    whole = rounds.pop(_WHOLE)
    longest = sorted(rounds, key=lambda name: -statistics.median(rounds[name]))
    for name in longest[:_SHOWN]:
        yield figure(f"promise {name}", rounds[name], "s", size=size)
    yield figure(
        _WHOLE,
        whole,
        "s",
        size=size,
        at_most=max(_LEAST, _SECONDS_A_MILLION * options.movements / 1_000_000),
    )


def _prove(environment: dict[str, str]) -> dict[str, float]:
    """Run the command as an operator would: the seconds of each promise, and of all with the start.

    Raises:
        Refusal: something is broken, so that there is nothing to measure.
    """
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "guildhall", "check", "--json"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or not lines:
        raise Refusal(f"The books do not hold: {[line for line in lines if line['broken']]} {done.stderr}")
    return {_WHOLE: seconds, **{line["name"]: line["seconds"] for line in lines}}
