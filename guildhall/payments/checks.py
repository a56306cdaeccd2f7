"""The invariants of payments, as queries for the rows that break them and the accounts that each concerns."""

from guildhall.kernel.registry import register_check
from guildhall.payments import bank_checks, going_back_checks, own_checks
from guildhall.payments.exchange import checks as _exchange  # noqa: F401 - it registers its own

__all__ = ["bank_checks", "going_back_checks", "own_checks"]


def _postings_of(where: str) -> str:
    """The postings of some movements, accounts by their names; a key is `word:id`, or `word:id:serial`."""
    return f"""
        SELECT movement.key, movement.kind, split_part(movement.key, ':', 1) AS word,
            split_part(movement.key, ':', 2) AS name, split_part(movement.key, ':', 3) AS serial,
            source.code AS source, target.code AS target, posting.amount, source.currency
        FROM ledger_movement movement
        JOIN ledger_posting posting ON posting.movement_id = movement.id
        JOIN ledger_account source ON source.id = posting.source_id
        JOIN ledger_account target ON target.id = posting.target_id
        WHERE {where}
    """  # noqa: S608 - the conditions are written below


_OF_DEPOSITS = _postings_of(
    "(movement.kind IN ('deposit.settled', 'chargeback.taken') "
    "OR movement.key LIKE 'deposit:%' OR movement.key LIKE 'chargeback:%') "
    "AND movement.key NOT LIKE 'dispute:%'"
)
_CREDIT = "CASE WHEN posted.source ~ '^outside:' THEN posted.amount ELSE -posted.amount END"
_OF_PAYOUTS = _postings_of("movement.kind IN ('payout.sent', 'payout.settled', 'payout.returned')")

_OF_PAYOUT = "ARRAY['transit:' || payout.id || ' ' || payout.currency]"
_OF_DEPOSIT = "ARRAY['wallet:person:' || deposit.person_id || ' ' || deposit.currency]"
_OF_PAYMENT = "coalesce(facts ->> 'about', 'deposit') = 'deposit'"  # not of a refund or a chargeback

register_check(
    "E12",
    formula="a payout's sum went from its owner's wallet on its way, and from there where it ended",
    count="SELECT count(*) FROM payments_payout",
    broken=f"""
        SELECT payout.id::text, payout.state || ', in transit ' || coalesce(transit.balance, 0), {_OF_PAYOUT}
        FROM payments_payout payout
        LEFT JOIN ledger_account transit
            ON transit.code = 'transit:' || payout.id AND transit.currency = payout.currency
        LEFT JOIN payments_payoutbatch batch ON batch.id = payout.batch_id
        WHERE coalesce(transit.balance, 0)
                <> CASE WHEN payout.state IN ('requested', 'sent') THEN payout.amount ELSE 0 END
            OR (payout.state NOT IN ('requested', 'returned')
                    OR payout.state = 'returned' AND batch.id IS NOT NULL)
                <> (batch.state IS NOT DISTINCT FROM 'sent')
        UNION ALL
        SELECT coalesce(payout.id::text, posted.key),
            coalesce(payout.state || ' over ' || payout.amount, 'no payout')
            || ', moved was ' || coalesce(string_agg(posted.amount || ' ' || posted.currency || ' from '
                || posted.source || ' to ' || posted.target, ', '), 'nothing'),
            CASE WHEN payout.id IS NULL THEN array_agg(DISTINCT posted.target || ' ' || posted.currency)
                ELSE {_OF_PAYOUT} END
        FROM payments_payout payout
        FULL JOIN ({_OF_PAYOUTS}) posted ON posted.name = payout.id::text
        GROUP BY payout.id, coalesce(payout.id::text, posted.key)
        HAVING payout.id IS NULL
            OR bool_or((posted.amount, posted.currency) IS DISTINCT FROM (payout.amount, payout.currency))
            OR array_agg(posted.kind || ' ' || posted.source || ' ' || posted.target ORDER BY posted.kind)
                NOT IN (
                    SELECT way.steps FROM (
                        SELECT 'wallet:person:' || payout.person_id AS wallet,
                            'transit:' || payout.id AS transit,
                            'outside:' || coalesce((SELECT batch.rail FROM payments_payoutbatch batch
                                WHERE batch.id = payout.batch_id), 'bank') AS outside
                    ) place
                    CROSS JOIN LATERAL (
                        SELECT 'payout.sent ' || wallet || ' ' || transit AS sent,
                            'payout.settled ' || transit || ' ' || outside AS settled,
                            'payout.returned ' || transit || ' ' || wallet AS home,
                            'payout.returned ' || outside || ' ' || wallet AS home_later
                    ) step
                    CROSS JOIN LATERAL (VALUES
                        ('requested', ARRAY[sent]), ('sent', ARRAY[sent]), ('settled', ARRAY[sent, settled]),
                        ('returned', ARRAY[home, sent]), ('returned', ARRAY[home_later, sent, settled])
                    ) AS way(state, steps)
                    WHERE way.state = payout.state
                )
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "payments.transit",
    formula="no money is in transit without its payout, its refund, or what goes out of the hall",
    count="SELECT count(*) FROM ledger_account WHERE code LIKE 'transit:%'",
    broken="""
        SELECT account.code || ' ' || account.currency, 'holds ' || account.balance || ' for nothing',
            ARRAY[account.code || ' ' || account.currency]
        FROM ledger_account account
        LEFT JOIN (
            SELECT id, currency, NULL AS due FROM payments_payout
            UNION ALL SELECT id, currency, CASE WHEN state IN ('requested', 'sent') THEN amount ELSE 0 END
            FROM payments_depositrefund
            UNION ALL SELECT id, currency, CASE state WHEN 'sent' THEN amount ELSE 0 END
            FROM payments_senderrefund
            UNION ALL SELECT id, currency, CASE state WHEN 'sent' THEN amount ELSE 0 END
            FROM payments_owntransfer
        ) way ON account.code = 'transit:' || way.id AND account.currency = way.currency
        WHERE account.code LIKE 'transit:%'
            AND (way.id IS NULL OR account.balance <> coalesce(way.due, account.balance))
    """,
)

register_check(
    "payments.owners",
    formula="every wallet and every clearing account is somebody's of this hall",
    count="SELECT count(*) FROM ledger_account WHERE code ~ '^(wallet|clearing):'",
    broken="""
        SELECT account.code || ' ' || account.currency, 'holds ' || account.balance || ' of nobody',
            ARRAY[account.code || ' ' || account.currency]
        FROM ledger_account account
        LEFT JOIN people_person person ON account.code ~ '^(wallet|clearing):'
            AND substr(account.code, strpos(account.code, ':') + 1) = 'person:' || person.id
        WHERE account.code ~ '^(wallet|clearing):' AND person.id IS NULL
    """,
)

register_check(
    "I4",
    formula="credited = Σ deposits whose last notice says paid: sum, currency and payee as intended",
    count="SELECT count(*) FROM payments_deposit",
    shares=f"posted AS MATERIALIZED ({_OF_DEPOSITS})",
    broken=f"""
        SELECT deposit.id::text, deposit.state || ' over ' || deposit.amount || ', credited '
            || coalesce(sum({_CREDIT}), 0), {_OF_DEPOSIT}
        FROM payments_deposit deposit
        LEFT JOIN posted ON posted.name = deposit.id::text
        GROUP BY deposit.id
        HAVING coalesce(sum({_CREDIT}), 0)
                <> CASE deposit.state WHEN 'settled' THEN deposit.amount ELSE 0 END
            OR bool_or(posted.currency <> deposit.currency)
            OR bool_or('outside:' || deposit.rail NOT IN (posted.source, posted.target))
            OR bool_or(posted.source || posted.target ~ 'wallet:'
                AND 'wallet:person:' || deposit.person_id NOT IN (posted.source, posted.target))
        UNION ALL
        SELECT posted.key, 'has no notice that was followed and says so',
            ARRAY[posted.source || ' ' || posted.currency, posted.target || ' ' || posted.currency]
        FROM posted
        WHERE NOT EXISTS (
            SELECT FROM payments_gatewaynotice notice
            WHERE notice.deposit_id::text = posted.name AND notice.outcome = 'followed'
                AND {_OF_PAYMENT}
                AND notice.facts ->> 'serial' = posted.serial
                AND notice.facts ->> 'outcome' = CASE posted.word WHEN 'deposit' THEN 'paid' ELSE 'failed' END
        )
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "payments.notices",
    formula="a notice that was followed names a deposit of its rail with the same sum and currency",
    count="SELECT count(*) FROM payments_gatewaynotice",
    broken=f"""
        SELECT notice.id::text, 'says ' || (notice.facts ->> 'amount') || ' ' || (notice.facts ->> 'currency')
            || ', intended were ' || coalesce(deposit.amount || ' ' || deposit.currency, 'nothing'),
            {_OF_DEPOSIT}
        FROM payments_gatewaynotice notice
        LEFT JOIN payments_deposit deposit ON deposit.id = notice.deposit_id
        WHERE notice.outcome IN ('followed', 'older') AND {_OF_PAYMENT}
            AND (deposit.amount::text, deposit.currency, deposit.rail, deposit.id::text)
                IS DISTINCT FROM (notice.facts ->> 'amount', notice.facts ->> 'currency', notice.rail,
                    notice.facts ->> 'deposit')
        UNION ALL
        SELECT deposit.id::text, deposit.state || ' by word ' || deposit.serial || ', the last is '
            || coalesce(last.serial || ': ' || last.outcome, 'none'), {_OF_DEPOSIT}
        FROM payments_deposit deposit
        LEFT JOIN (SELECT DISTINCT ON (deposit_id) deposit_id, (facts ->> 'serial')::bigint AS serial,
                facts ->> 'outcome' AS outcome
            FROM payments_gatewaynotice WHERE outcome = 'followed' AND {_OF_PAYMENT}
            ORDER BY deposit_id, (facts ->> 'serial')::bigint DESC) last ON last.deposit_id = deposit.id
        WHERE deposit.serial <> coalesce(last.serial, 0)
            OR CASE last.outcome WHEN 'paid' THEN 'settled' WHEN 'failed' THEN 'failed' ELSE 'none' END
                <> CASE WHEN deposit.state IN ('settled', 'failed') THEN deposit.state ELSE 'none' END
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "payments.suspense",
    formula="what lies in suspense = Σ notices that say paid, fit no deposit and were not matched since",
    count="SELECT count(*) FROM payments_gatewaynotice WHERE outcome = 'unmatched'",
    broken=f"""
        SELECT coalesce(notice.id::text, posted.key),
            'says ' || coalesce(notice.facts ->> 'amount', 'nothing')
            || ', put aside was ' || coalesce(posted.amount::text, 'nothing'), NULL::text[]
        FROM (
            SELECT * FROM payments_gatewaynotice WHERE outcome = 'unmatched'
                AND facts ->> 'outcome' = 'paid' AND {_OF_PAYMENT} AND (facts ->> 'amount')::bigint > 0
        ) notice
        FULL JOIN ({_postings_of("movement.kind = 'deposit.unmatched'")}) posted
            ON posted.key = 'notice:' || notice.id
        WHERE ('outside:' || notice.rail, 'suspense:' || notice.rail, notice.facts ->> 'amount',
                notice.facts ->> 'currency')
            IS DISTINCT FROM (posted.source, posted.target, posted.amount::text, posted.currency)
        UNION ALL
        SELECT account.code || ' ' || account.currency, 'holds ' || account.balance || ', unmatched are '
            || (came.sum - went.sum), ARRAY[account.code || ' ' || account.currency]
        FROM ledger_account account
        CROSS JOIN LATERAL (
            SELECT coalesce(sum((facts ->> 'amount')::bigint), 0) AS sum FROM payments_gatewaynotice
            WHERE outcome = 'unmatched' AND facts ->> 'outcome' = 'paid' AND {_OF_PAYMENT}
                AND 'suspense:' || rail = account.code AND facts ->> 'currency' = account.currency
        ) came
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(posting.amount), 0) AS sum FROM ledger_posting posting
            JOIN ledger_movement movement ON movement.id = posting.movement_id
            WHERE posting.source_id = account.id AND movement.kind IN
                ('deposit.matched', 'suspended.sent_back', 'suspended.own', 'rail.moved')
        ) went
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(posting.amount), 0) AS sum FROM ledger_posting posting
            JOIN ledger_movement movement ON movement.id = posting.movement_id
            WHERE posting.target_id = account.id AND movement.kind = 'suspended.came_again'
        ) again
        WHERE account.code LIKE 'suspense:%' AND account.balance <> came.sum - went.sum + again.sum
    """,  # noqa: S608 - put together from constants of this file
)
