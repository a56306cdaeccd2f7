"""A paper for programs: the same facts as EN 16931 knows them, as UBL 2.1 and as the XML inside Factur-X.

The standard's fields go by its own numbers: BT-1 is the number of the invoice. Its sums have two decimals at
most (BR-DEC), and both sides need a country (BR-9, BR-11): a paper without is a paper for people only.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from guildhall.invoicing.models import Invoice
from guildhall.invoicing.rules import Category, Identity, Kind, fits_two_decimals, reason_for
from guildhall.invoicing.words import item_of, notes_on
from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money, exponent_of

# UNTDID 1001: the worker's papers are made out by the hall in their name.
_TYPES: Final = {
    (Kind.WORK, False): "389",
    (Kind.WORK, True): "261",
    (Kind.WORKER_FEE, False): "380",
    (Kind.WORKER_FEE, True): "381",
    (Kind.CLIENT_FEE, False): "380",
    (Kind.CLIENT_FEE, True): "381",
}
_WHY_UNTAXED: Final = {Category.REVERSE_CHARGE: "VATEX-EU-AE", Category.NOT_SUBJECT: "VATEX-EU-O"}
_ONE_PIECE: Final = "C62"
_PAID_IN_ADVANCE: Final = "57"  # UNTDID 4461: standing agreement


class NoEInvoice(Refusal):
    """The standard cannot say what this paper says."""

    code = "no_e_invoice"


def why_no_einvoice(invoice: Invoice) -> str:
    """Why programs cannot have this paper, in the language in force; empty if they can."""
    if not all(party["country"] for party in (invoice.seller, invoice.buyer)):
        return _(
            "An e-invoice names the country of both sides, and one of them had not said theirs when this was"
            " made out."
        )
    if not all(
        fits_two_decimals(amount, invoice.currency) for amount in (invoice.net, invoice.tax, invoice.gross)
    ):
        return _("The sums of an e-invoice have at most two decimals, and %(sum)s needs more.") % {
            "sum": invoice.total
        }
    return ""


def ubl_of(invoice: Invoice) -> bytes:
    """The paper as UBL 2.1, an `Invoice` or a `CreditNote`.

    Raises:
        NoEInvoice: with the reason.
    """
    return _written(invoice, "generate_ubl_xml")


def cii_of(invoice: Invoice) -> bytes:
    """The paper as the XML that travels inside a Factur-X PDF, in the profile EN 16931.

    Raises:
        NoEInvoice: with the reason.
    """
    return _written(invoice, "generate_cii_xml")


def _written(invoice: Invoice, writer: str) -> bytes:
    if reason := why_no_einvoice(invoice):
        raise NoEInvoice(reason)
    import facturx  # noqa: PLC0415 - it takes most of a second, and few processes ever write an e-invoice

    write: Callable[..., bytes] = getattr(facturx, writer)
    return write(_fields_of(invoice), level="en16931", check_xsd=False, check_schematron=False)


def _fields_of(invoice: Invoice) -> dict[str, Any]:
    """The paper as the fields of EN 16931."""
    untaxed = invoice.category == Category.NOT_SUBJECT
    net, tax, gross = (_sum(minor, invoice.currency) for minor in (invoice.net, invoice.tax, invoice.gross))
    rate = _rate(invoice.rate)
    vat = {"BT-116": net, "BT-117": tax, "BT-118": invoice.category}
    line = {
        "BT-126": "1",
        "BT-129": "1",
        "BT-130": _ONE_PIECE,
        "BT-131": net,
        "BT-146": net,
        "BT-151": invoice.category,
        "BT-153": item_of(invoice),
    }
    if not untaxed:  # BR-O-05: what is not subject to VAT has no rate, not even zero
        vat["BT-119"] = line["BT-152"] = rate
    if reason := reason_for(invoice.category, registered=bool(invoice.seller["tax_id"])):
        vat["BT-120"] = reason
    if code := _WHY_UNTAXED.get(Category(invoice.category)):
        vat["BT-121"] = code
    fields: dict[str, Any] = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": _TYPES[Kind(invoice.kind), invoice.is_credit_note],
        "BT-5": invoice.currency,
        "BT-72": invoice.supplied_on,
        "BT-81": _PAID_IN_ADVANCE,
        "BT-20": _("Paid."),
        "BG-1": [{"BT-22": note} for note in notes_on(invoice)],
        "BG-4": _party(Identity.read(invoice.seller), invoice.issuer, untaxed=untaxed),
        "BG-7": _party(Identity.read(invoice.buyer), invoice.recipient, untaxed=untaxed),
        "BG-23": [vat],
        "BG-25": [line],
        "BT-106": net,
        "BT-109": net,
        "BT-110": tax,
        "BT-112": gross,
        "BT-113": gross,
        "BT-115": _sum(0, invoice.currency),
    }
    if invoice.purchase_order:
        fields["BT-13"] = invoice.purchase_order
    if invoice.cost_centre:
        fields |= {"BT-10": invoice.cost_centre, "BT-19": invoice.cost_centre}
    if invoice.contract_id:
        fields["BT-12"] = str(invoice.contract_id)
    if before := invoice.credits or invoice.replaces:
        fields["BG-3"] = [{"BT-25": before.number, "BT-26": before.issued_on}]
    return fields


def _party(who: Identity, party: str, *, untaxed: bool) -> dict[str, Any]:
    """One side. Where no VAT applies, no number for it may be named (BR-O-02), and another name is needed."""
    fields: dict[str, Any] = {
        "name": who.name,
        "identifiers": {None: party},
        "addr_l1": who.street,
        "city": who.city,
        "postcode": who.postcode,
        "country_code": who.country,
    }
    if who.tax_id and not untaxed:
        fields["vat_identifier"] = who.tax_id
    return fields


def _sum(minor: int, currency: str) -> str:
    """An amount with at most two decimals, which `why_no_einvoice` has seen to."""
    if exponent_of(currency) <= 2:  # noqa: PLR2004 - of the standard
        return Money(minor, currency).amount
    return Money(minor, currency).amount[:-1]


def _rate(basis_points: int) -> str:
    return f"{Decimal(basis_points) / 100:f}"
