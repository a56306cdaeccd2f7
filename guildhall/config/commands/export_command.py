"""Write what the hall knows for another program to read."""

import argparse

from guildhall.config.commands.parts import add_parts, run_part
from guildhall.config.hall import open_hall, set_up_django

PARTS = {"ledger": "guildhall.ledger.export"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `export` wants to know."""
    set_up_django()
    add_parts(parser, PARTS, "WHAT")


def run(options: argparse.Namespace) -> int:
    """Export."""
    with open_hall() as hall:
        return run_part(options, hall)
