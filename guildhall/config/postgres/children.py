"""Starting processes that never outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1


def _die_with_parent(last_word: signal.Signals) -> Callable[[], None] | None:
    """What Linux offers against orphans: the child gets a signal when the thread that made it ends."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # looked up before the fork
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(last_word), 0, 0, 0)
        if os.getppid() != parent:  # it died before it could be watched
            os._exit(1)

    return ask


def start_child(
    command: Sequence[str | Path],
    *,
    last_word: signal.Signals = signal.SIGTERM,
    output: IO[bytes] | int | None = None,
    complaints: IO[bytes] | int | None = subprocess.STDOUT,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    **account: Any,
) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own, so that only we pass on the terminal's signals.

    It must be called from the main thread: the kernel watches the thread, not the process.

    Args:
        command: the program and its arguments.
        last_word: what it is sent if we die without stopping it.
        output: where what it says goes; to our own if None.
        complaints: where its errors go; with the rest unless told otherwise.
        environment: its whole environment; ours if None.
        folder: where it starts.
        account: from `Account.as_arguments`.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else complaints,
        env=None if environment is None else dict(environment),
        cwd=folder,
        start_new_session=True,
        preexec_fn=_die_with_parent(last_word),  # noqa: PLW1509 - it makes one system call and nothing else
        **account,
    )
