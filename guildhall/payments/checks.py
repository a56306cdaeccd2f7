"""The invariants of payments, as queries for the rows that break them."""

from guildhall.kernel.registry import register_check

register_check(
    "E12",
    formula="a payout's money is in transit while it is under way, and once it has ended where it ended",
    count="SELECT count(*) FROM payments_payout",
    broken="""
        SELECT payout.id::text, payout.state || ', in transit ' || coalesce(transit.balance, 0)
            || ', settled ' || (settled.id IS NOT NULL) || ', returned ' || (returned.id IS NOT NULL)
        FROM payments_payout payout
        LEFT JOIN ledger_account transit
            ON transit.code = 'transit:' || payout.id AND transit.currency = payout.currency
        LEFT JOIN ledger_movement settled ON settled.key = 'payout.settled:' || payout.id
        LEFT JOIN ledger_movement returned ON returned.key = 'payout.returned:' || payout.id
        WHERE coalesce(transit.balance, 0)
                <> CASE WHEN payout.state IN ('requested', 'sent') THEN payout.amount ELSE 0 END
            OR (payout.state = 'settled' AND (settled.id IS NULL OR returned.id IS NOT NULL))
            OR (payout.state = 'returned') <> (returned.id IS NOT NULL)
            OR (payout.state IN ('requested', 'sent') AND settled.id IS NOT NULL)
    """,
)

register_check(
    "payments.transit",
    formula="no money is in transit without its payout",
    count="SELECT count(*) FROM ledger_account WHERE code LIKE 'transit:%'",
    broken="""
        SELECT account.code || ' ' || account.currency, 'holds ' || account.balance || ' for no payout'
        FROM ledger_account account
        LEFT JOIN payments_payout payout ON account.code = 'transit:' || payout.id
        WHERE account.code LIKE 'transit:%' AND payout.id IS NULL AND account.balance <> 0
    """,
)

register_check(
    "I4",
    formula="credited = Σ deposits whose last notice says paid, sum and currency as intended",
    count="SELECT count(*) FROM payments_deposit",
    broken="""
        SELECT deposit.id::text, deposit.state || ', credited ' || moved.credited
        FROM payments_deposit deposit
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(
                CASE movement.kind WHEN 'deposit.settled' THEN posting.amount ELSE -posting.amount END
            ), 0) AS credited
            FROM ledger_movement movement JOIN ledger_posting posting ON posting.movement_id = movement.id
            WHERE movement.key IN (
                SELECT word || deposit.id || ':' || (notice.facts ->> 'serial')
                FROM payments_gatewaynotice notice, unnest(ARRAY['deposit:', 'chargeback:']) word
                WHERE notice.deposit_id = deposit.id AND notice.outcome = 'followed'
            )
        ) moved
        WHERE moved.credited <> CASE deposit.state WHEN 'settled' THEN deposit.amount ELSE 0 END
        UNION ALL
        SELECT movement.key, 'has no notice that was followed'
        FROM ledger_movement movement
        WHERE movement.kind = 'deposit.settled' AND movement.key LIKE 'deposit:%' AND NOT EXISTS (
            SELECT FROM payments_gatewaynotice notice
            WHERE notice.outcome = 'followed' AND notice.facts ->> 'outcome' = 'paid'
                AND movement.key = 'deposit:' || notice.deposit_id || ':' || (notice.facts ->> 'serial')
        )
    """,
)
