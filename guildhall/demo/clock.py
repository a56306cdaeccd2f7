"""The year's diary: what will happen when, and what the hall does each day by itself."""

import heapq
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from guildhall.contracts.background import release_silent, warn_silent
from guildhall.disputes.background import take_up_refunds
from guildhall.escrow.background import mature_due, warn_of_goals
from guildhall.jobs.background import expire_due
from guildhall.kernel.delivery import deliver_events
from guildhall.ledger.background import seal_settled
from guildhall.payments.background import cancel_old_deposits
from guildhall.reputation.background import reveal_due

type Happening = Callable[[datetime], object]
type Story = Generator[timedelta, datetime]
"""Something told in order: it yields how long nothing happens, and hears what time it is afterwards."""

_EVERY_DAY = (
    mature_due,
    warn_of_goals,
    warn_silent,
    release_silent,
    take_up_refunds,
    reveal_due,
    expire_due,
    cancel_old_deposits,
    seal_settled,
)


class Diary:
    """Happenings in the order of their times, up to the end of the year.

    Args:
        start: the first instant.
        end: the last one; what was planned for later never happens.
        delivers: whether events are delivered at the end of each day, and not by somebody beside.
    """

    def __init__(self, start: datetime, end: datetime, *, delivers: bool = True) -> None:
        self.delivers = delivers
        self.now = start
        self.end = end
        self._planned: list[tuple[datetime, int, Happening]] = []
        self._turn = count()

    def plan(self, at: datetime, happening: Happening) -> None:
        """Let something happen at a time; the past counts as now."""
        heapq.heappush(self._planned, (max(at, self.now), next(self._turn), happening))

    def tell(self, at: datetime, story: Callable[[datetime], Story]) -> None:
        """Let a story begin at a time, and go on whenever the pause that it asked for is over."""
        self.plan(at, lambda at: self._go_on(story(at), at, begins=True))

    def _go_on(self, story: Story, at: datetime, *, begins: bool = False) -> None:
        try:
            pause = next(story) if begins else story.send(at)
        except StopIteration:
            return
        self.plan(at + pause, partial(self._go_on, story))

    def play(self, each_day: Callable[[float], None]) -> None:
        """Live through the year; `each_day` hears how much of it is over, from 0 to 1."""
        start, day = self.now, self.now.date()
        while self._planned and self._planned[0][0] <= self.end:
            at, _turn, happening = heapq.heappop(self._planned)
            while day < at.date():
                day += timedelta(days=1)
                self.end_day(datetime.combine(day, datetime.min.time(), tzinfo=at.tzinfo))
                each_day((at - start) / (self.end - start))
            self.now = at
            happening(at)
        self.now = self.end
        self.end_day(self.end)

    def end_day(self, at: datetime) -> None:
        """What the worker of a running hall does all the time."""
        for background in _EVERY_DAY:
            background(at=at)
        while self.delivers and deliver_events(at=at, most=1000):
            pass
