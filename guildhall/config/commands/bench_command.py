"""Measure the hall against real programs, on an empty hall of its own that is gone afterwards.

Every figure stands beside its anchor, measured in the same run. The status is 0 when every goal holds.
"""

import argparse
import atexit
import os
import shutil
import tempfile
from pathlib import Path

from guildhall.config.commands.parts import add_parts, run_part
from guildhall.config.hall import load_django, open_scratch_hall
from guildhall.config.static_files import lay_out_static_files

PARTS = {
    "books": "guildhall.bench.books",
    "check": "guildhall.bench.check",
    "ledger": "guildhall.bench.ledger",
    "pages": "guildhall.bench.pages",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `bench` wants to know."""
    home = Path(tempfile.mkdtemp(prefix="guildhall-bench-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    home.chmod(0o711)
    os.environ |= {"GUILDHALL_HOME": str(home), "GUILDHALL_KIND": "own"}
    for name in ("GUILDHALL_DATABASE_URL", "GUILDHALL_MIGRATION_DATABASE_URL"):
        os.environ.pop(name, None)  # never on somebody's real data
    load_django()
    add_parts(parser, PARTS, "WHAT")


def run(options: argparse.Namespace) -> int:
    """Measure."""
    with open_scratch_hall() as hall:
        lay_out_static_files()
        return run_part(options, hall)
