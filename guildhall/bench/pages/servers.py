"""A web server in a process of its own: started, asked, its CPU read, stopped."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from guildhall.kernel.errors import Refusal

_PATIENCE = 60
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class WebServer:
    """A running server, asked over one connection that stays open, as a browser's does."""

    process: "subprocess.Popen[bytes]"
    connection: http.client.HTTPConnection

    def get(self, path: str, *, encoding: str = "identity") -> tuple[int, bytes]:
        """Status and body as they came over the wire."""
        self.connection.request("GET", path, headers={"Accept-Encoding": encoding})
        response = self.connection.getresponse()
        return response.status, response.read()

    def header(self, path: str, name: str) -> str:
        """One header of an answer, or nothing."""
        self.connection.request("HEAD", path)
        response = self.connection.getresponse()
        response.read()
        return response.getheader(name, "")

    def cpu_seconds(self) -> float:
        """What the server and its children have used so far, in user and system time."""
        return sum(_cpu_of(process_id) for process_id in _family_of(self.process.pid))

    def milliseconds_a_page(self, path: str, requests: int) -> float:
        """CPU for one page, from `requests` of them."""
        before = self.cpu_seconds()
        for _request in range(requests):
            status, _body = self.get(path)
            assert status == http.client.OK, f"{path} answered {status}"
        return (self.cpu_seconds() - before) / requests * 1000


@contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[WebServer]:
    """Start a server, wait until it listens, and stop it with all its children afterwards."""
    if not Path("/proc/self/stat").exists():
        raise Refusal("This measurement reads CPU time from /proc: run it on Linux.")
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    try:
        _wait_for(process, port)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
            yield WebServer(process, connection)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(_PATIENCE)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Refusal("A server of this measurement did not start; what it said stands above.")


def _stat_of(process_id: int) -> list[str]:
    # The name of a process may hold spaces and brackets; the rest begins after its last one.
    return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()


def _cpu_of(process_id: int) -> float:
    fields = _stat_of(process_id)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _family_of(process_id: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents.setdefault(int(_stat_of(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:
                continue
    family = [process_id]
    for member in family:
        family.extend(parents.get(member, []))
    return family
