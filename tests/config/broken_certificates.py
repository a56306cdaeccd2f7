"""Rows of certificates that break a promise, and what `check` must call them."""

from tests.config.breaking import one

CERTIFICATES: dict[str, list[str]] = {
    "earnings.certificates": [
        one("earnings_certificate", "body = replace(body, '\"clients\":', '\"clients\":1')", name="t.code"),
        one("earnings_certificate", "signature = repeat('0', 128)", name="t.code"),
        one("earnings_certificate", "expires_on = expires_on + 1", name="t.code"),
        one("earnings_certificate", "has_amounts = NOT has_amounts", name="t.code"),
        one("earnings_certificate", "issued_at = '2001-01-01'", name="t.code"),
        one(
            "earnings_signingkey",
            "public = repeat('0', 64)",
            "ended_at IS NULL",
            "(SELECT code FROM earnings_certificate WHERE key_id = t.id)",
        ),
    ],
}
