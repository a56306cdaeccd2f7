"""The invariants of the books, as queries for the rows that break them.

Each names the row, says what is wrong, and lists the accounts that it concerns: those whose payouts wait.
"""

from guildhall.kernel.registry import register_check
from guildhall.ledger.rules import DERIVED, FLOORED, OWED_TO_PEOPLE

_MOVEMENTS = "SELECT count(*) FROM ledger_movement"
_POSTINGS = "SELECT count(*) FROM ledger_posting"
_ACCOUNTS = "SELECT count(*) FROM ledger_account"
_CURRENCIES = "SELECT count(DISTINCT currency) FROM ledger_account"

_WORD = "split_part(code, ':', 1)"


def _words(words: frozenset[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


# Balances and the chain can be proved from the last closed month on, too: the rest was proved before.
_CLOSED = "(SELECT coalesce(max(rest), 0) FROM ledger_month)"
_END = (
    "(SELECT coalesce((max(month) + interval '1 month') AT TIME ZONE 'UTC', '-infinity') FROM ledger_month)"
)
_SEALED = f"(SELECT coalesce(max(through), 0) FROM ledger_seal WHERE through < {_CLOSED})"  # noqa: S608


def _sums(legs: str) -> str:
    """What each account holds by its postings, from one pass over these."""
    return f"""
    legs AS MATERIALIZED (
        SELECT account_id, number, sum(amount) AS moved FROM ({legs}) leg GROUP BY account_id, number
    ), sums AS MATERIALIZED (
        SELECT account.id, account.code, account.currency, account.derived, account.balance,
            {_WORD} AS word, account.code || ' ' || account.currency AS name,
            coalesce(leg.moved, 0) AS summed
        FROM ledger_account account
        LEFT JOIN (SELECT account_id, sum(moved) AS moved FROM legs GROUP BY account_id) leg
            ON leg.account_id = account.id
    )
    """  # noqa: S608 - these queries are put together from constants of this file


# Closed months are told by their number: 0 and the one after the last are none.
_SUMS = _sums("""
    SELECT unnest(ARRAY[posting.target_id, posting.source_id]) AS account_id,
        unnest(ARRAY[posting.amount, -posting.amount]) AS amount,
        width_bucket(movement.at, (
            SELECT array_agg(month::timestamp AT TIME ZONE 'UTC' ORDER BY month)
                || (max(month) + interval '1 month')::timestamp AT TIME ZONE 'UTC'
            FROM ledger_month HAVING count(*) > 0
        )) AS number
    FROM ledger_posting posting
    LEFT JOIN ledger_movement movement ON movement.id = posting.movement_id
""")
_SUMS_SINCE = _sums(f"""
    SELECT unnest(ARRAY[posting.target_id, posting.source_id]) AS account_id,
        unnest(ARRAY[posting.amount, -posting.amount]) AS amount, NULL::integer AS number
    FROM ledger_posting posting
    LEFT JOIN ledger_movement movement ON movement.id = posting.movement_id
    WHERE posting.movement_id >= {_CLOSED} AND coalesce(movement.at >= {_END}, true)
    UNION ALL
    SELECT account.id, closing.balance, NULL FROM ledger_account account CROSS JOIN LATERAL (
        SELECT balance FROM ledger_closing WHERE account_id = account.id ORDER BY month DESC LIMIT 1
    ) closing
""")  # noqa: S608


def _moved(since: str, seals: str) -> str:
    """All movements with their postings and accounts, from one pass.

    The digest of each as `ledger_digest_of` makes it, and whether its postings are whole.
    """
    return rf"""
    moved AS MATERIALIZED (
        SELECT movement.id, posted.movement_id IS NULL AS is_empty, posted.is_skewed, posted.is_gapped,
            sha256(convert_to(concat_ws(E'\n',
                movement.id, to_json(movement.kind), to_json(movement.key), coalesce(movement.by::text, '-'),
                (extract(epoch FROM movement.at) * 1000000)::bigint, movement.facts::text,
                coalesce(movement.reverses_id::text, '-'), posted.lines), 'UTF8')) AS digest,
            posted.movement_id
        FROM (SELECT * FROM ledger_movement WHERE {since.format("id")}) movement
        FULL JOIN (
            SELECT posting.movement_id,
                string_agg(
                    concat_ws(' ', posting.step, source.code, target.code, posting.amount, source.currency),
                    E'\n' ORDER BY posting.step) AS lines,
                bool_or(posting.amount <= 0 OR source.currency IS DISTINCT FROM target.currency
                    OR source.currency IS NULL) AS is_skewed,
                min(posting.step) <> 1 OR max(posting.step) <> count(*) AS is_gapped
            FROM ledger_posting posting
            LEFT JOIN ledger_account source ON source.id = posting.source_id
            LEFT JOIN ledger_account target ON target.id = posting.target_id
            WHERE {since.format("posting.movement_id")}
            GROUP BY posting.movement_id
        ) posted ON posted.movement_id = movement.id
    ), places AS (
        SELECT posting.*, source.currency AS given, target.currency AS taken, moved.id IS NULL AS is_nobodys,
            array_remove(ARRAY[source.code || ' ' || source.currency, target.code || ' ' || target.currency],
                NULL) AS accounts
        FROM moved
        JOIN ledger_posting posting ON posting.movement_id = moved.movement_id
        LEFT JOIN ledger_account source ON source.id = posting.source_id
        LEFT JOIN ledger_account target ON target.id = posting.target_id
        WHERE moved.is_skewed OR moved.id IS NULL
    ), seals AS (
        SELECT *, row_number() OVER (ORDER BY through) AS number FROM (
            SELECT *, lag(head) OVER (ORDER BY through) AS before FROM ledger_seal
        ) link WHERE {seals}
    )
    """  # noqa: S608


_MOVED = _moved("true", "true")
_MOVED_SINCE = _moved(f"{{}} > {_SEALED}", f"through > {_SEALED}")

register_check(
    "L1",
    formula="every movement has a posting, and every posting takes what it gives",
    count=_MOVEMENTS,
    shares=_MOVED,
    shares_since=_MOVED_SINCE,
    broken="""
        SELECT movement.key, 'has no posting', NULL::text[]
        FROM moved JOIN ledger_movement movement ON movement.id = moved.id WHERE moved.is_empty
        UNION ALL
        SELECT movement_id || '/' || step, 'has no movement, no account or no amount', accounts
        FROM places WHERE is_nobodys OR given IS NULL OR taken IS NULL OR amount <= 0
    """,
)

register_check(
    "L2",
    formula="in each currency all accounts together hold nothing",
    count=_CURRENCIES,
    shares=_SUMS,
    shares_since=_SUMS_SINCE,
    broken="""
        SELECT currency, 'all accounts together hold ' || sum(summed), NULL::text[] FROM sums
        GROUP BY currency HAVING sum(summed) <> 0
    """,
)

register_check(
    "L3",
    formula="balance(account) = Σ postings(account); a derived account keeps none",
    count=_ACCOUNTS,
    shares=_SUMS,
    shares_since=_SUMS_SINCE,
    # The distance and not the two sums: it stays the same while the account lives on.
    broken="""
        SELECT name, CASE WHEN derived THEN 'is derived and keeps ' || balance
            ELSE 'keeps ' || (balance - summed) || ' more than its postings say' END, ARRAY[name]
        FROM sums WHERE balance <> CASE WHEN derived THEN 0 ELSE summed END
    """,
)

register_check(
    "L4",
    formula="a movement is reversed at most once, and its reversal is its mirror",
    count="SELECT count(*) FROM ledger_movement WHERE reverses_id IS NOT NULL",
    broken="""
        SELECT reversal.key, 'is not the mirror of what it reverses', (
            SELECT array_agg(DISTINCT account.code || ' ' || account.currency) FROM ledger_posting posting
            JOIN ledger_account account ON account.id IN (posting.source_id, posting.target_id)
            WHERE posting.movement_id = reversal.id
        )
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
        SELECT min(key), 'and others reverse the same movement', NULL FROM ledger_movement
        WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1
    """,
)

register_check(
    "L5",
    formula="no floored account is below zero, and accounts are kept as their names say",
    count=_ACCOUNTS,
    shares=_SUMS,
    shares_since=_SUMS_SINCE,
    broken=f"""
        SELECT name, 'holds less than nothing', ARRAY[name]
        FROM sums WHERE NOT derived AND summed < 0
        UNION ALL
        SELECT name, 'is kept in another way than its name says', ARRAY[name]
        FROM sums WHERE word NOT IN ({_words(DERIVED)}) AND derived
            OR word NOT IN ({_words(FLOORED)}) AND NOT derived
    """,  # noqa: S608
)

register_check(
    "L6",
    formula="one business cause, one movement: no key stands twice",
    count=_MOVEMENTS,
    # By short digests first: few collide, and only those are compared letter by letter.
    broken="""
        SELECT key, 'stands ' || count(*) || ' times', NULL::text[] FROM ledger_movement
        WHERE hashtextextended(key, 0) IN (
            SELECT hashtextextended(key, 0) FROM ledger_movement GROUP BY 1 HAVING count(*) > 1
        )
        GROUP BY key HAVING count(*) > 1
    """,
)

register_check(
    "L7",
    formula="both accounts of a posting have one currency",
    count=_POSTINGS,
    shares=_MOVED,
    shares_since=_MOVED_SINCE,
    broken="""
        SELECT movement_id || '/' || step, given || ' became ' || taken, accounts
        FROM places WHERE given <> taken
    """,
)

register_check(
    "L8",
    formula="a statement read in the order of movements has each posting once and ends at the balance",
    count=_ACCOUNTS,
    shares=_SUMS,
    shares_since=_SUMS_SINCE,
    broken="""
        SELECT name, 'its statement ends ' || (summed - balance) || ' above what it keeps', ARRAY[name]
        FROM sums WHERE NOT derived AND summed <> balance
    """,
)

register_check(
    "L8.order",
    formula="the postings of a movement are numbered from 1 on, each once: no statement skips or repeats one",
    count=_MOVEMENTS,
    shares=_MOVED,
    shares_since=_MOVED_SINCE,
    broken="""
        SELECT moved.movement_id::text, 'its postings are not numbered from 1 on, each once', (
            SELECT array_agg(DISTINCT account.code || ' ' || account.currency) FROM ledger_posting posting
            JOIN ledger_account account ON account.id IN (posting.source_id, posting.target_id)
            WHERE posting.movement_id = moved.movement_id
        )
        FROM moved WHERE moved.is_gapped
    """,
)

# Seals are cut out of all movements at once: the place of a movement among the last numbers of the seals is
# the seal that covers it.
register_check(
    "L9",
    formula="each head = H(the head before ‖ the digest of the movements since ‖ the last number)",
    count="SELECT count(*) FROM ledger_seal",
    shares=_MOVED,
    shares_since=_MOVED_SINCE,
    broken="""
        SELECT 'seal through ' || link.through, CASE
            WHEN link.digest IS DISTINCT FROM found.digest OR link.movements IS DISTINCT FROM found.movements
            THEN 'covers ' || coalesce(found.movements, 0) || ' movements that are not those it was made of'
            ELSE 'does not follow from the one before' END, NULL::text[]
        FROM seals link
        LEFT JOIN (
            SELECT sealed.number, count(*) AS movements,
                sha256(string_agg(sealed.digest, ''::bytea ORDER BY sealed.id)) AS digest
            FROM (
                SELECT moved.id, moved.digest,
                    width_bucket(moved.id, (
                        SELECT coalesce(array_agg(through + 1 ORDER BY through), '{0}') FROM seals
                    )) + 1 AS number
                FROM moved WHERE moved.id IS NOT NULL
            ) sealed
            GROUP BY sealed.number
        ) found ON found.number = link.number
        WHERE link.digest IS DISTINCT FROM found.digest OR link.movements IS DISTINCT FROM found.movements
            OR link.head <> ledger_head_of(link.before, link.digest, link.through)
    """,
)

register_check(
    "L10",
    formula="what lies at the rails = all other accounts, and covers what is owed to people",
    count=_CURRENCIES,
    shares=_SUMS,
    shares_since=_SUMS_SINCE,
    broken=f"""
        SELECT currency, 'at the rails lie ' || at_rails || ', owed to people are ' || owed, NULL::text[]
        FROM (
            SELECT currency,
                -coalesce(sum(summed) FILTER (WHERE word = 'outside'), 0) AS at_rails,
                coalesce(sum(summed) FILTER (WHERE word <> 'outside'), 0) AS others,
                coalesce(sum(summed) FILTER (WHERE word IN ({_words(OWED_TO_PEOPLE)})), 0) AS owed
            FROM sums GROUP BY currency
        ) cover WHERE at_rails <> others OR at_rails < owed
    """,  # noqa: S608 - the same
)

register_check(
    "L11.months",
    formula="closing(month) = closing of the month before + Σ(month), and nothing was written in it since",
    count="SELECT count(*) FROM ledger_closing",
    shares=_SUMS,
    shares_since=_SUMS_SINCE,
    broken="""
        SELECT account.code || ' ' || account.currency || ' in ' || to_char(held.month, 'YYYY-MM'),
            'closed at ' || coalesce(closing.balance::text, 'nothing') || ', its postings say ' || held.held,
            ARRAY[account.code || ' ' || account.currency]
        FROM (
            SELECT legs.account_id, closed.month,
                sum(legs.moved) OVER (PARTITION BY legs.account_id ORDER BY legs.number) AS held
            FROM legs
            JOIN (SELECT month, row_number() OVER (ORDER BY month) AS number FROM ledger_month) closed
                ON closed.number = legs.number
        ) held
        JOIN ledger_account account ON account.id = held.account_id
        LEFT JOIN ledger_closing closing
            ON closing.account_id = held.account_id AND closing.month = held.month
        WHERE closing.balance IS DISTINCT FROM held.held
    """,
)

_LEGS = """
    SELECT target_id AS account_id, movement_id, step, amount FROM ledger_posting
    UNION ALL
    SELECT source_id, movement_id, step, -amount FROM ledger_posting
"""

register_check(
    "L11",
    formula="a snapshot = the one before + what moved between",
    count="SELECT count(*) FROM ledger_snapshot",
    broken=f"""
        SELECT account.code || ' ' || account.currency || ' after ' || pair.through,
            'remembers ' || pair.balance || ', the postings say ' || pair.before + moved.amount,
            ARRAY[account.code || ' ' || account.currency]
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
