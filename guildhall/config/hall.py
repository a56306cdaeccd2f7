"""Opening a hall for one command: its home, its database, and Django pointed at it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from guildhall.config.environment import database_settings, environment
from guildhall.config.home import home_in_use, kind_of, open_home
from guildhall.config.postgres.binaries import find_binaries
from guildhall.config.postgres.embedded import HALL_ROLE, EmbeddedDatabase
from guildhall.config.postgres.server import ADMIN
from guildhall.config.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Hall:
    """An open hall.

    Args:
        home: its folder.
        url: its database, as the running hall.
        owner_url: the same, as the role that migrates.
        embedded: the server behind it, or None if the operator named one.
    """

    home: Path
    url: str
    owner_url: str
    embedded: EmbeddedDatabase | None

    @property
    def admin_url(self) -> str:
        """The embedded server's own database, as its superuser: for measurements."""
        assert self.embedded is not None
        return self.embedded.server.url(ADMIN, "postgres")

    @property
    def programs(self) -> Path:
        """The folder of PostgreSQL's programs."""
        return find_binaries()

    def environment(self) -> dict[str, str]:
        """What a process of this hall must be told."""
        return {
            "GUILDHALL_HOME": str(self.home),
            "GUILDHALL_DATABASE_URL": self.url,
            "GUILDHALL_MIGRATION_DATABASE_URL": self.owner_url,
            "DJANGO_SETTINGS_MODULE": "guildhall.config.settings",
        }


def set_up_django() -> None:
    """Read the settings for the hall that this command works on, and load every package."""
    home = home_in_use()
    os.environ["GUILDHALL_HOME"] = str(home)
    os.environ["GUILDHALL_KIND"] = "demo" if kind_of(home) == "demo" else "own"
    load_django()


def load_django() -> None:
    """Load every package; no database is touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guildhall.config.settings")
    environment()
    django.setup()


@contextmanager
def open_hall(*, as_it_stands: bool = False) -> Iterator[Hall]:
    """Open the hall in use and point Django at it; attach if it is open already, close what was started.

    Args:
        as_it_stands: for commands that work on a database of whatever version.

    Raises:
        Trouble: there is no hall, or its database is newer, older or that of a hall of the other kind.
    """
    from guildhall.config.migrating import refuse_what_does_not_fit  # noqa: PLC0415 - Django is set up by now

    env = environment()
    if not kind_of(env.home) and not env.database_url:
        raise Trouble(f"There is no hall in {env.home} yet: open one with `serve` or `demo`.")
    open_home(env.home, env.kind)
    with open_database(env.home) as hall:
        point_django_at(hall.url)
        if not as_it_stands:
            refuse_what_does_not_fit()
        yield hall


@contextmanager
def open_database(home: Path, *, waits: bool = True) -> Iterator[Hall]:
    """The database of a home: the operator's own server, or the embedded one, started if nobody has.

    Args:
        home: whose.
        waits: whether one who started the server keeps it until the commands that came after have ended.
    """
    env = environment()
    if env.database_url:
        yield Hall(home, env.database_url, env.migration_url, None)
        return
    embedded = EmbeddedDatabase.of(home)
    try:
        embedded.open()
        yield Hall(home, embedded.url, embedded.owner_url, embedded)
    finally:
        embedded.close(waits=waits)


@contextmanager
def open_scratch_hall() -> Iterator[Hall]:
    """An empty, migrated hall on a durable server in the home, which is a passing one: for measurements."""
    from guildhall.config.migrating import grant_rights, migrate  # noqa: PLC0415 - Django is set up by now

    home = environment().home
    embedded = EmbeddedDatabase.of(home, {"max_connections": "120", "shared_buffers": "256MB"})
    try:
        embedded.open()
        point_django_at(embedded.owner_url)
        migrate(lambda _done, _total, _doing: None)
        grant_rights(HALL_ROLE)
        point_django_at(embedded.url)
        yield Hall(home, embedded.url, embedded.owner_url, embedded)
    finally:
        point_django_at("")
        embedded.close()


def point_django_at(url: str) -> None:
    """Make `url` Django's database in this process."""
    from django.db import connections  # noqa: PLC0415 - Django is set up by now

    connections.close_all()
    known = connections.databases["default"]
    known |= database_settings(url)
    connections["default"].settings_dict = known


def role_of(url: str) -> str:
    """The role that a connection string names.

    Raises:
        Trouble: it names none.
    """
    role = str(database_settings(url)["USER"])
    if not role:
        raise Trouble("GUILDHALL_DATABASE_URL must name its role: postgresql://user:password@host/database.")
    return role
