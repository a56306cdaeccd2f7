"""When a figure may be shown, and how roughly."""

from collections.abc import Sequence
from typing import Final

PEOPLE: Final = "people"
OPEN_JOBS: Final = "open_jobs"
PAID: Final = "paid"

LEAST_PEOPLE: Final = 20
LEAST_CLIENTS: Final = 5


def may_be_shown(*, people: int) -> bool:
    """Whether a count of people, or of things that so many people did, gives nobody away."""
    return people >= LEAST_PEOPLE


def sum_may_be_shown(*, people: int, parts: Sequence[int]) -> bool:
    """Whether a sum of money gives nobody away.

    Args:
        people: how many people it speaks of in all.
        parts: what each client paid of it.
    """
    paid = [part for part in parts if part > 0]
    if people < LEAST_PEOPLE or len(paid) < LEAST_CLIENTS:
        return False
    return max(paid) * 2 <= sum(paid)


def rounded(number: int) -> int:
    """A number told roughly: its two leading digits, rounded down."""
    assert number >= 0
    step: int = 10 ** max(0, len(str(number)) - 2)
    return number // step * step
