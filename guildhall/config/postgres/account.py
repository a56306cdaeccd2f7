"""Whose account the server runs under: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildhall.config.trouble import Trouble

_ORDINARY = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of this machine, and whether we must change to it."""

    name: str
    uid: int
    gid: int
    borrowed: bool

    def as_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to run something under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}

    def own(self, path: Path) -> None:
        """Give a file, or a folder with all that is in it, to this account."""
        if not self.borrowed:
            return
        for each in (path, *path.rglob("*")):
            os.chown(each, self.uid, self.gid, follow_symlinks=False)


def account_for_server() -> Account:
    """Our own account, or as root an ordinary one that every Unix has."""
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), borrowed=False)
    for name in _ORDINARY:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, borrowed=True)
    raise Trouble(
        "PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody`: "
        "start the hall under an ordinary account, or set GUILDHALL_DATABASE_URL."
    )


def first_closed_folder(path: Path, account: Account) -> Path | None:
    """The outermost folder on the way to `path` that the account may not enter, if it is not our own."""
    if not account.borrowed:
        return None
    real = path.resolve()
    for folder in reversed([real, *real.parents]):
        if not folder.is_dir():
            return None
        status = folder.stat()
        if status.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif status.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            return folder
    return None
