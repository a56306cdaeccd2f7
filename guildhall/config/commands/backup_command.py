"""Write the whole hall into one file while it is open: its database, its stored files and its secret key.

Only you may read the file; whoever has it has the hall. `restore` makes a hall of it again.
"""

import argparse
from pathlib import Path

from guildhall.config.copies import write_copy
from guildhall.config.environment import environment
from guildhall.config.hall import open_hall, set_up_django
from guildhall.config.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `backup` wants to know."""
    parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")


def run(options: argparse.Namespace) -> int:
    """Write the copy."""
    target: Path = options.file
    set_up_django()
    env = environment()
    with open_hall(as_it_stands=True) as hall, Progress("Copying") as progress:
        write_copy(target, hall, kind=env.kind, key=env.secret_key, report=progress)
    print(f"Written: {target} ({target.stat().st_size:,} bytes).")
    return 0
