"""Bring things in from a file of another market."""

import argparse

from guildhall.config.commands.parts import add_parts, run_part
from guildhall.config.hall import open_hall, set_up_django

PARTS = {
    "jobs": "guildhall.jobs.importing.command",
    "statement": "guildhall.payments.banking.command",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `import` wants to know."""
    set_up_django()
    add_parts(parser, PARTS, "WHAT")


def run(options: argparse.Namespace) -> int:
    """Import."""
    with open_hall() as hall:
        return run_part(options, hall)
