"""A hall in one file: its database, its stored files, and the key with which it can go on.

The file is a zip. The database is read in one snapshot and before the files: bytes are stored before the row
that names them and never change, so that the copy holds whatever its rows name, however busy the hall is.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guildhall.config.hall import Hall
from guildhall.config.postgres.children import start_child
from guildhall.config.trouble import Trouble

FORMAT = 1
_FACTS, _KEY, _DATABASE = "guildhall.json", "secret-key", "database.dump"
_FILE = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")
_CHUNK = 2**20

type Report = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was opened for reading."""

    parts: ZipFile
    kind: str

    def key(self) -> str:
        """The hall's secret key."""
        return self.parts.read(_KEY).decode()

    def files(self) -> list[str]:
        """The names of its stored files, each below ``files/``."""
        return [name for name in self.parts.namelist() if _FILE.fullmatch(name)]


def write_copy(target: Path, hall: Hall, *, kind: str, key: str, report: Report) -> None:
    """Write a hall into one new file that only its owner may read: whole, or not at all.

    Raises:
        Trouble: there is such a file, or the database could not be read.
    """
    if os.path.lexists(target):
        raise Trouble(f"{target} exists already: name another file.")
    if not target.parent.is_dir():
        raise Trouble(f"There is no folder {target.parent} to write {target.name} into.")
    handle, name = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name}."
    )  # readable by its owner only
    try:
        with os.fdopen(handle, "w+b") as out:
            with ZipFile(out, "w") as parts:
                parts.writestr(_FACTS, json.dumps({"format": FORMAT, "kind": kind}))
                parts.writestr(_KEY, key)
                done = _write_database(parts, hall, report)
                _write_files(parts, hall.home, done, report)
            out.flush()
            os.fsync(out.fileno())
        _put_in_place(Path(name), target)
    finally:
        Path(name).unlink(missing_ok=True)


def _write_database(parts: ZipFile, hall: Hall, report: Report) -> int:
    """Stream the database into the copy; its size, which stands for the work that is done."""
    with psycopg.connect(hall.owner_url) as line:
        found = line.execute("SELECT pg_database_size(current_database())").fetchone()
    size = int(found[0]) if found else 0
    total = size + sum(_size(path) for path in _stored(hall.home))
    written = 0
    with tempfile.TemporaryFile() as complaints:
        command, told = _with_database(hall, "pg_dump", "--format=custom", "--no-owner", "--no-privileges")
        dump = start_child(command, output=subprocess.PIPE, complaints=complaints, environment=told)
        assert dump.stdout is not None
        try:
            with parts.open(_DATABASE, "w", force_zip64=True) as entry:
                while chunk := dump.stdout.read(_CHUNK):
                    entry.write(chunk)
                    written += len(chunk)
                    report(min(written, size), total, "the database")
            dump.wait()
        finally:
            dump.kill()
            dump.wait()
            dump.stdout.close()
        if dump.returncode:
            raise Trouble(f"The database could not be copied: {_reason_in(complaints)}")
    return size


def _stored(home: Path) -> Iterator[Path]:
    for path in (home / "files").glob("??/*"):
        if _FILE.fullmatch(f"files/{path.parent.name}/{path.name}"):
            yield path


def _write_files(parts: ZipFile, home: Path, done: int, report: Report) -> None:
    found = sorted(_stored(home))
    total = done + sum(map(_size, found))
    for path in found:
        with suppress(FileNotFoundError):  # bytes without a row are swept away; no copy needs them
            parts.write(path, f"files/{path.parent.name}/{path.name}")
        done += _size(path)
        report(done, total, "files")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _put_in_place(written: Path, target: Path) -> None:
    try:
        target.hardlink_to(written)
    except FileExistsError as error:
        raise Trouble(f"{target} was made by somebody else meanwhile: name another file.") from error
    except OSError:  # a disk that knows no links
        written.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def opened_copy(path: Path) -> Iterator[Copy]:
    """Open a copy for reading.

    Raises:
        Trouble: it is none, is cut off, or was written by a version that knows more.
    """
    try:
        with ZipFile(path) as parts:
            facts = _facts_in(parts)
            if facts["format"] > FORMAT:
                raise Trouble(f"{path} was written by a newer Guildhall: restore it with that version.")
            yield Copy(parts, str(facts["kind"]))
    except BadZipFile as error:
        raise Trouble(f"{path} is not a whole backup of a hall.") from error


def _facts_in(parts: ZipFile) -> dict[str, Any]:
    """What a copy says of itself; any other zip file is as bad as none."""
    try:
        facts: dict[str, Any] = json.loads(parts.read(_FACTS))
        for name in (_KEY, _DATABASE):
            parts.getinfo(name)
        return {"format": int(facts["format"]), "kind": facts["kind"]}
    except (KeyError, ValueError, TypeError) as error:
        raise BadZipFile from error


def read_database(copy: Copy, hall: Hall, report: Report) -> None:
    """Fill an empty database from a copy, in one transaction.

    Raises:
        Trouble: it is not empty, or the copy could not be read into it.
    """
    with psycopg.connect(hall.owner_url) as line:
        asked = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        if line.execute(asked).fetchone() != (0,):
            raise Trouble("The database holds something already: a backup is restored into an empty one.")
    total = copy.parts.getinfo(_DATABASE).file_size
    command, told = _with_database(
        hall, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"
    )
    with tempfile.TemporaryFile() as complaints:
        restore = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=told
        )
        assert restore.stdin is not None
        done = 0
        try:
            with copy.parts.open(_DATABASE) as entry:
                while chunk := entry.read(_CHUNK):
                    restore.stdin.write(chunk)
                    done += len(chunk)
                    report(done, total, "the database")
            restore.stdin.close()
            restore.wait()
        except BrokenPipeError:
            restore.wait()
        finally:
            restore.kill()
            restore.wait()
        if restore.returncode:
            raise Trouble(f"The database could not be restored: {_reason_in(complaints)}")


def read_files(copy: Copy, home: Path, report: Report) -> None:
    """Lay the stored files out in a home."""
    names = copy.files()
    for number, name in enumerate(names, 1):
        place = home / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with copy.parts.open(name) as source, place.open("wb") as out:
            shutil.copyfileobj(source, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        place.chmod(0o600)
        report(number, len(names), "files")


def _with_database(hall: Hall, program: str, *words: str) -> tuple[list[str], dict[str, str]]:
    """A command of PostgreSQL's on the hall's database, and what it is told where nobody else can read it."""
    facts: dict[str, Any] = conninfo_to_dict(hall.owner_url)
    password = str(facts.pop("password", ""))
    command = [str(hall.programs / program), *words, f"--dbname={make_conninfo('', **facts)}"]
    return command, os.environ | {"PGPASSWORD": password}


def _reason_in(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = [line.strip() for line in complaints.read().decode(errors="replace").splitlines() if line.strip()]
    errors = [line.partition("error: ")[2] for line in lines if "error: " in line]
    return (errors or lines or ["it was stopped"])[0]
