"""Papers on pages and for programs: found, narrowed, opened, saved, corrected, and nobody else's."""

import csv
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from guildhall.invoicing.models import BillingProfile, Invoice, VatRate
from guildhall.people.models import Person
from tests.builders.papers import a_paid_milestone, billed_as, papers_of, the_hall_as
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ISSUED = NOW + timedelta(hours=2)


@pytest.fixture
def papers(amara: Person, bushra: Person) -> dict[str, Invoice]:
    billed_as(amara, "Amara Ltd", country="GB", purchase_order="PO-7", cost_centre="CC 1")
    billed_as(bushra, "بشریٰ بیگم", city="گلگت", country="PK")
    return papers_of(a_paid_milestone(amara, bushra, client_fee_bp=300, at=NOW))


def test_whoever_has_no_papers_reads_what_will_stand_there(eve: Person) -> None:
    assert "its invoices stand here" in text_of(by(eve).get("/money/invoices"))
    assert "No invoices in this month" in text_of(by(eve).get("/money/collective/2026-03"))


def test_the_way_leads_from_money_to_the_list(amara: Person) -> None:
    assert 'href="/money/invoices"' in by(amara).get("/money").content.decode()


def test_each_side_finds_its_own(papers: dict[str, Invoice], amara: Person, bushra: Person) -> None:
    numbers = {kind: paper.number for kind, paper in papers.items()}
    of_client, of_worker = (text_of(by(who).get("/money/invoices")) for who in (amara, bushra))
    assert numbers["work"] in of_client
    assert numbers["client_fee"] in of_client
    assert numbers["worker_fee"] not in of_client
    assert numbers["worker_fee"] in of_worker
    assert numbers["client_fee"] not in of_worker
    assert "2 papers in USD: 103.00 USD" in of_client


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("side=out", {"work"}),
        ("side=in", {"worker_fee"}),
        ("kind=work", {"work"}),
        ("kind=credit_note", set()),
        (f"period={ISSUED:%Y-%m}", {"work", "worker_fee"}),
        (f"period={ISSUED:%Y}", {"work", "worker_fee"}),
        ("period=2001", set()),
        ("period=2001-13", {"work", "worker_fee"}),
    ],
)
def test_the_list_is_narrowed(
    papers: dict[str, Invoice], bushra: Person, asked: str, kinds: set[str]
) -> None:
    answer = by(bushra).get(f"/money/invoices?{asked}").content.decode()
    assert {kind for kind, paper in papers.items() if paper.number in answer} == kinds
    if "13" not in asked:
        items = by(bushra).get(f"/api/v1/money/invoices?{asked}").json()["items"]
        assert {item["kind"] for item in items} == kinds


def test_the_list_goes_on_by_key(amara: Person, bushra: Person) -> None:
    for number in range(11):
        a_paid_milestone(amara, bushra, at=NOW + timedelta(minutes=number))
    first = by(bushra).get("/money/invoices")
    second = by(bushra).get(first.content.decode().split('rel="next" href="')[1].split('"')[0])
    assert second.content.decode().count('href="/money/invoices/') >= 2


def test_one_paper_says_what_stands_on_it(papers: dict[str, Invoice], amara: Person) -> None:
    shown = text_of(by(amara).get(f"/money/invoices/{papers['work'].pk}"))
    for words in ("Amara Ltd", "بشریٰ بیگم", "PO-7", "CC 1", "Self-billing", "100.00 USD", "Pakistan"):
        assert words in shown


@pytest.mark.parametrize("door", ["/money/invoices/{}/files/{}", "/api/v1/money/invoices/{}/files/{}"])
def test_it_is_saved_as_pdf_and_as_e_invoice(papers: dict[str, Invoice], amara: Person, door: str) -> None:
    work = papers["work"]
    answer = by(amara).get(door.format(work.pk, "pdf"))
    assert answer["Content-Disposition"] == f'attachment; filename="{work.number}.pdf"'
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert work.number in text
    assert b"<Invoice" in by(amara).get(door.format(work.pk, "ubl")).content
    assert b"CrossIndustryInvoice" in by(amara).get(door.format(work.pk, "cii")).content
    assert by(amara).get(door.format(work.pk, "doc")).status_code == 404


def test_what_the_standard_cannot_say_is_told(amara: Person, bushra: Person) -> None:
    work = papers_of(a_paid_milestone(amara, bushra, currency="KWD", minor=12_345, at=NOW))["work"]
    page = by(amara).get(f"/money/invoices/{work.pk}")
    assert "two decimals" in text_of(page)
    assert "UBL" not in text_of(page)
    refused = by(amara).get(f"/money/invoices/{work.pk}/files/ubl")
    assert refused.status_code == 409
    assert "two decimals" in text_of(refused)
    problem = by(amara).get(f"/api/v1/money/invoices/{work.pk}/files/ubl")
    assert (problem.status_code, problem.json()["code"]) == (409, "no_e_invoice")
    assert by(amara).get(f"/money/invoices/{work.pk}/files/pdf").content.startswith(b"%PDF")


def test_billing_details_are_said_and_a_paper_made_out_again(
    papers: dict[str, Invoice], amara: Person
) -> None:
    work, client = papers["work"], by(amara)
    again = f"/money/invoices/{work.pk}/replacement"
    assert "It would say the same" in text_of(client.post(again))
    typed = {"legal_name": "Amara Bakeries", "country": "DE", "tax_id": "DE1", "is_business": "on"}
    refused = client.post("/money/billing", typed)
    assert refused.status_code == 422
    assert "is not a VAT number of Germany" in text_of(refused)
    assert 'value="DE1"' in refused.content.decode()
    assert client.post("/money/billing", {**typed, "tax_id": "DE136695976"}).status_code == 302
    made = client.post(again)
    fresh = Invoice.objects.get(replaces=work)
    assert made["Location"] == f"/money/invoices/{fresh.pk}"
    assert "Amara Bakeries" in text_of(client.get(made["Location"]))
    assert "Taken back" in text_of(client.get(f"/money/invoices/{work.pk}"))


def test_programs_say_and_read_the_same(papers: dict[str, Invoice], bushra: Person) -> None:
    client = by(bushra)
    json: dict[str, Any] = {"content_type": "application/json"}
    said = client.put("/api/v1/money/billing", {"legal_name": "Bushra B.", "country": "PK"}, **json)
    assert (said.status_code, said.json()["legal_name"]) == (200, "Bushra B.")
    assert client.get("/api/v1/money/billing").json()["country"] == "PK"
    made = client.post(f"/api/v1/money/invoices/{papers['work'].pk}/replacement", **json)
    assert (made.status_code, made.json()["seller"]["name"]) == (201, "Bushra B.")
    assert client.get(f"/api/v1/money/invoices/{made.json()['id']}").json() == made.json()


def test_a_month_comes_as_one_paper(papers: dict[str, Invoice], amara: Person, bushra: Person) -> None:
    billed_as(amara, "Amara Ltd", country="GB", purchase_order="PO-8")
    a_paid_milestone(amara, bushra, minor=5_000, at=NOW)
    month = f"{ISSUED:%Y-%m}"
    shown = text_of(by(amara).get(f"/money/collective/{month}"))
    for words in ("Purchase order PO-7 · cost centre CC 1 · USD", "Purchase order PO-8 · USD", "153.00 USD"):
        assert words in shown
    pdf = by(amara).get(f"/money/collective/{month}/file")
    text = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert papers["work"].number in text
    assert "153.00 USD" in text
    found = by(amara).get(f"/api/v1/money/collective/{month}").json()
    assert found["totals"] == [{"amount": "153.00", "currency": "USD"}]
    assert [group["purchase_order"] for group in found["groups"]] == ["PO-7", "PO-8"]
    assert by(amara).get("/money/collective/march").status_code == 404


def test_the_list_as_a_file_tricks_no_spreadsheet(amara: Person, bushra: Person) -> None:
    billed_as(bushra, "=1+1", country="PK")
    a_paid_milestone(amara, bushra, at=NOW)
    answer: Any = by(amara).get("/money/invoices.csv")
    rows = list(csv.reader("".join(part.decode() for part in answer.streaming_content).splitlines()))
    assert rows[1][3] == "'=1+1"
    assert rows[1][5:9] == ["100.00", "0.00", "100.00", "USD"]


def test_the_client_says_what_a_contract_s_invoices_carry(
    papers: dict[str, Invoice], amara: Person, bushra: Person
) -> None:
    place = f"/contracts/{papers['work'].contract_id}/billing"
    assert by(bushra).get(place).status_code == 404
    assert by(amara).post(place, {"purchase_order": "PO-9", "cost_centre": ""}).status_code == 302
    assert by(amara).get(f"/api/v1{place}").json() == {"purchase_order": "PO-9", "cost_centre": ""}
    assert 'value="PO-9"' in by(amara).get(place).content.decode()
    assert by(amara).post(place, {"purchase_order": "x" * 61}).status_code == 422
    assert place in by(amara).get(f"/contracts/{papers['work'].contract_id}").content.decode()


def test_operators_see_all_and_correct(papers: dict[str, Invoice], olga: Person) -> None:
    client = by(olga)
    shown = text_of(client.get("/operator/invoices"))
    assert all(paper.number in shown for paper in papers.values())
    place = f"/operator/invoices/{papers['work'].pk}"
    assert client.get(f"{place}/files/pdf").content.startswith(b"%PDF")
    refused = client.post(place, {"amount": "200.00", "reason": "So."})
    assert refused.status_code == 409
    assert "Only 100.00 USD of this" in text_of(refused)
    made = client.post(place, {"amount": "40.00", "reason": "Less was done."})
    note = Invoice.objects.get(credits=papers["work"])
    assert made["Location"] == f"/operator/invoices/{note.pk}"
    assert "Less was done." in text_of(client.get(made["Location"]))
    assert "60.00 USD of it stands" in text_of(client.get(place))
    answer: Any = client.get("/operator/invoices.csv?kind=credit_note")
    rows = list(csv.reader("".join(part.decode() for part in answer.streaming_content).splitlines()))
    assert [(row[0], row[7]) for row in rows[1:]] == [(note.number, "-40.00")]
    assert "the hall 2" in text_of(client.get("/operator/invoices/series"))


def test_operators_say_who_the_hall_is_and_what_vat_there_is(olga: Person) -> None:
    client = by(olga)
    typed = {"legal_name": "Zunfthaus GmbH", "country": "AT", "tax_id": "U13585627", "is_business": "on"}
    assert client.post("/operator/billing", typed).status_code == 302
    assert BillingProfile.objects.get(party="hall").tax_id == "ATU13585627"
    asked = {"country": "AT", "basis_points": "1900", "reason": "Lower."}
    assert client.post("/operator/vat", asked).status_code == 302
    assert VatRate.objects.get().basis_points == 1_900
    assert "Lower." in text_of(client.get("/operator/vat"))
    refused = client.post("/operator/vat", {**asked, "basis_points": "9000"})
    assert (refused.status_code, "from 0 to 5000" in text_of(refused)) == (422, True)


def test_the_halls_fee_shows_the_vat_within_it(amara: Person, bushra: Person, olga: Person) -> None:
    the_hall_as(olga, "Zunfthaus GmbH", country="AT", tax_id="ATU13585627", is_business=True)
    fee = papers_of(a_paid_milestone(amara, bushra, minor=24_000, at=NOW))["worker_fee"]
    shown = text_of(by(bushra).get(f"/money/invoices/{fee.pk}"))
    assert "Net 10.00 USD" in shown
    assert "2.00 USD" in shown
    assert "Total, paid 12.00 USD" in shown
