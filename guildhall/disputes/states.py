"""How cases and offers live."""

OPEN = "open"
AGREED = "agreed"
RULED = "ruled"
WITHDRAWN = "withdrawn"

CASE_MOVES: dict[str, set[str]] = {
    OPEN: {AGREED, RULED, WITHDRAWN},
    AGREED: set(),
    RULED: set(),
    WITHDRAWN: set(),
}

MADE = "made"
ACCEPTED = "accepted"
REPLACED = "replaced"  # the same side made a newer one
LAPSED = "lapsed"  # the case ended another way, or more is contested in it

OFFER_MOVES: dict[str, set[str]] = {
    MADE: {ACCEPTED, REPLACED, LAPSED},
    ACCEPTED: set(),
    REPLACED: set(),
    LAPSED: set(),
}
