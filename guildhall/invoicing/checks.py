"""What must always hold of papers."""

from guildhall.kernel.registry import register_check

register_check(
    "invoicing.amounts",
    formula="Σ invoices − Σ credit notes of a release = its lines, less what corrections took back",
    count="SELECT count(*) FROM invoicing_invoice",
    broken="""
        SELECT release.id::text, coalesce(due.kind, paper.kind) || ': moved was ' || coalesce(due.amount, 0)
            || ', on paper stand ' || coalesce(paper.amount, 0)
        FROM escrow_release release
        JOIN (SELECT DISTINCT release_id FROM invoicing_invoice) known ON known.release_id = release.id
        CROSS JOIN LATERAL (
            SELECT 'work' AS kind, release.gross AS amount
            UNION ALL
            SELECT 'worker_fee', coalesce(sum(line.amount) FILTER (
                WHERE line.account LIKE 'fees:%' AND line.name <> 'client_fee'), 0)
            FROM escrow_releaseline line WHERE line.release_id = release.id
            UNION ALL
            SELECT 'client_fee', release.fee_kept
        ) due
        LEFT JOIN LATERAL (
            SELECT due.kind, sum(CASE
                WHEN invoice.credits_id IS NULL THEN invoice.gross
                WHEN invoice.cause = 'replacement' THEN -invoice.gross
                ELSE 0 END) AS amount
            FROM invoicing_invoice invoice
            WHERE invoice.release_id = release.id AND invoice.kind = due.kind
        ) paper ON true
        WHERE due.amount <> coalesce(paper.amount, 0)
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
