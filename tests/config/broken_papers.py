"""The rows that break what must hold of papers."""

from tests.config.breaking import NO_PAPERS, gone, one
from tests.config.broken_certificates import CERTIFICATES

OF_PAPERS: dict[str, list[str]] = {
    **CERTIFICATES,
    "invoicing.amounts": [
        one("invoicing_invoice", "gross = gross + 1", "credits_id IS NULL", "t.release_id::text"),
        one("invoicing_invoice", "kind = 'client_fee'", "kind = 'worker_fee'", "t.release_id::text"),
        one("escrow_releaseline", "amount = amount - 1", "name = 'fee' AND amount > 0", "t.release_id::text"),
        gone("invoicing_invoice", "kind = 'worker_fee'", "t.release_id::text"),
    ],
    "invoicing.credits": [
        one("invoicing_invoice", "recipient = 'person:eve'", "credits_id IS NOT NULL", "t.number"),
        one(
            "invoicing_invoice",
            "gross = 100000000, net = 100000000",
            "credits_id IS NOT NULL",
            "(SELECT number FROM invoicing_invoice WHERE id = t.credits_id)",
        ),
    ],
    "invoicing.releases": [
        one("invoicing_invoice", "currency = 'EUR'", name="t.number"),
        one("invoicing_invoice", "issuer = 'person:eve'", "kind = 'work'", "t.number"),
        one("invoicing_invoice", "recipient = 'person:eve'", name="t.number"),
        NO_PAPERS,
    ],
    "invoicing.series": [
        one("invoicing_series", "last = last + 1", name="t.issuer || ' ' || t.year"),
        gone("invoicing_invoice", "serial = 1 AND issuer = 'hall'", "'hall ' || t.year"),
        one("invoicing_invoice", "serial = serial + 1000", "issuer = 'hall'", "'hall ' || t.year"),
        one("invoicing_invoice", "issued_on = '2001-01-01'", "serial = 2", "t.number"),
    ],
}
