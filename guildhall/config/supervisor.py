"""`serve` and `demo`: the database, the web server and the worker, started, watched and stopped as one."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from guildhall.config.environment import MIGRATION_URL, PART, Environment, address_for_ourselves, environment
from guildhall.config.hall import Hall, open_database
from guildhall.config.home import open_home
from guildhall.config.ports import refuse_taken_port
from guildhall.config.postgres.children import start_child
from guildhall.config.trouble import Trouble

_TICK = 0.25
_GRACE = 10  # seconds for requests and background work in hand
_OPENING = 60
_MOST_PREPARATIONS = 5
_FAILURES = 500
_SHORTEST_PAUSE = 0.5
_LONGEST_PAUSE = 30


def open_and_watch(home: Path, kind: str, *, port: int | None, wanted: Sequence[str] = ()) -> int:
    """Open a hall and keep it open until a signal comes.

    Args:
        home: its folder.
        kind: ``own`` or ``demo``.
        port: instead of the one that the environment names.
        wanted: words for the process that prepares it.
    """
    began = time.monotonic()
    os.environ |= {"GUILDHALL_HOME": str(home), "GUILDHALL_KIND": kind}
    if port is not None:
        os.environ["GUILDHALL_PORT"] = str(port)
    env = environment()
    refuse_taken_port(env.host, env.port)
    open_home(env.home, kind)
    # Until the database is open, a signal ends the command where it stands; from then on it is asked for.
    with open_database(env.home, waits=False) as hall:
        stop = _stop_on_signals()
        if hall.embedded is not None:
            hall.embedded.server.give_up = stop.is_set
        return _Supervisor(env, hall, stop, wanted, began).run()


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(word, lambda *_: stop.set())
    return stop


@dataclass(slots=True)
class _Part:
    """One long-running child, and how often it fell of late."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = 0.0
    back_at: float = 0.0
    started: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class _Supervisor:
    env: Environment
    hall: Hall
    stop: threading.Event
    wanted: Sequence[str]
    began: float
    parts: list[_Part] = field(default_factory=list)
    database_falls: int = 0
    database_pause: float = 0.0
    database_back_at: float = 0.0

    def run(self) -> int:
        news = self._prepare()
        if news is None:
            return 0
        if self.hall.embedded is not None:
            self.hall.embedded.let_go()  # from now on we take it over when its owner leaves
        self.parts = [_Part("web server", _web_command(self.env)), _Part("worker", _worker_command())]
        try:
            for part in self.parts:
                self._start(part)
            if self._wait_until_open():
                print(greeting(self.env, news, time.monotonic() - self.began), flush=True)
            while not self.stop.wait(_TICK):
                self._tend()
        finally:
            self._stop_parts()
        return 0

    def _environment(self, part: str) -> Mapping[str, str]:
        """What a part is told: only the one that prepares the hall knows the password of the owner."""
        told = os.environ | {
            "GUILDHALL_DATABASE_URL": self.hall.url,
            MIGRATION_URL: self.hall.owner_url,
            "DJANGO_SETTINGS_MODULE": "guildhall.config.settings",
            "PYTHONUNBUFFERED": "1",
            PART: part,
        }
        if part != "preparing":
            del told[MIGRATION_URL]
        return told

    def _prepare(self) -> dict[str, Any] | None:
        """Let a process prepare the hall; None if we were told to stop meanwhile.

        What the database's own fall has undone is done once more.
        """
        for _each in range(_MOST_PREPARATIONS):
            fell = self.database_falls
            said = self._prepare_once()
            if said is None:
                return None
            if said:
                news: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
                return news
            self._tend_database()
            if fell == self.database_falls:
                break
        raise Trouble("The hall could not be prepared; the reason stands above.")

    def _prepare_once(self) -> str | None:
        """What the process that prepares said: nothing if it failed, None if we were told to stop."""
        process = start_child(
            [sys.executable, "-m", "guildhall.config.preparing", *self.wanted],
            output=subprocess.PIPE,
            complaints=None,
            environment=self._environment("preparing"),
        )
        assert process.stdout is not None
        try:
            while process.poll() is None:
                if self.stop.wait(_TICK / 5):
                    _end_group(process, signal.SIGTERM)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(_GRACE)
                    return None
                self._tend_database()
            return "" if process.returncode else process.stdout.read().decode()
        finally:
            _end_group(process, signal.SIGKILL)  # whatever it has started
            process.wait()
            process.stdout.close()

    def _start(self, part: _Part) -> None:
        part.started = time.monotonic()
        part.process = start_child(part.command, environment=self._environment(part.name.split()[0]))

    def _wait_until_open(self) -> bool:
        deadline = time.monotonic() + _OPENING
        while time.monotonic() < deadline and not self.stop.wait(_TICK / 2):
            if _answers(self.env):
                return True
            web = self.parts[0].process
            if web is not None and web.poll() is not None:
                raise Trouble("The web server ended before it answered; the reason stands above.")
        if not self.stop.is_set():
            raise Trouble(f"The web server did not answer within {_OPENING} seconds.")
        return False

    def _tend(self) -> None:
        """Bring back whatever fell: the database at once, the others after a pause that grows."""
        self._tend_database()
        now = time.monotonic()
        for part in self.parts:
            if part.process is None:
                if now >= part.back_at:
                    self._start(part)
                continue
            status = part.process.poll()
            if status is None:
                continue
            _end_group(part.process, signal.SIGKILL)  # what it may have left behind
            part.process = None
            steady = now - part.started > _OPENING
            part.pause = 0.0 if steady else min(max(part.pause * 2, _SHORTEST_PAUSE), _LONGEST_PAUSE)
            part.back_at = now + part.pause
            sentence = f"The {part.name} ended ({status}); it starts again in {part.pause:g} s."
            print(sentence, file=sys.stderr, flush=True)

    def _tend_database(self) -> None:
        """See that the embedded server runs; one that does not come back is tried again after a pause."""
        embedded, now = self.hall.embedded, time.monotonic()
        if embedded is None or now < self.database_back_at:
            return
        try:
            if not embedded.tend():
                return
        except (Trouble, OSError, psycopg.Error) as trouble:
            if self.stop.is_set():
                return
            self.database_pause = min(max(self.database_pause * 2, _SHORTEST_PAUSE), _LONGEST_PAUSE)
            self.database_back_at = time.monotonic() + self.database_pause
            sentence = f"{trouble} The database is tried again in {self.database_pause:g} s."
            print(sentence, file=sys.stderr, flush=True)
        else:
            self.database_pause = 0.0
            self.database_falls += 1
            print("The database was started again.", file=sys.stderr, flush=True)

    def _stop_parts(self) -> None:
        running = [part.process for part in self.parts if part.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + _GRACE
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _end_group(process, signal.SIGKILL)
            process.wait()


def _answers(env: Environment) -> bool:
    """Whether the web server answers: asked past every proxy, by a name that it knows."""
    line = http.client.HTTPConnection(address_for_ourselves(env.host), env.port, timeout=5)
    with suppress(OSError, http.client.HTTPException), closing(line):
        line.request("GET", "/livez", headers={"Host": "localhost"})
        return line.getresponse().status < _FAILURES
    return False


def _end_group(process: "subprocess.Popen[bytes]", word: signal.Signals) -> None:
    """Send a signal to all that a child has started: it leads a session of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, word)


def _web_command(env: Environment) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "guildhall.config.wsgi:application"),
        *("--interface", "wsgi", "--host", env.host, "--port", str(env.port)),
        *("--workers", "1", "--blocking-threads", str(env.threads), "--runtime-threads", "1"),
        *("--no-ws", "--log-level", "error", "--workers-kill-timeout", "8"),
    ]


def _worker_command() -> list[str]:
    return [sys.executable, "-m", "guildhall", "worker"]


def greeting(env: Environment, news: Mapping[str, Any], seconds: float) -> str:
    """What the terminal says once the doors are open, which took so many seconds."""
    if env.kind == "demo":
        *cast, (_nobody, password) = news["people"]
        lines = [
            f"The sample hall is open at {env.base_url} after {seconds:.0f} s.",
            "Its money is practice money: no real payment anywhere.",
            "",
        ]
        lines += [f"  {email:<24} {does}" for email, does in cast]
        lines += ["", f"  password for all of them: {password}"]
    else:
        lines = [f"The hall is open at {env.base_url}"]
        if news.get("set_up"):
            lines += ["", "Become its operator, once, by this link:", f"  {news['set_up']}"]
    if env.mailer["BACKEND"].endswith("filebased.EmailBackend"):
        lines += ["", f"Letters are written to {env.home / 'mail'}."]
    lines += ["", "Ctrl-C stops it."]
    return "\n".join(lines)
