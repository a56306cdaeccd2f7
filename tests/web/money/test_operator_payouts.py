"""The operator's way from what waits to what arrived."""

import csv
import re
from typing import Any

import pytest
from django.test import Client

from guildhall.ledger.queries import balance_of
from guildhall.payments.models import Payout, PayoutBatch
from guildhall.people.models import Person
from tests.builders.money import a_requested_payout
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def by(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_nothing_waits(olga: Person) -> None:
    assert "Nothing waits" in text_of(by(olga).get("/operator/payouts"))
    assert by(olga).post("/operator/payouts/batches").status_code == 409


def test_from_waiting_to_arrived_and_sent_back(olga: Person, bushra: Person, chen: Person) -> None:
    first, second = a_requested_payout(bushra, 10_450, NOW), a_requested_payout(chen, 900, NOW)
    browser = by(olga)
    shown = text_of(browser.get("/operator/payouts"))
    assert "113.50 USD" in shown
    assert "Open a batch with 2 payouts" in shown
    opened = browser.post("/operator/payouts/batches")
    batch = opened["Location"]
    assert "Not sent yet" in text_of(browser.get(batch))
    file = b"".join(browser.get(f"{batch}/file")).decode()
    assert [row[4] for row in csv.reader(file.splitlines())][1:] == ["104.50", "9.00"]
    assert browser.post(f"{batch}/sending").status_code == 302
    assert browser.post(f"{batch}/sending").status_code == 409
    assert browser.post(f"/operator/payouts/{first.pk}/settlement").status_code == 302
    empty = browser.post(f"/operator/payouts/{second.pk}/return", {"reason": ""})
    assert empty.status_code == 422
    assert browser.post(f"/operator/payouts/{second.pk}/return", {"reason": "Closed."}).status_code == 302
    shown = text_of(browser.get(batch))
    assert "Arrived" in shown
    assert "Closed." in shown
    assert balance_of(f"wallet:{chen.party}", "USD").minor == 900
    assert balance_of("outside:bank", "USD").minor == 10_450


def test_all_of_a_batch_arrives(olga: Person, bushra: Person, chen: Person) -> None:
    a_requested_payout(bushra, 10_450, NOW)
    a_requested_payout(chen, 900, NOW)
    browser = by(olga)
    batch = browser.post("/operator/payouts/batches")["Location"]
    browser.post(f"{batch}/sending")
    assert browser.post(f"{batch}/arrivals").status_code == 302
    assert set(Payout.objects.values_list("state", flat=True)) == {"settled"}


def test_C22_the_operators_own_stays(olga: Person) -> None:
    a_requested_payout(olga, 900, NOW)
    shown = text_of(by(olga).get("/operator/payouts"))
    assert "another operator has to send it" in shown
    assert "Open a batch" not in shown
    oleg = a_person("Oleg", operates=True)
    batch = by(oleg).post("/operator/payouts/batches")["Location"]
    assert by(olga).post(f"{batch}/sending").status_code == 409


def test_nobody_else_learns_that_these_pages_exist(olga: Person, bushra: Person, eve: Person) -> None:
    payout = a_requested_payout(bushra, 900, NOW)
    by(olga).post("/operator/payouts/batches")
    batch = PayoutBatch.objects.get()
    pages = [
        "/operator/payouts",
        f"/operator/payouts/batches/{batch.pk}",
        f"/operator/payouts/batches/{batch.pk}/file",
        f"/operator/payouts/{payout.pk}/return",
    ]
    verbs = [
        "/operator/payouts/batches",
        f"/operator/payouts/batches/{batch.pk}/sending",
        f"/operator/payouts/batches/{batch.pk}/arrivals",
        f"/operator/payouts/{payout.pk}/settlement",
        f"/operator/payouts/{payout.pk}/return",
    ]
    for person in (eve, bushra):
        assert {by(person).get(address).status_code for address in pages} == {404}
        assert {by(person).post(address).status_code for address in verbs} == {404}
    assert {by(None).get(address).status_code for address in pages} == {302}
    assert {by(None).post(address).status_code for address in verbs} == {302}
    assert Payout.objects.get().state == "requested"


def test_a_hall_without_a_bank_says_so_wherever_money_is_spoken_of(olga: Person) -> None:
    """An operator's own hall too: until a real processor is connected, its files would pay with nothing."""
    said = by(olga).get("/operator/payouts").content.decode()
    assert "Take no file from it to a real bank" in said
    assert "every sum in it is made up" in said
