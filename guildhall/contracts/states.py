"""How contracts, milestones and requests for a refund live."""

ACTIVE = "active"
ENDING = "ending"  # somebody ended it and money is still held
ENDED = "ended"

CONTRACT_MOVES: dict[str, set[str]] = {
    ACTIVE: {ENDING, ENDED},
    ENDING: {ENDED},
    ENDED: set(),
}

PLANNED = "planned"
FUNDED = "funded"
DELIVERED = "delivered"
CHANGES_ASKED = "changes_asked"
RELEASED = "released"  # all of it went to the worker
RETURNED = "returned"  # all of it went back to the client
SETTLED = "settled"  # it was divided between the two
DROPPED = "dropped"  # the contract ended before any money was set aside for it

MILESTONE_MOVES: dict[str, set[str]] = {
    PLANNED: {FUNDED, DROPPED},
    FUNDED: {DELIVERED, RETURNED, SETTLED},
    DELIVERED: {CHANGES_ASKED, RELEASED, RETURNED, SETTLED},
    CHANGES_ASKED: {DELIVERED, RELEASED, RETURNED, SETTLED},
    RELEASED: set(),
    RETURNED: set(),
    SETTLED: set(),
    DROPPED: set(),
}
HELD = (FUNDED, DELIVERED, CHANGES_ASKED)
"""The states in which money is set aside for a milestone."""
FINISHED = (RELEASED, RETURNED, SETTLED, DROPPED)

ASKED = "asked"
AGREED = "agreed"
DECLINED = "declined"
WITHDRAWN = "withdrawn"
DISPUTED = "disputed"  # a case took it over

REFUND_MOVES: dict[str, set[str]] = {
    ASKED: {AGREED, DECLINED, WITHDRAWN, DISPUTED},
    AGREED: set(),
    DECLINED: set(),
    WITHDRAWN: set(),
    DISPUTED: set(),
}
