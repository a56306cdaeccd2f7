"""The rows that break what is promised about refunds, chargebacks and outcomes that nobody knows."""

from tests.config.breaking import CAUSE, movement, one, posting

GOING_BACK: dict[str, list[str]] = {
    "payments.chargebacks": [
        one("payments_chargeback", "amount = amount + 1, from_wallet = from_wallet + 1", "state = 'taken'"),
        one("payments_chargeback", "state = 'given_back'", "state = 'taken'"),
        posting("amount = amount + 1", "chargeback.given_back", CAUSE),
        movement("chargeback.recovered", "recovered:of-nobody"),
    ],
    "payments.refunds": [
        one("payments_depositrefund", "amount = amount + 1", "state = 'settled'"),
        one("payments_depositrefund", "state = 'returned'", "state = 'settled'"),
        posting("source_id = 1", "refund.sent", CAUSE),
        movement("refund.settled", "refund.settled:of-nobody"),
    ],
    "payments.unknown": [
        one(
            "payments_depositrefund",
            "state = 'settled'",
            "state = 'pending_unknown'",
            "'unknown:practice ' || t.currency",
        ),
    ],
}
