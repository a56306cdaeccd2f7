"""Rows that break the promises about what banks wrote, and about money that nobody explained."""

from tests.config.breaking import ACCOUNT, CAUSE, gone, one, posting

OF_BANKS: dict[str, list[str]] = {
    "payments.bank_lines": [
        one("payments_bankline", "amount = amount + 1", "outcome = 'suspended'"),
        one("payments_bankline", "outcome = 'arrived'", "outcome = 'unexplained'"),
        gone("payments_bookedline", "true", "t.line_id::text"),
    ],
    "payments.sent_back": [
        one("payments_senderrefund", "amount = amount + 1"),
        one("payments_senderrefund", "state = 'settled'", "state = 'sent'"),
    ],
    "payments.suspense": [
        one("ledger_account", "balance = balance + 1", "code ~ '^suspense:'", ACCOUNT),
        one("payments_gatewaynotice", "outcome = 'older'", "outcome = 'unmatched'", "'notice:' || t.id"),
        posting("amount = amount + 1", "deposit.unmatched", CAUSE),
    ],
    "payments.transit": [gone("payments_payout", "true", "'transit:' || t.id || ' ' || t.currency")],
    "payments.notices": [
        one("payments_gatewaynotice", "facts = facts || '{\"amount\": 1}'", "outcome = 'followed'"),
        one("payments_deposit", "serial = serial + 1", "state = 'settled'"),
        one("payments_deposit", "state = 'failed'", "state = 'settled'"),
    ],
}
