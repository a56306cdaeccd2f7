"""The home of a hall: one folder that holds everything it keeps."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from guildhall.config.environment import (
    SECRET_KEY_FILE,
    default_home,
    keep_secret_key,
    read_environment,
    write_once,
)
from guildhall.config.trouble import Trouble

_KIND_FILE = "kind"
_UNFINISHED = "unfinished"
_SENTENCES = {
    "demo": "a sample hall",
    "own": "a hall of its own",
    _UNFINISHED: "a hall that was not restored to its end",
}
PLACE_FILE = "postgres.place"
"""Names the folder of the database, where it does not lie in the home."""


def kind_of(home: Path) -> str:
    """Which kind of hall lives there: ``demo``, ``own``, or nothing if none was opened yet."""
    with suppress(OSError):
        return (home / _KIND_FILE).read_text().strip()
    return ""


def home_told() -> Path | None:
    """The folder that ``GUILDHALL_HOME`` names, if it does."""
    told = os.environ.get("GUILDHALL_HOME", "").strip()
    return read_environment({"GUILDHALL_HOME": told}).home if told else None


def home_in_use() -> Path:
    """Which hall a command works on: the one that is named, else one's own, else the sample hall."""
    own, sample = default_home(), default_home() / "demo"
    return home_told() or (sample if not kind_of(own) and kind_of(sample) else own)


def open_home(home: Path, kind: str) -> None:
    """Make the folder if need be, and see that this kind of hall may live in it.

    Raises:
        Trouble: it cannot be written, or a hall of the other kind lives there.
    """
    try:
        if not home.exists():
            home.mkdir(parents=True, exist_ok=True)
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)  # as root, PostgreSQL's account passes through
        lives = _keep_kind(home, kind)
        if lives == kind:
            for name in ("mail", "files", "cache"):
                (home / name).mkdir(mode=0o700, exist_ok=True)
            probe = home / ".may-write"
            probe.touch()
            probe.unlink(missing_ok=True)  # another command may be asking the same
            keep_secret_key(home)
    except OSError as error:
        raise Trouble(
            f"The hall cannot write in its home {home} ({error.strerror or error}): "
            "give it that right, or set GUILDHALL_HOME to another folder."
        ) from error
    if lives != kind:
        raise Trouble(
            f"{home} is the home of {in_words(lives)}, and {in_words(kind)} never moves in "
            "with it: set GUILDHALL_HOME to another folder."
        )


def _keep_kind(home: Path, kind: str) -> str:
    """Write down which kind of hall lives there, unless one does already; which does."""
    path = home / _KIND_FILE
    if not kind_of(home):
        write_once(path, f"{kind}\n")
    return kind_of(home)


@contextmanager
def unfinished_home(home: Path, *, key: str) -> Iterator[None]:
    """Make a home that no hall opens, for one that is restored inside the block; it goes if that fails.

    Raises:
        Trouble: a hall lives there, or something else lies in the folder.
    """
    if kind_of(home) == _UNFINISHED:
        with (home / _KIND_FILE).open() as held:
            _hold(held, home)
            _clear(home)  # what was left by one that was killed
    try:
        if home.exists() and any(home.iterdir()):
            raise Trouble(f"{home} holds something already: a backup is restored into an empty home.")
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        write_once(home / _KIND_FILE, f"{_UNFINISHED}\n")
        write_once(home / SECRET_KEY_FILE, key)
    except OSError as error:
        raise Trouble(f"The hall cannot write in its home {home} ({error.strerror or error}).") from error
    with (home / _KIND_FILE).open() as held:
        _hold(held, home)
        try:
            yield
        except BaseException:
            _clear(home)
            raise
        (home / _KIND_FILE).unlink()


def _hold(file: IO[str], home: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Trouble(f"Another process restores a hall into {home} just now.") from error


def _clear(home: Path) -> None:
    """Take away what a restored hall has left in its home, and its database."""
    pointer = home / PLACE_FILE
    if pointer.exists():
        shutil.rmtree(pointer.read_text().strip(), ignore_errors=True)
    for path in sorted(home.iterdir(), key=lambda path: path.name == _KIND_FILE):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def in_words(kind: str) -> str:
    """A kind of hall as a sentence names it."""
    return _SENTENCES.get(kind, kind)
