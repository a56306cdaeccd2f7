"""What can be done about papers."""

from guildhall.invoicing.actions.billing import (
    BillingDetails,
    say_billing,
    say_billing_of_hall,
    set_billing_reference,
    set_vat_rate,
)
from guildhall.invoicing.actions.crediting import (
    NothingChanged,
    NothingToCredit,
    issue_credit_note,
    replace_invoice,
)
from guildhall.invoicing.actions.issuing import catch_up_invoices, issue_invoices

__all__ = [
    "BillingDetails",
    "NothingChanged",
    "NothingToCredit",
    "catch_up_invoices",
    "issue_credit_note",
    "issue_invoices",
    "replace_invoice",
    "say_billing",
    "say_billing_of_hall",
    "set_billing_reference",
    "set_vat_rate",
]
