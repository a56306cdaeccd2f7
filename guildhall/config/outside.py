"""What goes wrong outside the hall, in one sentence: the database, the disk, a folder."""

import errno

import psycopg
from psycopg import errors

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_OF_THE_DISK = _FULL | {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR}
_SEE = "see that it runs and that GUILDHALL_DATABASE_URL leads to it."


def sentence_about(error: BaseException) -> str:
    """One sentence for the person at the terminal; nothing if the error is a bug of ours."""
    cause = error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error
    if isinstance(cause, psycopg.Error):
        return _about_the_database(cause, _first_line(cause))
    if type(error).__name__ == "NotSupportedError":  # Django's word about a server that is much too old
        return f"The hall needs PostgreSQL 18 or newer: {_first_line(error)}."
    if isinstance(error, OSError) and error.filename and error.errno in _OF_THE_DISK:
        return f"{error.filename} cannot be read or written ({error.strerror})."
    if isinstance(error, OSError) and error.errno in _FULL:
        return f"The disk is full ({error.strerror})."
    return ""


def _about_the_database(cause: psycopg.Error, reason: str) -> str:
    if isinstance(cause, errors.LockNotAvailable):
        return (
            "Somebody else holds a table that must change for longer than the hall waits: "
            "stop what works in this database and try again."
        )
    if isinstance(cause, errors.InsufficientPrivilege):
        return f"The database does not allow this to the hall's role ({reason})."
    if isinstance(cause, errors.DiskFull):
        return f"The disk of the database is full ({reason})."
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return ""
    if "FATAL:" in reason:
        reason = reason.partition("FATAL:")[2].strip()
        return f"The database does not let the hall in ({reason}): look at GUILDHALL_DATABASE_URL."
    return f"The database does not answer ({reason}): {_SEE}"


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    first = lines[0] if lines else type(error).__name__
    return first.removeprefix("connection failed: ").rstrip(".")
