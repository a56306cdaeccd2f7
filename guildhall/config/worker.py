"""The worker: delivers events as they are committed, and does what is due by the database's clock.

Several workers may run at once. Events are taken with ``SKIP LOCKED``; a piece of background work is claimed
by moving its sign forward, so that one of them does it.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
from django.db import Error, InterfaceError, OperationalError, connection

from guildhall.config.clock import database_time
from guildhall.config.schedule import SCHEDULE, Work
from guildhall.insights.signs import claim_turn, show_work, show_worker_alive
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.events import WAKE_CHANNEL

log = logging.getLogger(__name__)

_NAP = 0.5  # seconds between two looks at the clock when nothing wakes it
_AFTER_TROUBLE = 1.0
_ALIVE_EVERY = 5.0
_LONGEST_WORK = 3600.0  # what takes longer hangs
_SHARE_OF_A_TURN = 0.1  # a turn that another worker has had is found out after a tenth of it
_LONGEST_UNASKED = 30.0

type Report = Callable[[float, float, str], None]


def _tell_nobody(_done: float, _total: float, _doing: str) -> None:
    """Nobody waits for it."""


class Worker:
    """One worker.

    Args:
        url: the database, for the session that listens.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.stopping = False
        self._ear: psycopg.Connection[Any] | None = None
        self._said_alive = -_ALIVE_EVERY
        self._ask_again: dict[str, float] = {}
        self._busy_since = time.monotonic()
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is in hand is finished first."""
        for word in (signal.SIGTERM, signal.SIGINT):
            signal.signal(word, self._stop)
        beat = threading.Thread(target=self._stay_alive)
        beat.start()
        try:
            self._work_until_stopped()
        finally:
            self._ended.set()
            beat.join()

    def _work_until_stopped(self) -> None:
        while not self.stopping:
            try:
                self._busy_since = time.monotonic()
                self._listen()
                self.do_what_is_due()
                self._nap()
            except (psycopg.OperationalError, OperationalError, InterfaceError) as trouble:
                log.warning("the database does not answer: %s", trouble)
                self._forget_connections()
                time.sleep(_AFTER_TROUBLE)
        self._forget_connections()

    def _stay_alive(self) -> None:
        """Say that the worker lives however long one piece of work takes, unless it takes for ever."""
        while not self._ended.wait(_ALIVE_EVERY):
            if time.monotonic() - self._busy_since < _LONGEST_WORK:
                try:
                    show_worker_alive()
                except (psycopg.Error, Error):  # whoever works will notice, and say so
                    connection.close()
        connection.close()

    def do_what_is_due(self, report: Report = _tell_nobody) -> int:
        """Deliver every due event and do every due piece of work once; how much was done.

        Args:
            report: hears how many pieces of work of how many are behind us, and what comes now.
        """
        delivered = 0
        while not self.stopping and (taken := deliver_events(at=database_time())):
            delivered += taken
            report(0, len(SCHEDULE), f"events: {delivered}")
        done = delivered
        for number, work in enumerate(SCHEDULE):
            if self.stopping:
                break
            report(number, len(SCHEDULE), work.name)
            if self._may_be_due(work) or (work.prompt and delivered):
                self._busy_since = time.monotonic()
                done += _do(work)
        if time.monotonic() - self._said_alive > _ALIVE_EVERY:
            show_worker_alive()
            self._said_alive = time.monotonic()
        return done

    def _may_be_due(self, work: Work) -> bool:
        """Whether to ask the database if it is: for rare work not at every look."""
        now = time.monotonic()
        if now < self._ask_again.get(work.name, 0.0):
            return False
        share = 1.0 if work.prompt else _SHARE_OF_A_TURN
        self._ask_again[work.name] = now + min(work.every.total_seconds() * share, _LONGEST_UNASKED)
        return True

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _listen(self) -> None:
        if self._ear is None:
            self._ear = psycopg.connect(self.url, autocommit=True)
            self._ear.execute(f"LISTEN {WAKE_CHANNEL}")

    def _nap(self) -> None:
        assert self._ear is not None
        for _each in self._ear.notifies(timeout=_NAP, stop_after=1):
            return

    def _forget_connections(self) -> None:
        with suppress(Exception):  # it may be broken in any way: it is thrown away
            connection.close()
        if self._ear is not None:
            self._ear.close()
            self._ear = None


_failing = {work.name for work in SCHEDULE if work.prompt}
"""Work whose sign may still speak of trouble; work that claims its turn wipes it by that."""


def _database_answers() -> bool:
    """Whether the fault was the work's and not the database's; a broken connection is made anew."""
    connection.close_if_unusable_or_obsolete()
    try:
        database_time()
    except (psycopg.Error, Error):
        return False
    return True


def _do(work: Work) -> int:
    """Do a piece of work if it is due and nobody else has just begun it; what it raises is noted."""
    at = database_time() if work.prompt else claim_turn(work.name, every=work.every)
    if at is None:
        return 0
    try:
        done = work.do(at=at)
    except Exception as trouble:  # the other pieces of work must go on
        if not _database_answers():
            raise
        log.exception("background work %s failed", work.name)
        show_work(work.name, f"{type(trouble).__name__}: {trouble}"[:2000])
        _failing.add(work.name)
        return 0
    if work.prompt and work.name in _failing:
        show_work(work.name)
    _failing.discard(work.name)
    return done
