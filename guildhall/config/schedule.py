"""What the worker does because time has come: the name of each piece of work, how often, and the function."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from guildhall.config.checking import check_and_remember
from guildhall.config.tidying import tidy
from guildhall.contracts import background as contracts
from guildhall.jobs import background as jobs
from guildhall.ledger import background as ledger
from guildhall.notices import background as notices


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of background work.

    Args:
        name: the package and what it does.
        every: how long after its last beginning it begins again.
        do: a function of a package's `background.py`: takes the database's time, returns how much it did.
    """

    name: str
    every: timedelta
    do: Callable[..., int]


SCHEDULE = (
    Work("notices.send_letters", timedelta(seconds=2), notices.send_letters),
    Work("contracts.release_silent", timedelta(seconds=15), contracts.release_silent),
    Work("jobs.expire_due", timedelta(seconds=60), jobs.expire_due),
    Work("ledger.snapshot_derived", timedelta(minutes=5), ledger.snapshot_derived),
    Work("config.check", timedelta(minutes=10), check_and_remember),
    Work("config.tidy", timedelta(hours=1), tidy),
)
