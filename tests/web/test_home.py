"""The front door, the help page and the styleguide."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildhall.contracts.actions import release_silent_milestones
from guildhall.insights.actions import count_hall
from tests.builders.contracts import a_delivered_milestone
from tests.builders.jobs import an_open_job
from tests.cast import NOW, a_person
from tests.web.visiting import text_of

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_what_the_hall_is_and_how_they_are_protected(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "set aside" in page.content.decode()
    assert "Nothing is open yet" in page.content.decode()


def test_a_large_hall_says_how_large_and_a_small_one_says_nothing(client: Client, amara: Any) -> None:
    a_delivered_milestone(amara, a_person("Worker"))
    release_silent_milestones(at=NOW + timedelta(days=30))
    count_hall(at=NOW)
    assert "This hall in figures" not in client.get("/").text
    workers = [a_person(f"Worker{number}") for number in range(16)]
    clients = [a_person(f"Client{number}") for number in range(5)]
    for number, worker in enumerate(workers):
        a_delivered_milestone(clients[number % 5], worker, minor=10_000)
    an_open_job(amara)
    release_silent_milestones(at=NOW + timedelta(days=30))
    count_hall(at=NOW + timedelta(hours=1))
    shown = text_of(client.get("/"))
    assert "1 open job" in shown
    assert "23 people here, or a few more" in shown
    assert "1700.00 USD" in shown.partition("paid to workers so far")[0]


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
