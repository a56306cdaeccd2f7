"""The front door, the help page and the styleguide."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_what_the_hall_is_and_how_they_are_protected(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "set aside" in page.content.decode()
    assert "Nothing is open yet" in page.content.decode()


def test_whoever_is_signed_in_goes_on_to_their_work(client: Client, amara: Any) -> None:
    client.force_login(amara)
    assert client.get("/")["Location"] == "/work"


def test_the_help_page_says_todays_numbers(client: Client) -> None:
    page = client.get("/help").content.decode()
    assert "5\u00a0%" in page
    assert "10 days" in page
    assert "5.00 USD" in page


@pytest.mark.parametrize("address", ["/", "/help", "/rules", "/styleguide", "/styleguide?dir=rtl"])
def test_public_pages_ask_little_of_the_database_and_weigh_little(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address, headers={"accept-encoding": "gzip"})
    assert page.status_code == 200
    assert len(asked) <= 6
    assert len(page.content) <= 14_000
    assert page["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("address", ["/", "/help", "/rules", "/styleguide"])
def test_no_page_carries_style_or_script_of_its_own(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert "style=" not in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("address", ["/", "/help", "/rules"])
def test_a_page_is_only_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
