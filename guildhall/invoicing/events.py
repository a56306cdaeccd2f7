"""What this package announces."""

from typing import Final

INVOICES_ISSUED: Final = "invoices.issued"  # of a release: release, client, worker, title, number, amount
CREDIT_NOTE_ISSUED: Final = "credit_note.issued"  # to, number, corrected, amount, reason, replaced
BILLING_SAID: Final = "billing.said"  # who somebody is on paper: party, fields
BILLING_REFERENCE_SET: Final = "billing_reference.set"  # a contract's order number and cost centre
VAT_RATE_SET: Final = "vat_rate.set"  # country, basis_points, reason
