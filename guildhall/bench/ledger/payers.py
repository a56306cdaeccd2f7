"""Sixteen connections that pay one by one, spread over processes so that Python's own lock slows nobody."""

import os
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Self

_START = "import django; django.setup(); from guildhall.bench.ledger.payer import main; main()"


class Payers:
    """Processes that wait for the word to pay.

    Args:
        environment: what tells them which database it is.
        connections: how many in all.
        processes: over how many processes.
        people: among how many people money moves.
        seed: of the draw.
    """

    def __init__(
        self, environment: Mapping[str, str], *, connections: int, processes: int, people: int, seed: int
    ) -> None:
        self._processes = [
            subprocess.Popen(
                [
                    *(sys.executable, "-W", "ignore", "-c", _START),
                    *("--connections", str(connections // processes), "--people", str(people)),
                    *("--seed", f"{seed}{place}"),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | dict(environment),
            )
            for place in range(processes)
        ]

    def __enter__(self) -> Self:
        for process in self._processes:
            assert _line_from(process) == "ready", "a payer did not get ready"
        return self

    def pay(self, shape: str, seconds: float) -> float:
        """Movements of one shape a second, all connections together."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{shape} {seconds}\n")
            process.stdin.flush()
        return sum(int(_line_from(process)) for process in self._processes) / seconds

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.communicate()  # closing their input is the word to go home


def _line_from(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
