"""Bring the database to this version and give the running hall its rights.

`serve` and `demo` do so themselves.
"""

import argparse

from guildhall.config.hall import open_hall, point_django_at, role_of, set_up_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`migrate` asks for nothing."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Migrate and say what was done."""
    del options
    set_up_django()
    from guildhall.config.migrating import grant_rights, migrate  # noqa: PLC0415 - Django comes first
    from guildhall.config.progress import Progress  # noqa: PLC0415 - the same

    with open_hall(as_it_stands=True) as hall:
        point_django_at(hall.owner_url)
        with Progress("Migrating") as progress:
            steps = migrate(progress)
        grant_rights(role_of(hall.url))
    print(f"{steps} steps taken." if steps else "Nothing to do: the database is at this version.")
    return 0
