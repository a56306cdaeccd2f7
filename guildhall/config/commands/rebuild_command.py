"""Throw away what the hall worked out from its tables and work it out again."""

import argparse

from guildhall.config.commands.parts import add_parts, run_part
from guildhall.config.hall import open_hall, set_up_django

PARTS = {"search": "guildhall.search.command"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `rebuild` wants to know."""
    set_up_django()
    add_parts(parser, PARTS, "WHAT")


def run(options: argparse.Namespace) -> int:
    """Rebuild."""
    with open_hall() as hall:
        return run_part(options, hall)
