"""A certificate's way in a browser without a script: made out, saved, and looked up by a clerk."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from guildhall.people.models import Person
from tests.builders.certificates import earned
from tests.cast import a_person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

PICTURES = os.environ.get("JOURNEY_PICTURES", "")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"certificate-{name}.png", full_page=True)


def test_a_worker_shows_a_bank_what_they_earn(browser: Browser, live_server: Any, amara: Person) -> None:
    today = timezone.now()
    gul = a_person("Gul", at=today - timedelta(days=200))
    earned(amara, gul, 10_000, today - timedelta(days=70))
    paper, address = _made_out(browser, live_server.url, gul)
    annotations: Any = paper.pages[0]["/Annots"]
    note = annotations[0].get_object()  # what the square leads to
    way = str(note["/A"]["/URI"]).removeprefix(settings.GUILDHALL_BASE_URL)
    assert address.endswith(way)
    _looked_up(browser, live_server.url, way, paper)


def _made_out(browser: Browser, url: str, person: Person) -> tuple[pypdf.PdfReader, str]:
    visitor = Client()
    visitor.force_login(person)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    with browser.new_context(base_url=url, java_script_enabled=False) as window:
        window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        worker = window.new_page()
        worker.goto("/money")
        worker.get_by_role("link", name="Certificates of income").click()
        worker.get_by_label("Say how much I earned").check()
        worker.get_by_label("In which languages?").select_option("ur")
        picture(worker, "asking")
        worker.get_by_role("button", name="Make it out and sign it").click()
        assert "95.00 USD" in worker.content()
        picture(worker, "made-out")
        with worker.expect_download() as saved:
            worker.get_by_role("link", name="Save the PDF").click()
        content = Path(saved.value.path()).read_bytes()
        if PICTURES:
            (Path(PICTURES) / "certificate.pdf").write_bytes(content)
        address = worker.locator("code").first.inner_text()
        return pypdf.PdfReader(io.BytesIO(content)), address


def _looked_up(browser: Browser, url: str, way: str, paper: pypdf.PdfReader) -> None:
    narrow: Any = {"width": 320, "height": 640}
    with browser.new_context(base_url=url, java_script_enabled=False, viewport=narrow) as window:
        clerk = window.new_page()
        clerk.goto(way)
        assert clerk.get_by_role("status").inner_text().startswith("Valid")
        for words in ("Gul", "95.00 USD", "آمدنی کی سند"):
            assert words in clerk.content()
        picture(clerk, "checked")
        clerk.goto("/certificates")
        picture(clerk, "the-public-page")
        clerk.get_by_label("The code on the paper").fill(way.rpartition("/")[2].upper())
        clerk.get_by_role("button", name="Check it").click()
        assert clerk.url.endswith(way)
        clerk.get_by_label("The signed text").fill(paper.attachments["signed.txt"][0].decode())
        clerk.get_by_role("button", name="Check the text").click()
        assert clerk.get_by_role("status").inner_text().startswith("Valid")
        clerk.get_by_label("The signed text").fill("made up")
        clerk.get_by_role("button", name="Check the text").click()
        assert clerk.get_by_role("alert").first.inner_text().startswith("Changed")
        picture(clerk, "changed")
