"""Make a hall of a backup again: in a home, and a database if you name your own, that are empty.

It is brought to this version, and every promise about its data is proved, before it may be opened. The status
is 1 if one of them does not hold.
"""

import argparse
import os
from pathlib import Path

from guildhall.config.commands.check_command import prove
from guildhall.config.copies import Copy, opened_copy, read_database, read_files
from guildhall.config.environment import default_home, environment
from guildhall.config.hall import Hall, load_django, open_database, point_django_at, role_of
from guildhall.config.home import home_told, open_home, unfinished_home
from guildhall.config.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `restore` wants to know."""
    parser.add_argument("file", type=Path, help="a file that `backup` has written")


def run(options: argparse.Namespace) -> int:
    """Restore the hall and prove it."""
    with opened_copy(options.file) as copy:
        home = home_told() or (default_home() / "demo" if copy.kind == "demo" else default_home())
        os.environ |= {"GUILDHALL_HOME": str(home), "GUILDHALL_KIND": copy.kind}
        load_django()
        env = environment()
        with unfinished_home(env.home, key=copy.key()), open_database(env.home) as hall:
            broken = _fill(copy, hall)
    open_home(env.home, copy.kind)
    print(f"Restored into {env.home}.")
    return broken


def _fill(copy: Copy, hall: Hall) -> int:
    from guildhall.config.migrating import grant_rights, migrate  # noqa: PLC0415 - Django is set up by now

    with Progress("Restoring") as progress:
        read_files(copy, hall.home, progress)
        read_database(copy, hall, progress)
    point_django_at(hall.owner_url)
    with Progress("Migrating") as progress:
        migrate(progress)
    grant_rights(role_of(hall.url))
    point_django_at(hall.url)
    return prove(as_json=False)
