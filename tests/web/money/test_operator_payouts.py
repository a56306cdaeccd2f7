"""The operator's way from what waits to what arrived."""

import csv
import re
from typing import Any

import pytest
from django.test import Client

from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import open_payout_batch, request_payout
from guildhall.payments.models import Payout, PayoutBatch
from guildhall.people.models import Decision, Person
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with
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


def test_all_but_ones_own_arrive_and_the_page_says_so(olga: Person, bushra: Person, chen: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    for person in (bushra, olga, chen):
        a_requested_payout(person, 900, NOW)
    batch = by(oleg).post("/operator/payouts/batches")["Location"]
    by(oleg).post(f"{batch}/sending")
    assert by(olga).post(f"{batch}/arrivals").status_code == 302
    assert Payout.objects.get(person=olga).state == "sent"
    assert Payout.objects.filter(state="settled").count() == 2
    shown = text_of(by(olga).get(batch))
    assert "1 of what is under way pays you: another operator has to say that it arrived." in shown
    assert "All of it has arrived" not in shown
    assert by(olga).post(f"{batch}/arrivals").status_code == 409
    assert by(oleg).post(f"{batch}/arrivals").status_code == 302
    assert balance_of("outside:bank", "USD").minor == 2_700
    assert not what_is_broken()


def test_the_button_counts_what_the_batch_will_hold(olga: Person, bushra: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("guildhall.web.operator.payouts._SHOWN", 2)
    a_wallet_with(bushra, 1_000, NOW)
    a_wallet_with(bushra, 1_000, NOW, "JPY")
    a_payout_account(bushra, NOW)
    for _each in range(3):
        request_payout(by=bushra, amount=Money(100, "USD"), at=NOW)
    request_payout(by=bushra, amount=Money(70, "JPY"), at=NOW)
    a_requested_payout(olga, 900, NOW)
    shown = text_of(by(olga).get("/operator/payouts"))
    assert "Open a batch with 3 payouts" in shown
    assert "Open a batch with 1 payout" in shown
    assert "The oldest 2 of 5." in shown
    assert "12.00 USD" in shown
    assert "70 JPY" in shown


def test_C22_the_operators_own_stays(olga: Person) -> None:
    a_requested_payout(olga, 900, NOW)
    shown = text_of(by(olga).get("/operator/payouts"))
    assert "another operator has to send it" in shown
    assert "Open a batch" not in shown
    oleg = a_person("Oleg", operates=True)
    batch = by(oleg).post("/operator/payouts/batches")["Location"]
    assert by(olga).post(f"{batch}/sending").status_code == 409


def test_that_a_payout_came_back_is_confirmed_by_a_second(olga: Person, bushra: Person) -> None:
    oleg, payout = a_person("Oleg", operates=True), a_requested_payout(bushra, 900, NOW)
    batch = by(olga).post("/operator/payouts/batches")["Location"]
    by(olga).post(f"{batch}/sending")
    asking = f"/operator/payouts/{payout.pk}/return"
    assert "A second operator has to confirm it" in text_of(by(olga).get(asking))
    assert by(olga).post(asking, {"reason": "Closed."}).status_code == 302
    assert "waits for a second operator" in text_of(by(olga).get(batch))
    assert "Put a payout of 9.00 USD back" in text_of(by(oleg).get("/operator/decisions"))
    yes = f"/operator/decisions/{Decision.objects.get().pk}/confirmation"
    assert by(bushra).post(yes).status_code == 404
    assert by(oleg).post(yes).status_code == 302
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 900


def test_the_way_to_the_other_pages_stands_on_each_of_these(bushra: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 900, NOW)
    batch = open_payout_batch(by=olga, at=NOW)
    for address in ("", f"/batches/{batch.pk}", f"/{payout.pk}/return"):
        shown = by(olga).get(f"/operator/payouts{address}").content.decode()
        assert '<a href="/operator/payouts" aria-current="page">' in shown
        assert '<a href="/operator/stuck">' in shown


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
