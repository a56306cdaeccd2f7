"""How a job and a proposal live."""

from typing import Final

DRAFT: Final = "draft"
OPEN: Final = "open"
FILLED: Final = "filled"
CLOSED: Final = "closed"
EXPIRED: Final = "expired"

JOB_MOVES: Final[dict[str, set[str]]] = {
    DRAFT: {OPEN, CLOSED},
    OPEN: {FILLED, CLOSED, EXPIRED},
    FILLED: set(),
    CLOSED: set(),
    EXPIRED: set(),
}

SENT: Final = "sent"
WITHDRAWN: Final = "withdrawn"
DECLINED: Final = "declined"
ACCEPTED: Final = "accepted"

PROPOSAL_MOVES: Final[dict[str, set[str]]] = {
    SENT: {WITHDRAWN, DECLINED, ACCEPTED},
    WITHDRAWN: set(),
    DECLINED: set(),
    ACCEPTED: set(),
}
