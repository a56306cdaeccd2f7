"""What of a payment is kept for savings goals: decided on plain values."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from guildhall.kernel.money import divide_by_weights

WHOLE: Final = 10_000  # basis points

MOST_GOALS: Final = 20
"""How many goals one person may have under way."""

DAY_IS_NEAR: Final = timedelta(days=7)
"""So long before its day a goal that is not reached reminds its owner."""


def shares_of(net: int, goals: Sequence[tuple[int, int]]) -> list[int]:
    """What each goal keeps of a payment: its share by largest remainder, and never more than it lacks.

    Args:
        net: minor units that became available.
        goals: ``(basis points, minor units it lacks)`` each; the shares are together at most the whole.
    """
    rest = WHOLE - sum(share for share, _lacks in goals)
    assert rest >= 0, "shares exceed the payment"
    _rest, *parts = divide_by_weights(net, [rest, *(share for share, _lacks in goals)])
    return [min(part, lacks) for part, (_share, lacks) in zip(parts, goals, strict=True)]
