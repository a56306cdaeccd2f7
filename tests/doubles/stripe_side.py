"""Stripe's side in tests: a process that stands for it, told over HTTP what to do."""

import hashlib
import hmac
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

SECRET = "whsec_of_the_double"
KEY = "sk_test_double"
_ROOT = Path(__file__).resolve().parents[2]


class StripeSide:
    """The double at an address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._seen = 0

    def tell(self, path: str, /, **facts: Any) -> Any:
        """Tell it to do something; what it answers."""
        answer = httpx2.post(f"{self.url}/_control/{path}", data=facts, timeout=20, trust_env=False)
        return answer.raise_for_status().json()

    def ask(self, path: str) -> Any:
        """What it has."""
        return httpx2.get(f"{self.url}/_control/{path}", timeout=20, trust_env=False).json()

    def things(self, kind: str) -> list[dict[str, Any]]:
        """Everything of a kind, the newest first."""
        return list(self.ask(f"things/{kind}")["things"])

    def breaks(self, method: str, path: str, do: str, times: int = 1) -> None:
        """Lose answers after the work (`lose`), or be in trouble before it (`trouble`)."""
        self.tell("faults", method=method, path=path, do=do, times=times)

    def events(self) -> list[bytes]:
        """What it has said since this was last asked."""
        told = [text.encode() for text in self.ask("events")["events"]]
        new, self._seen = told[self._seen :], len(told)
        return new


def signed(body: bytes, at: datetime, secret: str = SECRET) -> str:
    """Stripe's signature under these bytes at this second."""
    second = int(at.timestamp())
    code = hmac.new(secret.encode(), b"%d." % second + body, hashlib.sha256).hexdigest()
    return f"t={second},v1={code}"


@contextmanager
def a_stripe(*options: str) -> Iterator[StripeSide]:
    """A double in a process of its own, for as long as this lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.doubles.stripe_double", *options],
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    ) as process:
        try:
            assert process.stdout is not None
            yield StripeSide(process.stdout.readline().strip())
        finally:
            process.terminate()


def hear(bodies: list[bytes], at: datetime) -> None:
    """Bring Stripe's events to the hall's door, signed at this moment."""
    from guildhall.payments.actions import receive_notice  # noqa: PLC0415 - Django is ready by now

    for body in bodies:
        receive_notice(rail="stripe", body=body, signature=signed(body, at), at=at)
