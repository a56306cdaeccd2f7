"""A real hall for a browser: its own home, database, web server and worker; beside it a real SMTP server."""

import re
import signal
import subprocess
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.config.running import ROOT, Running, free_port, run_to_its_end

PATIENCE = 120
"""Seconds that anything of this hall may take before a test gives up on it."""


def until[T](look: Callable[[], T | None], what: str) -> T:
    """Look again and again until there is something to see."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (seen := look()) is not None:
            return seen
        time.sleep(0.1)  # another process is at work: there is nothing to wait on but its effect
    raise AssertionError(f"{what} did not happen within {PATIENCE} seconds")


class PostOffice:
    """A real SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        """Address, subject and text."""
        self._server = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        body = letter.get_body(("plain",))
        assert body is not None
        self.letters += [(to, str(letter["subject"]), body.get_content()) for to in envelope.rcpt_tos]
        return "250 kept"

    def open(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.port}"

    def letter_to(self, address: str, holding: str) -> str:
        """Wait for a letter with these words; its text."""

        def look() -> str | None:
            for to, subject, text in list(self.letters):
                if to == address and re.search(holding, f"{subject}\n{text}"):
                    return text
            return None

        return until(look, f"a letter to {address} with {holding!r}")

    def code_for(self, address: str) -> str:
        """The last code that was sent to somebody."""
        pattern = re.compile(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", re.MULTILINE)

        def look() -> str | None:
            for to, _subject, text in reversed(list(self.letters)):
                if to == address and (found := pattern.search(text)):
                    return found[1]
            return None

        return until(look, f"a code for {address}")


class RunningHall:
    """`guildhall serve` in a home of its own, from this very tree."""

    def __init__(self, home: Path, mail_url: str, **more: str) -> None:
        self._mail = {"GUILDHALL_MAIL_URL": mail_url, **more}
        self._hall = Running(ROOT, home, ["serve"], more=self._mail)
        self.url = f"http://localhost:{self._hall.port}"

    def set(self, **variables: str) -> None:
        """Give it variables of its environment more, before it is opened."""
        self._hall.more |= variables

    def open(self) -> None:
        """Start it and wait until its greeting is printed; what did not start is not left lying about."""
        try:
            self._hall.start()
            until(lambda: "Ctrl-C" in self.log or None, "the hall's greeting")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop it as a person would; nothing of it may be left."""
        if self._hall.process is not None:
            self._hall.stop(signal.SIGINT)

    @property
    def log(self) -> str:
        """What it has said so far; raises if it fell."""
        assert self._hall.process is not None
        assert self._hall.process.poll() is None, self._hall.said
        return self._hall.said

    @property
    def set_up_link(self) -> str:
        """The link that makes an operator."""
        found = re.search(r"http://\S+/account/set-up/\S+", self.log)
        assert found, self.log
        return found[0]

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run another command on the same home while the hall is open."""
        return run_to_its_end(
            ROOT, self._hall.home, *words, GUILDHALL_PORT=str(self._hall.port), **self._mail
        )
