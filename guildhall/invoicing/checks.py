"""What must always hold of papers."""

from guildhall.kernel.registry import register_check

register_check(
    "invoicing.amounts",
    formula="Σ invoices − Σ credit notes of a release = its lines, less what corrections took back",
    count="SELECT count(*) FROM invoicing_invoice",
    broken="""
        WITH paper AS (
            SELECT release_id, coalesce(sum(asked) FILTER (WHERE kind = 'work'), 0) AS work,
                coalesce(sum(asked) FILTER (WHERE kind = 'worker_fee'), 0) AS worker_fee,
                coalesce(sum(asked) FILTER (WHERE kind = 'client_fee'), 0) AS client_fee
            FROM (
                SELECT release_id, kind, CASE WHEN credits_id IS NULL THEN gross
                    WHEN cause = 'replacement' THEN -gross ELSE 0 END AS asked
                FROM invoicing_invoice
            ) counted GROUP BY release_id
        ), fee AS (
            SELECT release_id, sum(amount) AS amount FROM escrow_releaseline
            WHERE account LIKE 'fees:%' AND name <> 'client_fee' GROUP BY release_id
        )
        SELECT release.id::text, 'moved were ' || release.gross || ', ' || coalesce(fee.amount, 0) || ', '
            || release.fee_kept || ', on paper stand ' || paper.work || ', ' || paper.worker_fee || ', '
            || paper.client_fee
        FROM paper
        JOIN escrow_release release ON release.id = paper.release_id
        LEFT JOIN fee ON fee.release_id = paper.release_id
        WHERE (release.gross, coalesce(fee.amount, 0), release.fee_kept)
            <> (paper.work, paper.worker_fee, paper.client_fee)
    """,
)
register_check(
    "invoicing.releases",
    formula="every release whose news was heard has its papers, in its currency, between its two sides",
    count="SELECT count(*) FROM escrow_release WHERE gross > 0",
    broken="""
        SELECT release.id::text, 'has no papers'
        FROM escrow_release release
        WHERE release.gross > 0
            AND NOT EXISTS (SELECT FROM invoicing_invoice WHERE release_id = release.id)
            AND NOT EXISTS (SELECT FROM invoicing_catchingup)
            AND NOT EXISTS (
                SELECT FROM kernel_delivery delivery JOIN kernel_event event ON event.id = delivery.event_id
                WHERE event.name IN ('hold.released', 'hold.split')
                    AND event.facts ->> 'release' = release.id::text)
        UNION ALL
        SELECT invoice.number, invoice.kind || ' from ' || invoice.issuer || ' to ' || invoice.recipient
            || ' in ' || invoice.currency || ', the release is ' || release.worker || '’s in '
            || release.currency
        FROM invoicing_invoice invoice JOIN escrow_release release ON release.id = invoice.release_id
        WHERE invoice.currency <> release.currency
            OR invoice.issuer <> CASE invoice.kind WHEN 'work' THEN release.worker ELSE 'hall' END
            OR CASE invoice.kind WHEN 'worker_fee' THEN invoice.recipient <> release.worker
                ELSE NOT EXISTS (SELECT FROM escrow_holdpart part WHERE part.hold_id = release.hold_id
                    AND part.party = invoice.recipient) END
    """,
)
register_check(
    "invoicing.series",
    formula="a series runs from 1 to its last number without a gap, in the order of time",
    count="SELECT count(*) FROM invoicing_series",
    broken="""
        SELECT coalesce(series.issuer, found.issuer) || ' ' || coalesce(series.year, found.year),
            'last is ' || coalesce(series.last::text, 'unknown') || ', there are ' || coalesce(found.count, 0)
            || ' up to ' || coalesce(found.highest, 0)
        FROM invoicing_series series
        FULL JOIN (
            SELECT issuer, year, count(*) AS count, max(serial) AS highest, min(serial) AS lowest
            FROM invoicing_invoice GROUP BY issuer, year
        ) found ON found.issuer = series.issuer AND found.year = series.year
        WHERE (series.last, series.last, 1) IS DISTINCT FROM (found.count, found.highest, found.lowest)
        UNION ALL
        SELECT number, 'is dated before the one before it' FROM (
            SELECT number, issued_on,
                lag(issued_on) OVER (PARTITION BY issuer, year ORDER BY serial) AS before
            FROM invoicing_invoice
        ) paper WHERE issued_on < before
    """,
)
register_check(
    "invoicing.credits",
    formula="a credit note is of its invoice's series and sides, and no invoice is taken back twice",
    count="SELECT count(*) FROM invoicing_invoice WHERE credits_id IS NOT NULL",
    broken="""
        SELECT note.number, 'does not fit ' || invoice.number
        FROM invoicing_invoice note JOIN invoicing_invoice invoice ON invoice.id = note.credits_id
        WHERE (note.issuer, note.recipient, note.kind, note.release_id, note.currency, note.category)
            <> (invoice.issuer, invoice.recipient, invoice.kind, invoice.release_id, invoice.currency,
                invoice.category)
            OR invoice.credits_id IS NOT NULL
        UNION ALL
        SELECT invoice.number, 'of ' || invoice.gross || ' were taken back ' || back.gross
        FROM invoicing_invoice invoice
        JOIN (SELECT credits_id, sum(gross) AS gross, sum(tax) AS tax FROM invoicing_invoice
            WHERE credits_id IS NOT NULL GROUP BY credits_id) back ON back.credits_id = invoice.id
        WHERE back.gross > invoice.gross OR back.tax > invoice.tax
    """,
)
