"""A second process that delivers the sample year's events while the first plays it: for a second core."""

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from select import select

from django.db import connection

from guildhall.kernel.delivery import deliver_events

log = logging.getLogger(__name__)

_PAUSE = 0.05
_MOST = 500


@contextmanager
def delivering_beside(at: datetime) -> Iterator[None]:
    """Deliver what is due until `at` in a child process, and all that is left before going on.

    Raises:
        RuntimeError: the child fell; what it said stands on the terminal.
    """
    reading, writing = os.pipe()
    connection.close()  # one connection cannot serve two processes
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os._exit(_deliver_until_closed(reading, parent, at))
    os.close(reading)
    try:
        yield
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(writing)
        _pid, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("the process that delivers events has fallen")


def _deliver_until_closed(reading: int, parent: int, at: datetime) -> int:
    """Deliver until the other end of the pipe is closed and nothing is left; the status to end with.

    Whatever a year delivers that nobody plays any more is thrown away: when the parent is gone, so is this.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        while os.getppid() == parent:
            closed = bool(select([reading], [], [], 0)[0])
            if deliver_events(at=at, most=_MOST):
                continue
            if closed:
                return 0
            select([reading], [], [], _PAUSE)
    except Exception:  # nothing above this would say what happened
        if os.getppid() == parent:
            log.exception("events of the sample year could not be delivered")
        return 1
    else:
        return 1
    finally:
        connection.close()
