"""The invariants of holds, as queries for the rows that break them."""

from guildhall.kernel.registry import register_check

_HOLDS = "SELECT count(*) FROM escrow_hold"
_RELEASES = "SELECT count(*) FROM escrow_release"

register_check(
    "E2",
    formula="escrow accounts and holds answer to each other, and each account holds what its hold has left",
    count=_HOLDS,
    broken="""
        SELECT coalesce(hold.id::text, account.code),
            'the hold says ' || coalesce((hold."left" + hold.client_fee_left)::text, 'nothing')
            || ', its account ' || coalesce(account.balance::text, 'nothing')
        FROM escrow_hold hold
        FULL JOIN (SELECT * FROM ledger_account WHERE code LIKE 'escrow:%') account
            ON account.code = 'escrow:' || hold.id AND account.currency = hold.currency
        WHERE hold.id IS NULL OR coalesce(account.balance, 0) <> hold."left" + hold.client_fee_left
    """,
)

register_check(
    "escrow.in_and_out",
    formula="placed = left + Σ released + Σ returned, for the work and for the client's fee",
    count=_HOLDS,
    broken="""
        SELECT hold.id::text, 'placed ' || hold.placed || ', left ' || hold."left" || ', gone ' || gone.work
        FROM escrow_hold hold
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(gross + returned), 0) AS work,
                coalesce(sum(fee_kept + fee_returned), 0) AS fee
            FROM escrow_release release WHERE release.hold_id = hold.id
        ) gone
        WHERE hold.placed <> hold."left" + gone.work OR hold.client_fee <> hold.client_fee_left + gone.fee
    """,
)

register_check(
    "E4",
    formula="a release = Σ its named lines, each of zero or more, and they are what moved",
    count=_RELEASES,
    broken="""
        SELECT release.id::text, 'its lines sum to ' || coalesce(line.total, 0)
            || ', its postings to ' || coalesce(posted.total, 0)
        FROM escrow_release release
        LEFT JOIN LATERAL (
            SELECT sum(amount) AS total, min(amount) AS least FROM escrow_releaseline
            WHERE release_id = release.id
        ) line ON true
        LEFT JOIN LATERAL (
            SELECT sum(posting.amount) AS total FROM ledger_posting posting
            JOIN ledger_movement movement ON movement.id = posting.movement_id
            WHERE movement.key = release.kind || ':' || release.id
        ) posted ON true
        WHERE line.total IS DISTINCT FROM posted.total OR line.least < 0
            OR line.total IS DISTINCT FROM
                release.gross + release.returned + release.fee_kept + release.fee_returned
            OR release.net IS DISTINCT FROM
                (SELECT amount FROM escrow_releaseline WHERE release_id = release.id AND number = 1)
    """,
)

register_check(
    "E5",
    formula="a release shown as free has moved once from clearing into the wallet, and no other has",
    count=_RELEASES,
    broken="""
        SELECT release.id::text, 'is ' || release.state || ', its movement '
            || CASE WHEN movement.id IS NULL THEN 'does not exist' ELSE 'does' END
        FROM escrow_release release
        LEFT JOIN ledger_movement movement ON movement.key = 'matured:' || release.id
        WHERE (release.state = 'matured') <> (movement.id IS NOT NULL)
    """,
)

register_check(
    "E6",
    formula="what a worker's clearing account holds = Σ releases in clearing",
    count="SELECT count(*) FROM ledger_account WHERE code LIKE 'clearing:%'",
    broken="""
        SELECT coalesce(account.code, 'clearing:' || due.worker), 'holds ' || coalesce(account.balance, 0)
            || ', in clearing are ' || coalesce(due.net, 0)
        FROM (SELECT * FROM ledger_account WHERE code LIKE 'clearing:%') account
        FULL JOIN (
            SELECT worker, currency, sum(net) AS net FROM escrow_release WHERE state = 'clearing'
            GROUP BY worker, currency
        ) due ON account.code = 'clearing:' || due.worker AND account.currency = due.currency
        WHERE coalesce(account.balance, 0) <> coalesce(due.net, 0)
    """,
)

register_check(
    "E7",
    formula="what payers paid in = the work + the client's fee, and they got back what was returned",
    count=_HOLDS,
    broken="""
        SELECT hold.id::text, 'its payers paid ' || part.amount || ' and got back ' || part.returned
        FROM escrow_hold hold
        CROSS JOIN LATERAL (
            SELECT sum(amount) AS amount, sum(returned) AS returned FROM escrow_holdpart
            WHERE hold_id = hold.id
        ) part
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(returned + fee_returned), 0) AS returned FROM escrow_release
            WHERE hold_id = hold.id
        ) gone
        WHERE part.amount IS DISTINCT FROM hold.placed + hold.client_fee OR part.returned <> gone.returned
    """,
)

register_check(
    "escrow.frozen",
    formula="0 ≤ frozen ≤ left, frozen = Σ freezes, and a closed hold is empty",
    count=_HOLDS,
    broken="""
        SELECT hold.id::text, hold.state || ', left ' || hold."left" || ', frozen ' || hold.frozen
        FROM escrow_hold hold
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS amount FROM escrow_freeze WHERE hold_id = hold.id
        ) freezes
        WHERE hold.frozen <> freezes.amount OR hold.frozen > hold."left"
            OR (hold.state = 'closed') <> (hold."left" = 0)
    """,
)
