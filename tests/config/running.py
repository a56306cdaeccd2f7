"""A hall as a stranger starts it: real processes from a copy of the tree, watched from outside."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


def copy_of_the_tree(target: Path) -> Path:
    """What a clone holds, as far as running it needs."""
    target.mkdir()
    target.chmod(0o755)
    for name in ("guildhall", "requirements"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("pyproject.toml", "run.py"):
        shutil.copy(ROOT / name, target / name)
    return target


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until[T](what: Callable[[], T], *, patience: float = PATIENCE) -> T:
    """Ask again and again until the answer is true."""
    deadline = time.monotonic() + patience
    while True:
        answer = what()
        if answer or time.monotonic() > deadline:
            assert answer, f"{what} did not come true within {patience} s"
            return answer
        time.sleep(0.05)


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GUILDHALL_", "DJANGO_"))
    }
    return kept | {"GUILDHALL_HOME": str(home), "PYTHONUNBUFFERED": "1"} | more


def as_address(database_url: str) -> str:
    """A connection string as an operator writes it into the environment."""
    facts = {name: str(value) for name, value in conninfo_to_dict(database_url).items()}
    user, password = quote(facts.pop("user"), safe=""), quote(facts.pop("password", ""), safe="")
    return f"postgresql://{user}:{password}@/{facts.pop('dbname')}?{urlencode(facts)}"


@dataclass
class Running:
    """One `guildhall` process and what it says."""

    tree: Path
    home: Path
    words: list[str]
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    python: str = sys.executable
    account: dict[str, Any] = field(default_factory=dict)
    """What `subprocess` needs to start it under another account than ours."""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def said(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.home.parent / f"said-{self.port}"

    def start(self) -> "Running":
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.python, "-m", "guildhall", *self.words],
                cwd=self.tree,
                env=environment(self.home, GUILDHALL_PORT=str(self.port), **self.more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account,
            )
        return self

    def get(self, path: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
        """Status and body; status 0 when nobody answers."""
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection(host, self.port, timeout=20)) as connection,
        ):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        return 0, b""

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said
        return self.get("/readyz")[0] == 200

    def until_ready(self) -> "Running":
        wait_until(self.is_ready)
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self, word: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(word)
        return self.process.wait(PATIENCE)


def run_to_its_end(tree: Path, home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "guildhall", *words],
        cwd=tree,
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def processes_of(home: Path) -> list[str]:
    """Every process that has to do with a home, by its command line or its environment."""
    found = []
    wanted = os.fsencode(str(home))
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with suppress(OSError):
                words, variables = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
                if wanted in words or b"GUILDHALL_HOME=" + wanted + b"\0" in variables:
                    found.append(f"{folder.name}: {words.replace(b'\0', b' ').decode()}")
    return found


def children_of(pid: int) -> dict[str, int]:
    """The direct children of a process: which part of the hall, and its number."""
    named = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, IndexError):
                facts = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(facts[1]) == pid and facts[0] != "Z":
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    part = next(
                        (name for name in ("granian", "worker") if name.encode() in words), "postgres"
                    )
                    named[part] = int(folder.name)
    return named
