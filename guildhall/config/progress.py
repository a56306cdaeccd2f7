"""Telling the person at the terminal how far a long piece of work has come."""

import shutil
import sys
import time
from typing import Self, TextIO

_WIDTH = 28
_QUIET = 0.4  # seconds before a bar appears: what is quick needs none
_BETWEEN = 0.1
_BETWEEN_LINES = 5.0


class Progress:
    """A bar on a terminal, a line every few seconds elsewhere.

    Call it like a function with how much is done of how much there is (or with the share from 0 to 1), and
    what is going on. As a context manager it finishes its line whatever happens.
    """

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self.label = label
        self.stream = stream or sys.stderr
        self.began = self.said = time.monotonic()
        self.shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()

    def __call__(self, done: float, total: float = 1.0, doing: str = "") -> None:
        """Say how far it is."""
        now = time.monotonic()
        live = self.stream.isatty()
        if now - self.began < _QUIET or (
            now - self.said < (_BETWEEN if live else _BETWEEN_LINES) and done < total
        ):
            return
        self.said = now
        share = min(done / total, 1.0) if total else 1.0
        words = f"{self.label} {doing}".strip()
        if live:
            bar = "█" * round(share * _WIDTH)
            line = f"{bar:░<{_WIDTH}} {share:4.0%}  {words}"
            columns = shutil.get_terminal_size().columns
            self.stream.write(f"\r\x1b[2K{line[: columns - 1]}")  # a line that wraps cannot be cleared
        else:
            self.stream.write(f"{share:4.0%}  {words}\n")
        self.stream.flush()
        self.shown = True

    def close(self) -> None:
        """Leave the terminal's line for whatever comes next."""
        if self.shown and self.stream.isatty():
            self.stream.write("\r\x1b[2K")
            self.stream.flush()
        self.shown = False
