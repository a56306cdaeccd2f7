"""What counts for whom, and when feedback is seen. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from guildhall.kernel.rules import house_rule

FEEDBACK_DAYS = house_rule(
    "feedback_days",
    unit="days",
    default=14,
    low=1,
    high=60,
    meaning=_(
        "The first feedback on a contract is shown when the other side has spoken, or after so many days, "
        "counted from the contract's end at the earliest."
    ),
)
LONGEST_FEEDBACK = 2000


class FactKind(StrEnum):
    """What can be told of somebody."""

    POST_OPENED = "post.opened"  # as a client
    POST_FILLED = "post.filled"
    PAID = "paid"  # value: seconds from the last delivery to the money
    PAID_BY_SILENCE = "paid.silently"
    CHANGES_ASKED = "changes.asked"
    DELIVERY_REFUSED = "delivery.refused"  # delivered work of which something was not paid
    JOB_FINISHED = "job.finished"  # a contract ended with money settled
    STARS_AS_CLIENT = "stars.as_client"  # value: stars, shown and counting
    EARNED = "earned"  # as a worker: a milestone with money settled
    WORK_FINISHED = "work.finished"
    STARS_AS_WORKER = "stars.as_worker"


CLIENT_KINDS = frozenset({FactKind.POST_OPENED, FactKind.POST_FILLED})
"""What others may tell of a client; the rest this package hears by itself."""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """How somebody has behaved as a client. Only money that was really settled counts.

    Args:
        posts: jobs that they opened.
        hires: of these, filled.
        finished: contracts that ended with money settled.
        paid: milestones that they paid, in whole or in part.
        paid_silently: of these, paid only because their time was over.
        pays_after: median time from the delivery to the money; None before the first.
        changes_asked: deliveries that they sent back.
        refused: delivered milestones of which something was not paid.
        stars: average of what workers gave, times 100; None before the first.
        reviews: how many of those.
    """

    posts: int = 0
    hires: int = 0
    finished: int = 0
    paid: int = 0
    paid_silently: int = 0
    pays_after: timedelta | None = None
    changes_asked: int = 0
    refused: int = 0
    stars: int | None = None
    reviews: int = 0

    @property
    def hire_rate(self) -> int | None:
        """Hires per hundred posts; None before the first post."""
        return min(100, self.hires * 100 // self.posts) if self.posts else None

    @property
    def pays_after_days(self) -> int | None:
        """The median in whole days, rounded up; None before the first payment."""
        return None if self.pays_after is None else -(-self.pays_after // timedelta(days=1))


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """What somebody has done as a worker. Only money that was really settled counts.

    Args:
        finished: contracts that ended with money settled.
        paid_milestones: milestones that they were paid for, in whole or in part.
        stars: average of what clients gave, times 100; None before the first.
        reviews: how many of those.
    """

    finished: int = 0
    paid_milestones: int = 0
    stars: int | None = None
    reviews: int = 0

    @property
    def is_newcomer(self) -> bool:
        """Whether nothing is known of them yet."""
        return not self.finished and not self.paid_milestones


def is_seen(*, both_in: bool, over: bool) -> bool:
    """Whether feedback is shown: when both sides have spoken, or when the window is over."""
    return both_in or over
