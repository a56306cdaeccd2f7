"""The invariants of the hall's own money going out, and of plans, as queries for rows that break them."""

from guildhall.kernel.registry import register_check

register_check(
    "P5.own",
    formula="fees taken out, tax paid, credits and corrections: asked for by one, confirmed by another",
    count="SELECT count(*) FROM people_decision WHERE kind IN ('own_transfer', 'credit', 'correction')",
    broken="""
        SELECT movement.key, movement.kind || ' without two who decided it', ARRAY[]::text[]
        FROM ledger_movement movement
        LEFT JOIN people_decision decision
            ON decision.state = 'confirmed' AND decision.decided_by_id = movement.by
            AND CASE movement.kind
                WHEN 'credit.given' THEN decision.kind = 'credit'
                    AND 'credit:' || decision.subject_id = movement.key
                WHEN 'correction.made' THEN decision.kind = 'correction'
                    AND decision.facts ->> 'movement' = movement.reverses_id::text
                ELSE decision.kind = 'own_transfer' AND 'own_transfer:' || decision.subject_id = movement.key
            END
        WHERE decision.id IS NULL AND (movement.kind IN ('credit.given', 'correction.made')
            OR (movement.kind IN ('fees.taken_out', 'tax.paid') AND movement.key LIKE 'own_transfer:%'))
    """,
)

register_check(
    "payments.own_transfers",
    formula="the hall's own money on its way out went from its account, and from there where it ended",
    count="SELECT count(*) FROM payments_owntransfer",
    broken="""
        SELECT transfer.id::text, transfer.state || ' over ' || transfer.amount || ', moved was '
            || coalesce(string_agg(posted.step, ', ' ORDER BY posted.number), 'nothing'),
            ARRAY['transit:' || transfer.id || ' ' || transfer.currency]
        FROM payments_owntransfer transfer
        LEFT JOIN LATERAL (
            SELECT movement.id AS number, posting.amount, source.code || ' ' || target.code AS step
            FROM ledger_movement movement
            JOIN ledger_posting posting ON posting.movement_id = movement.id
            JOIN ledger_account source ON source.id = posting.source_id
            JOIN ledger_account target ON target.id = posting.target_id
            WHERE movement.key IN ('own_transfer:' || transfer.id, 'own_transfer.settled:' || transfer.id,
                    'own_transfer.returned:' || transfer.id)
                AND source.currency = transfer.currency
        ) posted ON true
        GROUP BY transfer.id
        HAVING bool_or(posted.amount IS DISTINCT FROM transfer.amount)
            OR array_agg(posted.step ORDER BY posted.number) NOT IN (
                SELECT way.steps FROM (SELECT 'transit:' || transfer.id AS transit) place
                CROSS JOIN LATERAL (VALUES
                    ('sent', ARRAY[account || ' ' || transit]),
                    ('settled', ARRAY[account || ' ' || transit, transit || ' outside:bank']),
                    ('returned', ARRAY[account || ' ' || transit, transit || ' ' || account]),
                    ('returned', ARRAY[account || ' ' || transit, transit || ' outside:bank',
                        'outside:bank ' || account])
                ) AS way(state, steps)
                WHERE way.state = transfer.state
            )
    """,
)

register_check(
    "payments.turns",
    formula="a day of a plan asked for at most one payout: the plan's person, its currency, from its least",
    count="SELECT count(*) FROM payments_payoutturn",
    broken="""
        SELECT turn.id::text, 'asked for ' || payout.amount || ' ' || payout.currency,
            ARRAY['wallet:person:' || turn.person_id || ' ' || turn.currency]
        FROM payments_payoutturn turn
        JOIN payments_payoutplan plan ON plan.id = turn.plan_id
        JOIN payments_payout payout ON payout.id = turn.payout_id
        WHERE (payout.person_id, payout.currency) IS DISTINCT FROM (turn.person_id, turn.currency)
            OR (plan.person_id, plan.currency) IS DISTINCT FROM (turn.person_id, turn.currency)
            OR payout.amount < plan.least OR payout.amount > turn.available
    """,
)
