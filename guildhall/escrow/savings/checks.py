"""The invariants of savings, as queries for the rows that break them."""

from guildhall.kernel.registry import register_check

register_check(
    "escrow.savings",
    formula="a savings account = what its goal says = Σ kept − Σ taken, and each moved as it is written",
    count="SELECT count(*) FROM escrow_savingsgoal",
    broken="""
        SELECT coalesce(goal.id::text, account.code), 'says ' || coalesce(goal.saved::text, 'nothing')
            || ', kept less taken is ' || coalesce(rows.sum, 0) || ', its account holds '
            || coalesce(account.balance, 0),
            ARRAY[coalesce('wallet:person:' || goal.person_id || ' ' || goal.currency,
                account.code || ' ' || account.currency)]
        FROM escrow_savingsgoal goal
        FULL JOIN (SELECT * FROM ledger_account WHERE code LIKE 'savings:%') account
            ON account.code = 'savings:person:' || goal.person_id || ':' || goal.id
                AND account.currency = goal.currency
        LEFT JOIN (SELECT goal_id, sum(amount) AS sum FROM escrow_saving GROUP BY goal_id) rows
            ON rows.goal_id = goal.id
        WHERE goal.id IS NULL OR goal.saved <> coalesce(rows.sum, 0)
            OR goal.saved <> coalesce(account.balance, 0)
            OR (goal.state = 'reached' AND NOT EXISTS (
                SELECT FROM kernel_event event
                WHERE event.subject_id = goal.id AND event.name = 'savings_goal.reached'
                    AND event.facts -> 'saved' = event.facts -> 'amount'))
        UNION ALL
        SELECT coalesce(saving.goal_id::text, posted.key), 'wrote '
            || coalesce(saving.amount::text, 'nothing') || ', moved was '
            || coalesce(posted.amount || ' from ' || posted.source || ' to ' || posted.target, 'nothing'),
            ARRAY[coalesce(saving.wallet || ' ' || saving.currency, posted.target || ' ' || posted.currency)]
        FROM (
            SELECT saving.*, goal.currency, 'wallet:person:' || goal.person_id AS wallet,
                'savings:person:' || goal.person_id || ':' || goal.id AS account
            FROM escrow_saving saving JOIN escrow_savingsgoal goal ON goal.id = saving.goal_id
        ) saving
        FULL JOIN (
            SELECT movement.key, movement.kind, source.code AS source, target.code AS target, posting.amount,
                source.currency
            FROM ledger_movement movement
            JOIN ledger_posting posting ON posting.movement_id = movement.id
            JOIN ledger_account source ON source.id = posting.source_id
            JOIN ledger_account target ON target.id = posting.target_id
            WHERE movement.kind IN ('saving.kept', 'saving.taken')
        ) posted ON posted.key = 'saving:' || saving.id
        WHERE (posted.kind, posted.source, posted.target, posted.amount, posted.currency) IS DISTINCT FROM (
            CASE WHEN saving.amount > 0 THEN 'saving.kept' ELSE 'saving.taken' END,
            CASE WHEN saving.amount > 0 THEN saving.wallet ELSE saving.account END,
            CASE WHEN saving.amount > 0 THEN saving.account ELSE saving.wallet END,
            abs(saving.amount), saving.currency)
    """,
)

register_check(
    "escrow.savings_of_what",
    formula="a goal keeps shares only of its owner's payments in its currency, earned after it was set",
    count="SELECT count(*) FROM escrow_saving WHERE release_id IS NOT NULL",
    broken="""
        SELECT saving.goal_id::text, 'kept ' || saving.amount || ' of a release over ' || release.net,
            ARRAY['wallet:person:' || goal.person_id || ' ' || goal.currency]
        FROM escrow_saving saving
        JOIN escrow_savingsgoal goal ON goal.id = saving.goal_id
        JOIN escrow_release release ON release.id = saving.release_id
        WHERE release.worker <> 'person:' || goal.person_id OR release.currency <> goal.currency
            OR release.state <> 'matured' OR NOT goal.set_at < release.at
            OR saving.amount > ceil(release.net::numeric * goal.share / 10000)
    """,
)
