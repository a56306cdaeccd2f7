"""Reckon the chain of exported books again, without a hall: for an auditor who trusts nobody.

The file is what `export ledger --format ndjson` writes. With --head, a head that was published on some day
must be among those that the file comes to: then nothing up to that day has been written anew.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from guildhall.ledger.sealing import verdict_on

_MOST_SAID = 20  # a file of another format is wrong in every line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `verify ledger` wants to know."""
    parser.add_argument("file", type=Path, help="the exported books")
    parser.add_argument("--head", default="", help="a head that was published, in hexadecimal digits")


def run(options: argparse.Namespace) -> int:
    """Read the file through and say what was found; 1 if anything does not fit."""
    try:
        with options.file.open("rb") as file, options.progress("Reckoning the books again") as tell:
            verdict = verdict_on(_lines_of(file, options.file.stat().st_size, tell))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        sys.stdout.write(f"The file {options.file} cannot be read: {reason}.\n")
        return 1
    said = list(verdict.wrong)
    asked = options.head.strip().lower()
    if asked and asked not in verdict.heads:
        said.append(f"The head {asked} is not among those of these books.")
    status = 1 if said else 0
    if not said:
        said.append(f"{verdict.movements} movements under {verdict.seals} seals: all fit.")
        if verdict.unsealed:
            said.append(f"The last {verdict.unsealed} of them are not sealed yet.")
        said.append(f"Head: {verdict.head or 'none yet'}")
    if len(said) > _MOST_SAID:
        said[_MOST_SAID:] = [f"And {len(said) - _MOST_SAID} more."]
    sys.stdout.writelines(f"{sentence}\n" for sentence in said)
    return status


def _lines_of(file: BinaryIO, size: int, tell: Callable[[float], None]) -> Iterator[str]:
    """The file's lines; `tell` hears which share is read, unless nobody knows: a pipe has no size."""
    read = 0
    for line in file:
        yield line.decode()
        read += len(line)
        if size:
            tell(read / size)
