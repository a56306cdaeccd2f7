"""Write the whole database into one file while the hall is open.

The file is PostgreSQL's own archive; `pg_restore` reads it. Uploaded files lie in the home's folder `files`
and are copied with any tool.
"""

import argparse
import os
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guildhall.config.hall import open_hall, set_up_django
from guildhall.config.postgres.binaries import find_binaries
from guildhall.config.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `backup` wants to know."""
    parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")


def run(options: argparse.Namespace) -> int:
    """Dump the database."""
    target: Path = options.file
    if target.exists():
        raise Trouble(f"{target} exists already: name another file.")
    set_up_django()
    unfinished = target.with_name(f"{target.name}.unfinished")
    with open_hall() as hall:
        facts = conninfo_to_dict(hall.owner_url)
        password = str(facts.pop("password", ""))  # never on a command line, where everybody can read it
        outcome = subprocess.run(
            [
                find_binaries() / "pg_dump",
                "--format=custom",
                f"--file={unfinished}",
                f"--dbname={make_conninfo('', **facts)}",
            ],
            check=False,
            capture_output=True,
            env=os.environ | {"PGPASSWORD": password},
        )
    if outcome.returncode:
        unfinished.unlink(missing_ok=True)
        raise Trouble(
            f"The backup failed: {outcome.stderr.decode(errors='replace').strip().splitlines()[-1]}"
        )
    unfinished.rename(target)
    print(
        f"Written: {target} ({target.stat().st_size:,} bytes). Keep the folder {hall.home / 'files'} with it."
    )
    return 0
