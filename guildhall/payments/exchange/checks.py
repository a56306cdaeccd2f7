"""The invariants of exchanges, as queries for the rows that break them."""

from guildhall.kernel.registry import register_check

_FLOWS = """
    SELECT movement.key, movement.id, array_agg(
        source.code || ' ' || target.code || ' ' || posting.amount || ' ' || source.currency
        ORDER BY posting.step) AS flows
    FROM ledger_movement movement
    JOIN ledger_posting posting ON posting.movement_id = movement.id
    JOIN ledger_account source ON source.id = posting.source_id
    JOIN ledger_account target ON target.id = posting.target_id
    WHERE movement.kind = 'exchange.done' OR movement.key LIKE 'exchange:%'
    GROUP BY movement.id, movement.key
"""

_WALLETS = """array_remove(ARRAY['wallet:person:' || quote.person_id || ' ' || quote.currency,
            'wallet:person:' || quote.person_id || ' ' || quote.target], NULL)"""

register_check(
    "payments.exchange",
    formula="a quote gives ⌊sum · rate · (1 − spread)⌋, and moved that once if it was accepted while it held",
    count="SELECT count(*) FROM payments_exchangequote",
    broken=f"""
        SELECT quote.id::text, 'gives ' || quote.reached || ' for ' || quote.amount || ' at ' || quote.gives
            || ' for ' || quote.per || ' less ' || quote.spread, {_WALLETS}
        FROM payments_exchangequote quote
        WHERE quote.reached <> div(quote.amount::numeric * quote.gives * (10000 - quote.spread),
                quote.per::numeric * 10000)
            OR (quote.state = 'accepted' AND NOT quote.moved_at < quote.expires_at)
        UNION ALL
        SELECT coalesce(quote.id::text, posted.key), 'moved was '
            || coalesce(array_to_string(posted.flows, ', '), 'nothing'), {_WALLETS}
        FROM (SELECT * FROM payments_exchangequote WHERE state = 'accepted') quote
        FULL JOIN ({_FLOWS}) posted ON posted.key = 'exchange:' || quote.id
        WHERE posted.flows IS DISTINCT FROM ARRAY[
            'wallet:person:' || quote.person_id || ' exchange:' || quote.currency || ' ' || quote.amount
                || ' ' || quote.currency,
            'exchange:' || quote.target || ' wallet:person:' || quote.person_id || ' ' || quote.reached
                || ' ' || quote.target]
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "payments.positions",
    formula="what the hall holds of a currency for exchanges is never below zero",
    count="SELECT count(*) FROM ledger_account WHERE code LIKE 'exchange:%'",
    broken="""
        SELECT account.code || ' ' || account.currency, 'holds ' || held.sum,
            ARRAY[account.code || ' ' || account.currency]
        FROM ledger_account account
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(CASE WHEN target_id = account.id THEN amount ELSE -amount END), 0) AS sum
            FROM ledger_posting WHERE target_id = account.id OR source_id = account.id
        ) held
        WHERE account.code LIKE 'exchange:%' AND held.sum < 0
    """,
)
