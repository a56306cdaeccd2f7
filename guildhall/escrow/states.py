"""The lives of holds and of what leaves them."""

from typing import Final

OPEN: Final = "open"
CLOSED: Final = "closed"

HOLD_MOVES: Final[dict[str, set[str]]] = {OPEN: {CLOSED}, CLOSED: set()}

CLEARING: Final = "clearing"
MATURED: Final = "matured"
RETURNED: Final = "returned"

# Money for a worker clears for some days; money that went back to its payers has arrived at once.
RELEASE_MOVES: Final[dict[str, set[str]]] = {CLEARING: {MATURED}, MATURED: set(), RETURNED: set()}
