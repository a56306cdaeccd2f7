"""How a decision for two people lives."""

from typing import Final

ASKED: Final = "asked"
CONFIRMED: Final = "confirmed"
DROPPED: Final = "dropped"  # a second operator said no, or who asked took it back

DECISION_MOVES: Final[dict[str, set[str]]] = {ASKED: {CONFIRMED, DROPPED}, CONFIRMED: set(), DROPPED: set()}
