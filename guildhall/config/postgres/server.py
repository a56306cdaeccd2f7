"""One private PostgreSQL server in one folder: made, started, stopped."""

import hashlib
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from guildhall.config.postgres.account import Account, account_for_server
from guildhall.config.postgres.binaries import binaries_within_reach
from guildhall.config.postgres.children import start_child
from guildhall.config.progress import Progress
from guildhall.config.trouble import Trouble

ADMIN = "postgres"
_LONGEST_SOCKET_PATH = 90  # the kernel's limit is about 107 with the socket's own name
_PATIENCE = 120  # seconds for recovery after a crash
_LOCK_PATIENCE = 15  # seconds for a server that was orphaned to leave
_LOOK = 0.1
_WEIGHT = 40e6  # bytes of a cluster in which nothing is yet

_TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "checkpoint_completion_target": "0.9",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m ",
}

FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "160",
}
"""For tests and nothing else: a server that may lose everything when the machine stops."""


@dataclass(slots=True)
class Server:
    """A server in its folder. Whoever calls `start` owns the process and must call `stop`.

    Args:
        place: the folder for its data, its socket and its keys; it must be one the account may enter.
        tuning: settings that differ from the usual ones.
    """

    place: Path
    tuning: dict[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=account_for_server)
    process: "subprocess.Popen[bytes] | None" = None
    give_up: Callable[[], bool] = lambda: False
    """Asked while it is waited for: whether nobody wants it any more."""

    @property
    def data(self) -> Path:
        """Where the cluster lies."""
        return self.place / "data"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.place / "postgres.log"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or under the temporary folder if that path is too long for a socket.

        Which temporary folder the one who started it had is written down for those whose own is another.
        """
        beside = self.place / "run"
        if len(os.fsencode(beside)) <= _LONGEST_SOCKET_PATH:
            return beside
        with suppress(OSError):
            return Path(self._socket_note.read_text().strip())
        short = hashlib.sha256(os.fsencode(self.place)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"guildhall-{short}"

    @property
    def _socket_note(self) -> Path:
        return self.place / "socket-folder"

    def url(self, role: str, database: str) -> str:
        """The address of a database on this server for one of its roles."""
        password = self.keys()[role]
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def keys(self) -> dict[str, str]:
        """The passwords by role, readable by our own account only."""
        found: dict[str, str] = json.loads((self.place / "keys.json").read_text())
        return found

    def keep_key(self, role: str) -> str:
        """The role's password, made and kept at the first call."""
        path = self.place / "keys.json"
        keys = json.loads(path.read_text()) if path.exists() else {}
        if role not in keys:
            keys[role] = secrets.token_hex(24)
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(keys))
            fresh.replace(path)
        return str(keys[role])

    def is_made(self) -> bool:
        """Whether the cluster was initialised to its end."""
        return (self.data / "global" / "pg_control").exists() and (self.place / "made").exists()

    def make(self) -> None:
        """Initialise the cluster; what an interrupted attempt left is cleared away first."""
        if self.is_made():
            return
        if (self.place / "made").exists():  # never begin anew over what was a hall's database
            raise Trouble(
                f"The database's folder {self.data} is not whole: put back what is missing, or restore a "
                "backup into another home."
            )
        self.place.mkdir(parents=True, exist_ok=True)
        if self.data.exists():
            self.data.rename(self.place / f"unfinished-{secrets.token_hex(4)}")
        for left in self.place.glob("unfinished-*"):
            if not (left / "postmaster.opts").exists():  # no server has ever run on it
                shutil.rmtree(left, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.account.own(self.data)
        password = self.place / "first-password"
        password.touch(mode=0o600)
        password.write_text(self.keep_key(ADMIN))
        self.account.own(password)
        command: list[str | Path] = [
            binaries_within_reach(self.account, self.place) / "initdb",
            *("--pgdata", self.data, "--username", ADMIN, "--pwfile", password),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
            *(["--no-sync"] if self.tuning.get("fsync") == "off" else []),
        ]
        making = start_child(
            command,
            last_word=signal.SIGKILL,  # it must not go on writing where the next start begins anew
            output=subprocess.DEVNULL,
            complaints=subprocess.PIPE,
            folder=Path("/"),
            environment=_plain_environment(),
            **self.account.as_arguments(),
        )
        try:
            said = self._watch(making)
        except BaseException:
            making.kill()
            making.wait()
            raise
        finally:
            password.unlink()
        if making.returncode:
            last = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise Trouble(f"PostgreSQL could not make its folder {self.data}: {last[-1]}")
        (self.place / "made").touch()

    def _watch(self, making: "subprocess.Popen[bytes]") -> bytes:
        """Show how much of the cluster is written; what the program complained of."""
        with Progress("Making the database") as progress:
            while True:
                try:
                    return making.communicate(timeout=_LOOK)[1]
                except subprocess.TimeoutExpired:
                    progress(min(_weight(self.data) / _WEIGHT, 0.99))

    def start(self) -> None:
        """Start the server as a child of this process and wait until it answers."""
        self.make()
        folder = self.socket_folder
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = (
            folder.lstat()
        )  # under the temporary folder, a stranger may have laid a link that leads elsewhere
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in {os.geteuid(), self.account.uid}:
            raise Trouble(f"The folder {folder} for the database's socket belongs to somebody else.")
        self.account.own(folder)
        if not folder.is_relative_to(self.place):
            self._socket_note.write_text(f"{folder}\n")
        settings = _TUNING | {"unix_socket_directories": str(folder)} | self.tuning
        command: list[str | Path] = [
            binaries_within_reach(self.account, self.place) / "postgres",
            *("-D", self.data),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ]
        deadline = time.monotonic() + _LOCK_PATIENCE
        while True:
            with self.log.open("ab") as log:
                start = log.tell()
                self.process = start_child(
                    command,
                    last_word=signal.SIGINT,
                    output=log,
                    folder=Path("/"),
                    environment=_plain_environment(),
                    **self.account.as_arguments(),
                )
            if self._wait_until_it_answers():
                return
            if self.give_up():
                raise Trouble("The hall was told to stop while its database was starting.")
            with self.log.open("rb") as log:
                log.seek(start)
                said = log.read().decode(errors="replace")
            if "lock file" not in said or time.monotonic() > deadline:
                last = [line for line in said.splitlines() if "FATAL" in line] or ["it said nothing"]
                raise Trouble(f"PostgreSQL did not start: {last[-1]} (more in {self.log})")
            time.sleep(0.3)  # an orphan of a killed hall is still on its way out

    def _wait_until_it_answers(self) -> bool:
        assert self.process is not None
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            if self.answers():
                return True
            if self.give_up():
                self.stop()
                return False
            time.sleep(0.03)
        self.stop()
        raise Trouble(f"PostgreSQL did not answer within {_PATIENCE} seconds; its words are in {self.log}.")

    def answers(self) -> bool:
        """Whether a server answers in this folder, whoever started it."""
        with suppress(psycopg.OperationalError, OSError, KeyError):
            psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=5).close()
            return True
        return False

    def is_running(self) -> bool:
        """Whether the process that this object started is still there."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server that this object started: sessions are ended, everything acknowledged is kept."""
        process, self.process = self.process, None
        if process is None:
            return
        for word, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            with suppress(ProcessLookupError):
                process.send_signal(word)
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
                return


def _weight(folder: Path) -> int:
    """The bytes in a folder to which somebody writes."""
    weight = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            weight += path.stat().st_size
    return weight


def _plain_environment() -> dict[str, str]:
    """Nothing of ours but the way to programs: PG* variables would bend what the server does."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
