"""What the worker does for search."""

from datetime import datetime

from guildhall.search.actions import freshen_index, standing_of
from guildhall.search.plans import SOURCES


def freshen(*, at: datetime) -> int:
    """Bring every index that is behind up to the tables; how many things were read."""
    del at  # an index has no clock: it follows the tables
    behind = [kind for kind in SOURCES if not standing_of(kind)[1]]
    return sum(freshen_index(kind=kind) for kind in behind)
