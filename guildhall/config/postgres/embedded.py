"""The hall's embedded database: started by the first who needs it, shared with whoever comes after.

Whoever starts the server holds a lock on the home for as long as it owns it; the kernel lets the lock go when
that process ends, in whatever way. Those who find the lock taken attach to the running server; a supervisor
that is attached takes over when the owner leaves.
"""

import fcntl
import hashlib
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from guildhall.config.home import PLACE_FILE
from guildhall.config.postgres.account import Account, account_for_server, first_closed_folder
from guildhall.config.postgres.server import ADMIN, Server
from guildhall.config.trouble import Trouble

DATABASE = "guildhall"
OWNER_ROLE = "hall_owner"
"""Owns the tables and migrates them."""
HALL_ROLE = "hall"
"""What the running hall is: it can neither change nor delete what is written once and for all."""

_OUTSIDE = Path("/var/lib/guildhall")
_PATIENCE = 150


@dataclass(slots=True)
class EmbeddedDatabase:
    """The database of one home.

    Args:
        home: the hall's folder, which exists and can be written.
    """

    home: Path
    server: Server
    _lock: IO[str] | None = None
    _use: IO[str] | None = None

    @classmethod
    def of(cls, home: Path, tuning: dict[str, str] | None = None) -> "EmbeddedDatabase":
        """Find out where the server of a home lies.

        Args:
            home: the hall's folder.
            tuning: settings of the server that differ from the usual ones, for measurements.
        """
        account = account_for_server()
        return cls(home, Server(_place_for(home, account), tuning or {}, account))

    @property
    def url(self) -> str:
        """The address for the running hall."""
        return self.server.url(HALL_ROLE, DATABASE)

    @property
    def owner_url(self) -> str:
        """The address for migrations."""
        return self.server.url(OWNER_ROLE, DATABASE)

    @property
    def is_ours(self) -> bool:
        """Whether this process started the server and so must stop it."""
        return self._lock is not None

    def open(self) -> None:
        """Start the server, or attach to the one that runs.

        Raises:
            Trouble: it neither starts nor answers.
        """
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self._take_over() or self._attach():
                return
            time.sleep(0.1)  # its owner is still starting it, or stopping it
        raise Trouble(f"The database of {self.home} is held by another process, but it does not answer.")

    def tend(self) -> bool:
        """Keep the server up: restart ours when it fell, take over when its owner left; true if either."""
        if self.is_ours:
            if self.server.is_running():
                return False
            self.server.start()
            return True
        return self._take_over()

    def let_go(self) -> None:
        """Say that an attached process needs the server no more, or knows how to take it over."""
        if self._use is not None:
            self._use.close()
            self._use = None

    def close(self, *, waits: bool = False) -> None:
        """Stop the server if it is ours; leave everybody else's alone.

        Args:
            waits: whether the commands that have attached since are waited for.
        """
        self.let_go()
        if self._lock is not None:
            try:
                with self._users().open("a") as users:
                    if waits:
                        _wait_for(users)
                    self.server.stop()
            finally:
                self.server.stop()
                self._lock.close()
                self._lock = None

    def _users(self) -> Path:
        return self.home / "database.users"

    def _attach(self) -> bool:
        """Use the running server of somebody else, who is asked to keep it until `let_go`."""
        use = self._users().open("a")
        try:
            fcntl.flock(use, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            use.close()  # its owner is about to stop it
            return False
        if self._answers():
            self._use = use
            return True
        use.close()
        return False

    def _take_over(self) -> bool:
        lock = (self.home / "database.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        try:
            self.server.start()
            make_roles(self.server)
        except BaseException:
            self.server.stop()
            lock.close()
            raise
        self._lock = lock
        with suppress(OSError):  # for people, and the disk may be full; the lock itself is what counts
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
        return True

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError, OSError, KeyError):
            psycopg.connect(self.url, connect_timeout=5).close()
            return True
        return False


def _wait_for(users: IO[str]) -> None:
    """Until nobody uses the server; after that nobody can begin to, as long as the file is open."""
    said = False
    while True:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not said:
                print("Another command uses the database still: waiting for it.", file=sys.stderr)
            said = True
            time.sleep(0.1)
        else:
            return


def make_roles(server: Server) -> None:
    """Make the two roles and the database, as far as they are not there."""
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        for role in (OWNER_ROLE, HALL_ROLE):
            known = admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            statement = sql.SQL("{verb} ROLE {role} LOGIN PASSWORD {key}").format(
                verb=sql.SQL("CREATE" if known is None else "ALTER"),
                role=sql.Identifier(role),
                key=sql.Literal(server.keep_key(role)),
            )
            admin.execute(statement)
        if admin.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER_ROLE)}
            admin.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))


def _place_for(home: Path, account: Account) -> Path:
    """In the home; or, if PostgreSQL's account may not enter it, below ``/var/lib/guildhall``.

    Raises:
        Trouble: neither will do.
    """
    inside, pointer = home / "postgres", home / PLACE_FILE
    if pointer.exists():
        return _place_pointed_at(pointer, home)
    closed = first_closed_folder(home, account)
    if closed is None:
        return inside
    place = _OUTSIDE / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    refusal = (
        f"PostgreSQL does not run as root, and the account {account.name} may not enter {closed}: "
        "start the hall under an ordinary account, or set GUILDHALL_HOME to a folder that others may enter."
    )
    if inside.exists():
        raise Trouble(refusal)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for folder in (_OUTSIDE, place):
            folder.chmod(0o711)
        (place / "home").write_text(f"{home}\n")
    except OSError as error:
        raise Trouble(refusal) from error
    if first_closed_folder(place, account) is not None:
        raise Trouble(refusal)
    pointer.write_text(f"{place}\n")
    print(f"The account {account.name} may not enter {closed}, so the database lies in {place}.")
    return place


def _place_pointed_at(pointer: Path, home: Path) -> Path:
    place = Path(pointer.read_text().strip())
    note = place / "home"
    former = Path(note.read_text().strip()) if note.exists() else home
    if former != home:
        if former.exists():
            raise Trouble(
                f"{home} is a copy of {former}, whose database lies in {place}: one of them must go."
            )
        note.write_text(f"{home}\n")  # the home has moved
    return place
