"""Prove that every promise about the data holds: recompute it from the rows and name those that break it.

The status is 0 when all hold and 1 when one does not.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from guildhall.config.hall import open_hall, set_up_django
from guildhall.config.progress import Progress

_HANDS = 2
"""How many passes over the rows go on at a time: somebody is waiting."""

if TYPE_CHECKING:
    from guildhall.config.checking import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` wants to know."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: argparse.Namespace) -> int:
    """Run every check and say what each found."""
    set_up_django()
    with open_hall():
        return prove(as_json=options.json)


def prove(*, as_json: bool) -> int:
    """Run every check on the open hall and say what each found; the status to end with."""
    from guildhall.config.checking import run_checks  # noqa: PLC0415 - Django comes first
    from guildhall.kernel.registry import all_checks  # noqa: PLC0415 - the same

    total = len(list(all_checks()))
    found = []
    with Progress("Checking") as progress:
        for number, outcome in enumerate(run_checks(hands=_HANDS), start=1):
            progress(number, total, outcome.name)
            found.append(outcome)
    return report(sorted(found, key=lambda outcome: outcome.name), as_json=as_json)


def report(found: Sequence["Outcome"], *, as_json: bool) -> int:
    """Print what each check found, and return the status to end with."""
    for outcome in found:
        if as_json:
            print(json.dumps(outcome.as_json(), ensure_ascii=False))
            continue
        word = f"BROKEN by {outcome.broken}" if outcome.broken else "holds"
        print(f"{outcome.name:<28} {word:<14} {outcome.rows:>9} rows  {outcome.formula}")
        for example in outcome.examples:
            print(f"{'':<28} {example}")
    broken = sum(bool(outcome.broken) for outcome in found)
    print(f"{len(found) - broken} of {len(found)} promises hold.", file=sys.stderr)
    return 1 if broken else 0
