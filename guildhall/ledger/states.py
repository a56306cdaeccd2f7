"""The life of a difference."""

from typing import Final

OPENED: Final = "opened"
CLOSED: Final = "closed"

# What was closed stays closed: the same thing found otherwise is another difference.
DIFFERENCE_MOVES: Final[dict[str, set[str]]] = {OPENED: {CLOSED}, CLOSED: set()}
