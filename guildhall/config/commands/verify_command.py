"""Reckon again what was exported, without a hall and without a database."""

import argparse

from guildhall.config.commands.parts import add_parts
from guildhall.config.progress import Progress

PARTS = {"ledger": "guildhall.ledger.verifying"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `verify` wants to know."""
    add_parts(parser, PARTS, "WHAT")


def run(options: argparse.Namespace) -> int:
    """Verify."""
    options.progress = Progress
    return int(options.module.run(options))
