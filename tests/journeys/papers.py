"""What people do about their invoices in a journey."""

from pathlib import Path

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.journeys.running import PostOffice, until
from tests.journeys.steps import fill, picture, read, says


def say_who_is_billed(olga: Page, amara: Page) -> None:
    """The hall and the client say who they are on paper."""
    olga.goto("/operator/invoices")
    olga.get_by_role("link", name="Who the hall is on paper").click()
    fill(olga, legal_name="Leeds Guildhall Ltd", city="Leeds")
    olga.locator("[name=country]").select_option("GB")
    olga.get_by_role("button", name="Use these details").click()
    amara.goto("/money")
    amara.get_by_role("link", name="Invoices").click()
    amara.get_by_role("link", name="What stands on them about me").click()
    fill(amara, legal_name="Okafor’s Bakery", purchase_order="PO-7")
    picture(amara, "billing details")
    amara.get_by_role("button", name="Use these details").click()


def open_an_invoice(amara: Page, bushra: Page, eve: Page, post_office: PostOffice, total: str) -> None:
    """A letter tells of it, the list has it, the PDF carries it for programs; a stranger finds nothing."""
    post_office.letter_to("amara@example.org", "The invoice")

    def is_there() -> bool | None:
        amara.goto("/money")
        amara.get_by_role("link", name="Invoices").click()
        return amara.get_by_text("Invoice for work").count() > 1 or None  # the choice of kinds has it too

    until(is_there, "the invoice")
    picture(amara, "the list of invoices")
    amara.locator("tbody a").first.click()
    place = amara.url
    for words in ("Okafor’s Bakery", "Bushra Karim", "PO-7", total):
        assert says(amara, words)
    picture(amara, "an invoice opened")
    with amara.expect_download() as coming:
        amara.get_by_role("link", name="Save the PDF").click()
    kept = PdfReader(Path(coming.value.path()))
    assert total in kept.pages[0].extract_text()
    assert "factur-x.xml" in kept.attachments
    refused = eve.goto(place)
    assert refused
    assert refused.status == 404
    assert "Invoice for the hall’s fee" in read(bushra, "/money/invoices")
