"""The invariants of what goes back of deposits: refunds, chargebacks, outcomes that nobody knows."""

from guildhall.kernel.registry import register_check

_POSTED = """
    SELECT movement.key, movement.kind, source.code AS source, target.code AS target, posting.amount,
        source.currency
    FROM ledger_movement movement
    JOIN ledger_posting posting ON posting.movement_id = movement.id
    JOIN ledger_account source ON source.id = posting.source_id
    JOIN ledger_account target ON target.id = posting.target_id
"""

register_check(
    "payments.refunds",
    formula="a refund went from its payer's wallet to the rail of its deposit, never more than was paid in",
    count="SELECT count(*) FROM payments_depositrefund",
    broken=f"""
        SELECT coalesce(refund.id::text, posted.key),
            coalesce(refund.state || ' over ' || refund.amount, 'no refund')
            || ', moved was ' || coalesce(string_agg(posted.kind || ' ' || posted.amount, ', '), 'nothing'),
            CASE WHEN refund.id IS NULL THEN array_agg(DISTINCT posted.target || ' ' || posted.currency)
                ELSE ARRAY[refund.wallet || ' ' || refund.currency,
                    refund.transit || ' ' || refund.currency] END
        FROM (
            SELECT refund.*, deposit.rail, 'transit:' || refund.id AS transit,
                'wallet:person:' || deposit.person_id AS wallet, 'outside:' || deposit.rail AS outside
            FROM payments_depositrefund refund JOIN payments_deposit deposit ON deposit.id = refund.deposit_id
        ) refund
        FULL JOIN ({_POSTED} WHERE movement.kind LIKE 'refund.%') posted
            ON split_part(posted.key, ':', 2) = refund.id::text
        GROUP BY refund.id, refund.state, refund.amount, refund.currency, refund.transit, refund.wallet,
            refund.outside, coalesce(refund.id::text, posted.key)
        HAVING refund.id IS NULL
            OR bool_or((posted.amount, posted.currency) IS DISTINCT FROM (refund.amount, refund.currency))
            OR array_agg(posted.kind || ' ' || posted.source || ' ' || posted.target ORDER BY posted.kind)
                NOT IN (
                    SELECT way.steps FROM (SELECT
                        'refund.sent ' || refund.wallet || ' ' || refund.transit AS sent,
                        'refund.settled ' || refund.transit || ' ' || refund.outside AS settled,
                        'refund.returned ' || refund.transit || ' ' || refund.wallet AS home,
                        'refund.returned ' || refund.outside || ' ' || refund.wallet AS home_later) step
                    CROSS JOIN LATERAL (VALUES
                        ('requested', ARRAY[sent]), ('pending_unknown', ARRAY[sent]), ('sent', ARRAY[sent]),
                        ('settled', ARRAY[sent, settled]),
                        ('returned', ARRAY[home, sent]), ('returned', ARRAY[home_later, sent, settled])
                    ) AS way(state, steps)
                    WHERE way.state = refund.state
                )
        UNION ALL
        SELECT deposit.id::text, 'over ' || deposit.amount || ', gone back are ' || sum(refund.amount),
            ARRAY['wallet:person:' || deposit.person_id || ' ' || deposit.currency]
        FROM payments_deposit deposit JOIN payments_depositrefund refund
            ON refund.deposit_id = deposit.id AND refund.state <> 'returned'
        GROUP BY deposit.id HAVING sum(refund.amount) > deposit.amount
            OR bool_or(refund.currency <> deposit.currency)
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "payments.unknown",
    formula="what lies in unknown:<rail> = Σ instructions of that rail whose outcome nobody knows",
    count="SELECT count(*) FROM ledger_account WHERE code LIKE 'unknown:%'",
    broken=f"""
        SELECT coalesce(held.code, due.code) || ' ' || coalesce(held.currency, due.currency),
            'holds ' || coalesce(held.sum, 0) || ', unknown are ' || coalesce(due.sum, 0), NULL::text[]
        FROM (
            SELECT code, currency, sum(amount) AS sum FROM (
                SELECT target AS code, currency, amount
                FROM ({_POSTED} WHERE target.code LIKE 'unknown:%') into_it
                UNION ALL SELECT source, currency, -amount
                FROM ({_POSTED} WHERE source.code LIKE 'unknown:%') out_of_it
            ) leg GROUP BY code, currency
        ) held
        FULL JOIN (
            SELECT 'unknown:' || deposit.rail AS code, refund.currency, sum(refund.amount) AS sum
            FROM payments_depositrefund refund JOIN payments_deposit deposit ON deposit.id = refund.deposit_id
            WHERE refund.state = 'pending_unknown' GROUP BY 1, 2
        ) due ON due.code = held.code AND due.currency = held.currency
        WHERE coalesce(held.sum, 0) <> coalesce(due.sum, 0)
    """,  # noqa: S608 - as above
)

register_check(
    "payments.chargebacks",
    formula="a chargeback took its sum from wallet, reserve and shortfall, until it is given back",
    count="SELECT count(*) FROM payments_chargeback",
    broken=f"""
        SELECT coalesce(chargeback.id::text, posted.key), coalesce(chargeback.state || ' over '
                || chargeback.amount, 'no chargeback') || ', taken are ' || coalesce(sum({{taken}}), 0)
            || ', made good ' || coalesce(sum({{recovered}}), 0),
            array_remove(array_agg(DISTINCT posted.source || ' ' || posted.currency)
                || array_agg(DISTINCT posted.target || ' ' || posted.currency), NULL)
        FROM payments_chargeback chargeback
        FULL JOIN ({_POSTED} WHERE movement.key LIKE 'dispute:%' OR movement.key LIKE 'recovered:%'
                OR movement.kind IN ('chargeback.given_back', 'chargeback.recovered')) posted
            ON split_part(posted.key, ':', 2) = chargeback.id::text
        GROUP BY chargeback.id, coalesce(chargeback.id::text, posted.key)
        HAVING chargeback.id IS NULL
            OR coalesce(sum({{taken}}), 0)
                <> CASE chargeback.state WHEN 'taken' THEN chargeback.amount ELSE 0 END
            OR (chargeback.state = 'taken' AND coalesce(sum({{recovered}}), 0) < chargeback.recovered)
            OR bool_or(posted.currency <> chargeback.currency)
    """.format(  # noqa: S608 - as above
        taken="CASE WHEN posted.target ~ '^outside:' THEN posted.amount "
        "WHEN posted.source ~ '^outside:' THEN -posted.amount ELSE 0 END",
        recovered="CASE WHEN posted.kind = 'chargeback.recovered' THEN posted.amount ELSE 0 END",
    ),
)
