"""The rows that break what is promised about plans and about the hall's own money going out."""

from tests.config.breaking import CAUSE, one, posting

OF_OWN_MONEY: dict[str, list[str]] = {
    "P5.own": [
        one(
            "people_decision",
            "kind = 'other'",
            "kind = 'own_transfer'",
            "'own_transfer:' || t.subject_id",
        ),
        one("people_decision", "kind = 'other'", "kind = 'credit'", "'credit:' || t.subject_id"),
        one(
            "people_decision",
            "kind = 'other'",
            "kind = 'correction'",
            "'correction:' || (t.facts ->> 'movement')",
        ),
    ],
    "payments.own_transfers": [
        one("payments_owntransfer", "amount = amount + 1"),
        one("payments_owntransfer", "state = 'returned'", "state = 'settled'"),
        posting("amount = amount + 1", "fees.taken_out", CAUSE),
    ],
    "payments.turns": [
        one("payments_payoutturn", "available = 0", "payout_id IS NOT NULL"),
        one("payments_payoutturn", "currency = 'JPY'", "payout_id IS NOT NULL"),
    ],
}
"""As `BROKEN`."""
