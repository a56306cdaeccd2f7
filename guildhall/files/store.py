"""The bytes of stored files: in the hall's home, each under its digest, written once and never changed."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings

_CHUNK = 256 * 1024


class Content(Protocol):
    """Anything whose bytes can be read: an open file, or one that came with a form."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read while it was written.

    Args:
        digest: SHA-256 in hexadecimal digits.
        size: in bytes.
        head: the first bytes.
    """

    digest: str
    size: int
    head: bytes


class TooLong(Exception):  # noqa: N818 - `actions.store_file` turns it into a refusal
    """There is more of it than was allowed."""


def path_of(digest: str) -> Path:
    """Where the bytes with this digest lie."""
    return Path(settings.GUILDHALL_HOME) / "files" / digest[:2] / digest


@contextmanager
def taken_in(content: Content, *, most: int, head: int) -> Iterator[tuple[Kept, Path]]:
    """Read `content` into a file beside the store; `keep` it inside the block, or it goes again.

    Raises:
        TooLong: it has more than `most` bytes; no more than that is ever read.
    """
    waiting = Path(settings.GUILDHALL_HOME) / "files" / "waiting"
    waiting.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size, first = 0, b""
    handle, name = tempfile.mkstemp(dir=waiting)
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise TooLong
                first = (first + chunk)[:head] if len(first) < head else first
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        yield Kept(digest.hexdigest(), size, first), Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def keep(kept: Kept, waiting: Path) -> None:
    """Give the bytes their place. Bytes that are there already stay as they are, unless they are damaged."""
    place = path_of(kept.digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    if not is_whole(kept.digest):
        waiting.chmod(0o600)
        waiting.replace(place)
        for folder in (place.parent, place.parent.parent):  # or a crash could lose the name of what is kept
            _sync(folder)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def digests_kept(*, since: datetime) -> Iterator[list[str]]:
    """The digests of the bytes that got their place since then, some at a time."""
    for folder in sorted((Path(settings.GUILDHALL_HOME) / "files").glob("??")):
        if found := [path.name for path in folder.iterdir() if path.stat().st_mtime > since.timestamp()]:
            yield found


def drop(digest: str) -> None:
    """Throw bytes away that nothing names."""
    path_of(digest).unlink(missing_ok=True)


def drop_waiting(*, before: datetime) -> int:
    """Throw away what uploads have left that never came to their end; how many."""
    dropped = 0
    for path in (Path(settings.GUILDHALL_HOME) / "files" / "waiting").glob("*"):
        with suppress(FileNotFoundError):  # it has just been given its place
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                dropped += 1
    return dropped


def is_whole(digest: str) -> bool:
    """Whether the bytes are there and still have their digest."""
    place = path_of(digest)
    if not place.is_file():
        return False
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
