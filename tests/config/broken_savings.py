"""The rows that break what is promised of exchanges and savings; `broken_rows` says how they are written."""

from tests.config.breaking import CAUSE, GOAL, SOMEBODY, gone, movement, one, posting

EXCHANGING_AND_SAVING: dict[str, list[str]] = {
    "escrow.frozen": [
        one("escrow_freeze", "amount = amount + 1", name="t.hold_id::text"),
        one("escrow_hold", 'frozen = "left" + 1', "state = 'open'"),
    ],
    "escrow.in_and_out": [
        one("escrow_release", "gross = gross + 1", "gross > 0", "t.hold_id::text"),
        one(
            "escrow_hold",
            "client_fee = client_fee + 1, client_fee_left = client_fee_left + 1",
            """state = 'open' AND "left" < placed""",
        ),
    ],
    "escrow.savings": [
        one("ledger_account", "balance = balance + 1", "code ~ '^savings:'", "split_part(t.code, ':', 4)"),
        one("ledger_account", "code = 'savings:person:of:nobody'", "code ~ '^savings:'", "t.code"),
        one("escrow_savingsgoal", "saved = saved + 1", "state = 'open'"),
        one("escrow_savingsgoal", "state = 'reached'", "state = 'open'"),
        one("escrow_saving", "amount = amount + 1", name="t.goal_id::text"),
        gone("escrow_saving", "release_id IS NOT NULL", "t.goal_id::text"),
        posting("amount = amount + 1", "saving.kept", GOAL),
        posting("source_id = 1", "saving.taken", GOAL),
        movement("saving.taken", "saving:of-nobody"),
    ],
    "escrow.savings_of_what": [
        one("escrow_saving", "amount = amount * 3", "release_id IS NOT NULL", "t.goal_id::text"),
        one("escrow_savingsgoal", f"person_id = {SOMEBODY}", "saved > 0 AND state = 'reached'"),
        one("escrow_savingsgoal", "set_at = set_at + interval '1 year'", "saved > 0 AND state = 'reached'"),
        one("escrow_savingsgoal", "share = 1", "saved > 0 AND state = 'reached'"),
    ],
    "payments.exchange": [
        one("payments_exchangequote", "reached = reached + 1", "state = 'given'"),
        one("payments_exchangequote", "spread = 0", "state = 'accepted'"),
        one("payments_exchangequote", "state = 'accepted'", "state = 'given'"),
        one("payments_exchangequote", "moved_at = expires_at", "state = 'accepted'"),
        one("payments_exchangequote", f"person_id = {SOMEBODY}", "state = 'accepted'"),
        gone("payments_exchangequote", "state = 'accepted'", "'exchange:' || t.id"),
        posting("amount = amount + 1", "exchange.done", CAUSE),
    ],
    "payments.positions": [
        """
        UPDATE ledger_posting t SET amount = amount + 1000000000 FROM ledger_account a
        WHERE a.id = t.source_id AND a.code = 'exchange:PKR' RETURNING a.code || ' ' || a.currency
        """
    ],
}
