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
    UNKNOWN: {SETTLED, FAILED, CANCELLED},
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

# What a processor takes back it gives again when the dispute is won, once.
CHARGEBACK_MOVES: Final[dict[str, set[str]]] = {TAKEN: {GIVEN_BACK}, GIVEN_BACK: set()}

# A bank may send back what it had already booked: hence the way out of settled.
PAYOUT_MOVES: Final[dict[str, set[str]]] = {
    REQUESTED: {SENT},
    SENT: {SETTLED, RETURNED},
    SETTLED: {RETURNED},
    RETURNED: set(),
}

OPENED: Final = "opened"

BATCH_MOVES: Final[dict[str, set[str]]] = {OPENED: {SENT}, SENT: set()}

READ: Final = "read"
BOOKED: Final = "booked"

# What was read moves nothing. Booking follows every line of the file, or none.
BANK_FILE_MOVES: Final[dict[str, set[str]]] = {READ: {BOOKED}, BOOKED: set()}

# Money that fitted nothing goes back to its sender: ordered by hand at the bank, and seen on a statement.
SENDER_REFUND_MOVES: Final[dict[str, set[str]]] = {
    SENT: {SETTLED, RETURNED},
    SETTLED: {RETURNED},
    RETURNED: set(),
}
