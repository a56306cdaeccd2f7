"""How long the hall tries to get a letter through."""

from datetime import timedelta
from typing import Final

MOST_TRIES: Final = 12
SECRET_HOLDS: Final = timedelta(minutes=30)
"""A letter with a code in it is of no use afterwards, and should not lie about."""
NEWS_HOLDS: Final = timedelta(days=7)
"""A letter that could not even be tried for so long is no news; its notice stands in the hall."""
LEASE: Final = timedelta(minutes=5)
"""For so long a letter belongs to the process that took it."""
_LONGEST_WAIT: Final = timedelta(hours=6)


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries that failed: one minute, doubling."""
    return min(timedelta(minutes=2 ** max(0, tries - 1)), _LONGEST_WAIT)
