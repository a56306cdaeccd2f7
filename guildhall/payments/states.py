"""The lives of deposits, refunds to their source, chargebacks, payouts and payout batches."""

from typing import Final

STARTED: Final = "started"
FAILED: Final = "failed"
SETTLED: Final = "settled"
CANCELLED: Final = "cancelled"  # nobody finished it in time
UNKNOWN: Final = "pending_unknown"  # the rail did not answer: it may have been done, and it is asked again

# A processor may change its mind: no after yes takes the money back, yes after no brings it. Which word is
# the last one is decided by the processor's own numbering, never by the order of arrival, so the state is
# the same in whatever order its words come. Money that comes after all is taken after all.
DEPOSIT_MOVES: Final[dict[str, set[str]]] = {
    STARTED: {UNKNOWN, SETTLED, FAILED, CANCELLED},
    UNKNOWN: {STARTED, SETTLED, FAILED, CANCELLED},
    FAILED: {SETTLED},
    SETTLED: {FAILED},
    CANCELLED: {SETTLED, FAILED},
}

REQUESTED: Final = "requested"
SENT: Final = "sent"
RETURNED: Final = "returned"

# A refund that has arrived may still come back, weeks later: hence the way out of settled.
REFUND_MOVES: Final[dict[str, set[str]]] = {
    REQUESTED: {SENT, UNKNOWN, SETTLED, RETURNED},
    UNKNOWN: {SENT, SETTLED, RETURNED},
    SENT: {SETTLED, RETURNED},
    SETTLED: {RETURNED},
    RETURNED: set(),
}

TAKEN: Final = "taken"
GIVEN_BACK: Final = "given_back"

# What a processor takes back it may give again when the dispute is won, and take once more.
CHARGEBACK_MOVES: Final[dict[str, set[str]]] = {TAKEN: {GIVEN_BACK}, GIVEN_BACK: {TAKEN}}

# A bank may send back what it had already booked: hence the way out of settled.
PAYOUT_MOVES: Final[dict[str, set[str]]] = {
    REQUESTED: {SENT},
    SENT: {SETTLED, RETURNED},
    SETTLED: {RETURNED},
    RETURNED: set(),
}

OPENED: Final = "opened"

BATCH_MOVES: Final[dict[str, set[str]]] = {OPENED: {SENT}, SENT: set()}
