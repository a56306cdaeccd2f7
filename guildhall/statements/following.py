"""Which of the sums that came into a wallet left it again, and with what: first in, first out.

A wallet is one pot. People still ask where *this* payment went, so the hall says it by one rule: what came in
first goes out first. What a bank sent back counts as if it had never left, so it is the first to go again.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from guildhall.ledger.windows import Leg

_SENT: Final = "payout:"
_BACK: Final = "payout.returned:"


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a sum that came in: `by` what it left, and when; or empty where it is still there."""

    minor: int
    kind: str = ""
    by: str = ""
    at: datetime | None = None


def portions_of(held: int, legs: Sequence[Leg]) -> dict[str, list[Portion]]:
    """Where each sum that came in has gone, by its movement's key: the portions add up to it.

    Args:
        held: what the wallet held before the first leg, in minor units.
        legs: everything that moved from then on until now, the oldest first.
    """
    back = {leg.key.removeprefix(_BACK) for leg in legs if leg.key.startswith(_BACK)}
    sent_here = {leg.key.removeprefix(_SENT) for leg in legs if leg.key.startswith(_SENT)}
    away = [leg for leg in legs if leg.key.startswith(_BACK) and leg.key.removeprefix(_BACK) not in sent_here]
    # What was on its way before the first leg and came back since has never left.
    waiting = deque([("", held + sum(leg.change for leg in away))])
    found: dict[str, list[Portion]] = defaultdict(list)
    for leg in legs:
        if leg.key.startswith(_BACK) or (leg.key.startswith(_SENT) and leg.key.removeprefix(_SENT) in back):
            continue
        if leg.change > 0:
            waiting.append((leg.key, leg.change))
            continue
        going = -leg.change
        while going and waiting:
            key, there = waiting.popleft()
            taken = min(going, there)
            going -= taken
            if there > taken:
                waiting.appendleft((key, there - taken))
            if taken:
                found[key].append(Portion(taken, leg.kind, leg.key, leg.at))
    for key, there in waiting:
        if there:
            found[key].append(Portion(there))
    return dict(found)
