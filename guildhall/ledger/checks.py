"""The invariants of the books, as queries for the rows that break them."""

from guildhall.kernel.registry import register_check
from guildhall.ledger.rules import DERIVED, FLOORED, OWED_TO_PEOPLE, pattern_of

_MOVEMENTS = "SELECT count(*) FROM ledger_movement"
_POSTINGS = "SELECT count(*) FROM ledger_posting"
_ACCOUNTS = "SELECT count(*) FROM ledger_account"

_LEGS = """
    SELECT target_id AS account_id, movement_id, step, amount FROM ledger_posting
    UNION ALL
    SELECT source_id, movement_id, step, -amount FROM ledger_posting
"""

_SUMS = f"""
    SELECT account.id, account.code, account.currency, account.derived, account.balance,
        coalesce(sum(leg.amount), 0) AS summed
    FROM ledger_account account LEFT JOIN ({_LEGS}) leg ON leg.account_id = account.id
    GROUP BY account.id
"""  # noqa: S608 - these queries are put together from constants of this file

register_check(
    "L1",
    formula="every movement has a posting, and every posting takes what it gives",
    count=_MOVEMENTS,
    broken="""
        SELECT movement.key, 'has no posting' FROM ledger_movement movement
        WHERE NOT EXISTS (SELECT FROM ledger_posting posting WHERE posting.movement_id = movement.id)
        UNION ALL
        SELECT posting.movement_id || '/' || posting.step, 'has no movement, no account or no amount'
        FROM ledger_posting posting
        LEFT JOIN ledger_movement movement ON movement.id = posting.movement_id
        LEFT JOIN ledger_account source ON source.id = posting.source_id
        LEFT JOIN ledger_account target ON target.id = posting.target_id
        WHERE movement.id IS NULL OR source.id IS NULL OR target.id IS NULL OR posting.amount <= 0
    """,
)

register_check(
    "L2",
    formula="in each currency all accounts together hold nothing",
    count="SELECT count(DISTINCT currency) FROM ledger_account",
    broken=f"""
        SELECT currency, 'all accounts together hold ' || sum(summed) FROM ({_SUMS}) sums
        GROUP BY currency HAVING sum(summed) <> 0
    """,  # noqa: S608 - the same
)

register_check(
    "L3",
    formula="balance(account) = Σ postings(account); a derived account keeps none",
    count=_ACCOUNTS,
    broken=f"""
        SELECT code || ' ' || currency, 'keeps ' || balance || ', its postings say ' || summed
        FROM ({_SUMS}) sums WHERE balance <> CASE WHEN derived THEN 0 ELSE summed END
    """,  # noqa: S608 - the same
)

register_check(
    "L4",
    formula="a movement is reversed at most once, and its reversal is its mirror",
    count="SELECT count(*) FROM ledger_movement WHERE reverses_id IS NOT NULL",
    broken="""
        SELECT reversal.key, 'is not the mirror of what it reverses'
        FROM ledger_movement reversal
        WHERE reversal.reverses_id IS NOT NULL AND EXISTS (
            SELECT FROM (
                SELECT source_id AS a, target_id AS b, amount FROM ledger_posting
                WHERE movement_id = reversal.reverses_id
                UNION ALL
                SELECT target_id, source_id, -amount FROM ledger_posting WHERE movement_id = reversal.id
            ) pair GROUP BY a, b HAVING sum(amount) <> 0
        )
        UNION ALL
        SELECT min(key), 'and others reverse the same movement' FROM ledger_movement
        WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1
    """,
)

register_check(
    "L5",
    formula="no floored account is below zero, and accounts are kept as their names say",
    count=_ACCOUNTS,
    broken=f"""
        SELECT code || ' ' || currency, 'holds ' || summed
        FROM ({_SUMS}) sums WHERE NOT derived AND summed < 0
        UNION ALL
        SELECT code || ' ' || currency, 'is kept in another way than its name says' FROM ledger_account
        WHERE code !~ CASE WHEN derived THEN '{pattern_of(DERIVED)}' ELSE '{pattern_of(FLOORED)}' END
    """,  # noqa: S608 - the same
)

register_check(
    "L6",
    formula="one business cause, one movement: no key stands twice",
    count=_MOVEMENTS,
    broken="""
        SELECT key, 'stands ' || count(*) || ' times' FROM ledger_movement
        GROUP BY key HAVING count(*) > 1
    """,
)

register_check(
    "L7",
    formula="both accounts of a posting have one currency",
    count=_POSTINGS,
    broken="""
        SELECT posting.movement_id || '/' || posting.step, source.currency || ' became ' || target.currency
        FROM ledger_posting posting
        JOIN ledger_account source ON source.id = posting.source_id
        JOIN ledger_account target ON target.id = posting.target_id
        WHERE source.currency <> target.currency
    """,
)

register_check(
    "L8",
    formula="a statement read in the order of movements ends at the account's balance",
    count=_ACCOUNTS,
    broken=f"""
        SELECT DISTINCT ON (account.id) account.code || ' ' || account.currency,
            'its statement ends at ' || line.held || ', it keeps ' || account.balance
        FROM ledger_account account
        JOIN LATERAL (
            SELECT sum(leg.amount) OVER (ORDER BY leg.movement_id, leg.step) AS held,
                leg.movement_id, leg.step
            FROM ({_LEGS}) leg WHERE leg.account_id = account.id
            ORDER BY leg.movement_id DESC, leg.step DESC LIMIT 1
        ) line ON true
        WHERE NOT account.derived AND line.held <> account.balance
    """,  # noqa: S608 - the same
)

register_check(
    "L9",
    formula="each head = H(the head before ‖ the digest of the movements since ‖ the last number)",
    count="SELECT count(*) FROM ledger_seal",
    broken="""
        SELECT 'seal through ' || link.through, CASE
            WHEN link.digest <> found.digest OR link.movements <> found.movements
            THEN 'covers ' || found.movements || ' movements that are not those it was made of'
            ELSE 'does not follow from the one before' END
        FROM (
            SELECT *, coalesce(lag(through) OVER life, 0) AS since, lag(head) OVER life AS before
            FROM ledger_seal WINDOW life AS (ORDER BY through)
        ) link
        CROSS JOIN LATERAL ledger_digest_of(link.since, link.through) found
        WHERE link.digest <> found.digest OR link.movements <> found.movements
            OR link.head <> ledger_head_of(link.before, link.digest, link.through)
    """,
)

register_check(
    "L10",
    formula="what lies at the rails = all other accounts, and covers what is owed to people",
    count="SELECT count(DISTINCT currency) FROM ledger_account",
    broken=f"""
        SELECT currency, 'at the rails lie ' || at_rails || ', owed to people are ' || owed
        FROM (
            SELECT currency,
                -coalesce(sum(summed) FILTER (WHERE code ~ '^outside(:|$)'), 0) AS at_rails,
                coalesce(sum(summed) FILTER (WHERE code !~ '^outside(:|$)'), 0) AS others,
                coalesce(sum(summed) FILTER (WHERE code ~ '{pattern_of(OWED_TO_PEOPLE)}'), 0) AS owed
            FROM ({_SUMS}) sums GROUP BY currency
        ) cover WHERE at_rails <> others OR at_rails < owed
    """,  # noqa: S608 - the same
)

register_check(
    "L11.months",
    formula="closing(month) = closing of the month before + Σ(month), and nothing was written in it since",
    count="SELECT count(*) FROM ledger_closing",
    broken=f"""
        SELECT account.code || ' ' || account.currency || ' in ' || to_char(sums.month, 'YYYY-MM'),
            'closed at ' || coalesce(closing.balance::text, 'nothing') || ', its postings say ' || sums.held
        FROM (
            SELECT leg.account_id, closed.month, sum(leg.amount) AS moved,
                sum(sum(leg.amount)) OVER (PARTITION BY leg.account_id ORDER BY closed.month) AS held
            FROM ({_LEGS}) leg
            JOIN ledger_movement movement ON movement.id = leg.movement_id
            JOIN ledger_month closed
                ON closed.month = date_trunc('month', movement.at, 'UTC') AT TIME ZONE 'UTC'
            GROUP BY leg.account_id, closed.month
        ) sums
        JOIN ledger_account account ON account.id = sums.account_id
        LEFT JOIN ledger_closing closing
            ON closing.account_id = sums.account_id AND closing.month = sums.month
        WHERE closing.balance IS DISTINCT FROM sums.held
    """,  # noqa: S608 - the same
)

register_check(
    "L11",
    formula="a snapshot = the one before + what moved between",
    count="SELECT count(*) FROM ledger_snapshot",
    broken=f"""
        SELECT account.code || ' ' || account.currency || ' after ' || pair.through,
            'remembers ' || pair.balance || ', the postings say ' || pair.before + moved.amount
        FROM (
            SELECT account_id, through, balance,
                coalesce(lag(through) OVER life, 0) AS since, coalesce(lag(balance) OVER life, 0) AS before
            FROM ledger_snapshot WINDOW life AS (PARTITION BY account_id ORDER BY through)
        ) pair
        JOIN ledger_account account ON account.id = pair.account_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(leg.amount), 0) AS amount FROM ({_LEGS}) leg
            WHERE leg.account_id = pair.account_id
                AND leg.movement_id > pair.since AND leg.movement_id <= pair.through
        ) moved
        WHERE pair.balance <> pair.before + moved.amount
    """,  # noqa: S608 - the same
)
