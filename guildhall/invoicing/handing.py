"""The forms in which a paper can be had: what each is called, its media type and its bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from guildhall.invoicing.drawing import pdf_of_invoice
from guildhall.invoicing.einvoices import cii_of, ubl_of
from guildhall.invoicing.models import Invoice


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a paper."""

    ending: str
    kind: str
    make: Callable[[Invoice], bytes]

    def name_of(self, invoice: Invoice) -> str:
        """The file's name: the paper's number is plain ASCII."""
        return f"{invoice.number}{self.ending}"


FORMS: Final = {
    "pdf": Form(".pdf", "application/pdf", pdf_of_invoice),
    "ubl": Form(".ubl.xml", "application/xml", ubl_of),
    "cii": Form(".cii.xml", "application/xml", cii_of),
}
"""For people with the e-invoice inside, and the two languages of e-invoices alone."""
