"""How much a measurement is asked for: too little is said before anything is made."""

import argparse
from collections.abc import Callable


def at_least(least: int) -> Callable[[str], int]:
    """What argparse reads a size with: a whole number, and not below what can be measured."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and int(text) >= least:
            return int(text)
        raise argparse.ArgumentTypeError(f"it must be a whole number, {least} or more")

    return read
