"""A paper as a PDF with the e-invoice inside (Factur-X), drawn when it is asked for and always the same."""

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _
from lxml import etree
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from guildhall.documents.pdf import Attachment, pdf_of
from guildhall.invoicing.einvoices import cii_of, why_no_einvoice
from guildhall.invoicing.models import Invoice
from guildhall.invoicing.rules import Category
from guildhall.invoicing.words import heading_of, item_of, notes_on
from guildhall.kernel.money import Money

PAPERS: Final = Path(__file__).resolve().parent / "papers"
_MAKER: Final = "Guildhall"
_URN: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def pdf_of_invoice(invoice: Invoice) -> bytes:
    """The paper in its recipient's language, with the e-invoice attached where there is one.

    It carries no time but its own day: whoever asks, and whenever, gets the same bytes.
    """
    with translation.override(invoice.language):
        title = f"{heading_of(invoice)} {invoice.number}"
        xml = "" if why_no_einvoice(invoice) else cii_of(invoice).decode()
        at = datetime.combine(invoice.issued_on, datetime.min.time(), UTC)
        made = pdf_of(
            template=PAPERS / "invoice.typ",
            data=_said_on(invoice),
            title=title,
            language=invoice.language,
            at=at,
            author=invoice.seller["name"],
            attachments=[
                Attachment(
                    name="factur-x.xml",
                    text=xml,
                    kind="text/xml",
                    description="Factur-X",
                    relationship="data",
                )
            ]
            if xml
            else [],
        )
        return _called_facturx(made, title, invoice, at) if xml else made


def _said_on(invoice: Invoice) -> dict[str, Any]:
    net, tax, gross = (Money(minor, invoice.currency) for minor in (invoice.net, invoice.tax, invoice.gross))
    facts = [
        (_("Number"), invoice.number),
        (_("Date"), day_on_paper(invoice.issued_on, invoice.language)),
        (_("Date of supply"), day_on_paper(invoice.supplied_on, invoice.language)),
    ]
    if invoice.purchase_order:
        facts.append((_("Purchase order"), invoice.purchase_order))
    if invoice.cost_centre:
        facts.append((_("Cost centre"), invoice.cost_centre))
    if invoice.credits:
        facts.append((_("Corrects"), invoice.credits.number))
    taxed = invoice.category == Category.STANDARD
    rate = f"{invoice.rate / 100:g} %"
    return {
        "heading": heading_of(invoice),
        "facts": facts,
        "seller": side_on_paper(invoice.seller, _("From"), invoice.language),
        "buyer": side_on_paper(invoice.buyer, _("To"), invoice.language),
        "columns": [_("What"), _("Amount")],
        "item": item_of(invoice),
        "net": str(net),
        "sums": [
            (_("Net"), str(net)),
            (_("VAT %(rate)s") % {"rate": rate} if taxed else _("VAT"), str(tax)),
        ],
        "total": [_("To be given back") if invoice.is_credit_note else _("Total, paid"), str(gross)],
        "notes": notes_on(invoice),
        "made_by": _("Made out by the hall. What is paid here includes any VAT."),
    }


def side_on_paper(who: dict[str, Any], role: str, language: str) -> dict[str, Any]:
    """One side of a paper as lines of an address."""
    town = " ".join(part for part in (who["postcode"], who["city"]) if part)
    country = _territories(language).get(who["country"], who["country"])
    number = _("VAT number %(number)s") % {"number": who["tax_id"]} if who["tax_id"] else ""
    return {
        "role": role,
        "name": who["name"],
        "lines": [line for line in (who["street"], town, country, number) if line],
    }


def day_on_paper(day: Any, language: str) -> str:
    """A day as a paper writes it."""
    return str(format_date(day, "d MMMM y", locale=translation.to_locale(language)))


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(translation.to_locale(language)).territories)


def _called_facturx(made: bytes, title: str, invoice: Invoice, at: datetime) -> bytes:
    """The same PDF, whose metadata say by a schema of their own that it is a Factur-X."""
    from facturx import generate_xmp_object  # noqa: PLC0415 - dear to import, as in `einvoices`

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made)))
    said = generate_xmp_object(
        {
            "pdfa3_flavor": "B",
            "title": title,
            "author": invoice.seller["name"],
            "subject": title,
            "producer": _MAKER,
            "creator_tool": _MAKER,
            "timestamp": at.isoformat(timespec="seconds"),
            "version": "1.0",
            "documenttype": "INVOICE",
            "xml_filename": "factur-x.xml",
            "xmp_level": "EN 16931",
            "urn": _URN,
        }
    )
    packet = etree.tostring(said, encoding="unicode", pretty_print=True)
    stream = DecodedStreamObject()
    stream.set_data(
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{packet}<?xpacket end="w"?>'.encode()
    )
    stream[NameObject("/Type")] = NameObject("/Metadata")
    stream[NameObject("/Subtype")] = NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)  # noqa: SLF001 - its only door for objects
    writer.add_metadata({"/Producer": _MAKER})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
