"""Paying in at the practice bank, being paid out, and every way in which that is refused."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.kernel.rules import set_rule
from guildhall.ledger.queries import balance_of
from guildhall.payments.models import Deposit, Payout, PracticeNotice
from guildhall.payments.practice.paying import body_of
from guildhall.payments.practice.signing import sign
from guildhall.people.models import Person
from tests.builders.money import a_payout_account, a_wallet_with
from tests.web.visiting import just_signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def by(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def held(person: Person, currency: str = "USD") -> int:
    return balance_of(f"wallet:{person.party}", currency).minor


def post_notices(now: datetime) -> list[int]:
    """The postman: every word of the practice bank, brought to the hall's door over its own address."""
    statuses = []
    for notice in PracticeNotice.objects.select_related("intent").order_by("id"):
        body = body_of(notice)
        answer = Client(enforce_csrf_checks=True).post(
            "/gateways/practice/notices",
            body,
            content_type="application/json",
            headers={"Practice-Signature": sign(body, now)},
        )
        statuses.append(answer.status_code)
    return statuses


def test_from_the_form_to_the_wallet(amara: Person, now: datetime) -> None:
    browser = by(amara)
    answer = browser.post("/money/deposits", {"amount": "120.00", "currency": "USD", "next": "/jobs"})
    assert answer.status_code == 302
    bank = answer["Location"]
    assert bank.startswith("/practice-bank/")
    shown = text_of(browser.get(bank))
    assert "Practice money." in shown
    assert "Pay 120.00 USD to Guildhall" in shown
    assert held(amara) == 0
    assert browser.post(bank, {"choice": "now"}).status_code == 302
    after = browser.get(bank)
    assert "Paid." in text_of(after)
    assert 'href="/jobs"' in after.content.decode()
    assert post_notices(now) == [200]
    assert held(amara) == 12_000
    assert "Arrived" in text_of(browser.get("/money/deposits"))


@pytest.mark.parametrize(
    ("choice", "words", "arrives"),
    [("late", 1, True), ("twice", 2, True), ("wavers", 3, True), ("fail", 1, False)],
)
def test_whatever_the_bank_does_the_books_are_straight(
    amara: Person, now: datetime, choice: str, words: int, *, arrives: bool
) -> None:
    browser = by(amara)
    bank = browser.post("/money/deposits", {"amount": "120.00", "currency": "USD"})["Location"]
    browser.post(bank, {"choice": choice})
    assert post_notices(now) == [200] * words
    assert held(amara) == (12_000 if arrives else 0)
    assert Deposit.objects.get().state == ("settled" if arrives else "failed")


def test_a_payment_is_decided_once(amara: Person) -> None:
    browser = by(amara)
    bank = browser.post("/money/deposits", {"amount": "120.00", "currency": "USD"})["Location"]
    browser.post(bank, {"choice": "fail"})
    again = browser.post(bank, {"choice": "now"})
    assert again.status_code == 409
    assert "decided before" in text_of(again)
    assert PracticeNotice.objects.count() == 1


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "0",
        "-1",
        "0.001",
        "1e309",
        "NaN",
        "１００",
        "1,000",
        "9223372036854775808",
        "-0",
        "1 0",
        "$5",
        "\0",
    ],
)
def test_C13_what_is_no_amount_is_refused_and_stays_typed(amara: Person, amount: str) -> None:
    answer = by(amara).post("/money/deposits", {"amount": amount, "currency": "USD"})
    assert answer.status_code == 422
    if amount and amount.isprintable():
        assert f'value="{amount}"' in answer.content.decode()
    assert not Deposit.objects.exists()


@pytest.mark.parametrize(
    ("amount", "currency", "status"), [("120", "JPY", 302), ("120.0", "JPY", 422), ("1.234", "KWD", 302)]
)
def test_C13_decimals_are_the_currencys(amara: Person, amount: str, currency: str, status: int) -> None:
    answer = by(amara).post("/money/deposits", {"amount": amount, "currency": currency})
    assert answer.status_code == status


def test_a_currency_that_the_hall_does_not_take(amara: Person) -> None:
    assert by(amara).post("/money/deposits", {"amount": "1", "currency": "XXX"}).status_code == 422


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "jobs"])
def test_the_way_back_leads_only_into_the_hall(amara: Person, place: str) -> None:
    browser = by(amara)
    bank = browser.post("/money/deposits", {"amount": "1.00", "currency": "USD", "next": place})["Location"]
    assert 'href="/money"' in browser.get(bank).content.decode()
    assert "evil" not in browser.get(bank).content.decode()


def test_the_practice_bank_knows_only_its_references(eve: Person) -> None:
    assert by(None).get("/practice-bank/nothing").status_code == 404
    assert by(eve).post("/practice-bank/nothing", {"choice": "now"}).status_code == 404


def test_C05_the_door_for_notices_takes_nothing_unsigned(amara: Person) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/gateways/practice/notices", json.dumps({"paid": True}), content_type="application/json"
    )
    assert answer.status_code == 400
    assert Client().get("/gateways/practice/notices").status_code == 405
    assert Client().post("/gateways/elsewhere/notices").status_code == 404


def test_a_payout_shows_the_net_before_it_is_sent(bushra: Person, olga: Person, now: datetime) -> None:
    a_wallet_with(bushra, 10_450, now)
    browser = just_signed_in(bushra)
    assert "Where should it go?" in text_of(browser.get("/money/payouts"))
    set_rule(name="payout_account_rest", value=0, reason="A hall of friends.", by=olga.pk, at=now)
    told = browser.post(
        "/money/account", {"holder": "Bushra", "bank": "Hunza Bank", "number": "PK 1234 5678"}
    )
    assert told.status_code == 302
    shown = text_of(browser.get("/money/payouts?amount=100.00&currency=USD"))
    assert "You receive 100.00 USD" in shown
    assert "•••• 5678" in shown
    assert "Send 100.00 USD to my bank" in shown
    assert not Payout.objects.exists()
    assert browser.post("/money/payouts", {"amount": "100.00", "currency": "USD"}).status_code == 302
    assert held(bushra) == 450
    assert "Waiting to be sent" in text_of(browser.get("/money/payouts"))


@pytest.mark.parametrize("amount", ["104.51", "0", "-1", "NaN", "x"])
def test_a_payout_that_cannot_be_keeps_what_was_typed(bushra: Person, now: datetime, amount: str) -> None:
    a_wallet_with(bushra, 10_450, now)
    a_payout_account(bushra, now)
    browser = by(bushra)
    for answer in (
        browser.get("/money/payouts", {"amount": amount, "currency": "USD"}),
        browser.post("/money/payouts", {"amount": amount, "currency": "USD"}),
    ):
        assert answer.status_code in {409, 422}
        assert f'value="{amount}"' in answer.content.decode()
    assert held(bushra) == 10_450


def test_an_account_that_cannot_be_keeps_what_was_typed(bushra: Person) -> None:
    typed = {"holder": "Bushra", "bank": "Hunza Bank", "number": "12"}
    answer = just_signed_in(bushra).post("/money/account", typed)
    assert answer.status_code == 422
    assert 'value="Hunza Bank"' in answer.content.decode()
    assert "4 to 34 letters and digits" in text_of(answer)


def test_the_same_form_sent_twice_pays_once(bushra: Person, now: datetime) -> None:
    a_wallet_with(bushra, 10_450, now)
    a_payout_account(bushra, now)
    browser = by(bushra)
    form = {"amount": "50.00", "currency": "USD", "idempotency_key": "018f0000-0000-7000-8000-00000000000a"}
    first = browser.post("/money/payouts", form)
    again = browser.post("/money/payouts", form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert held(bushra) == 5_450
    other = browser.post("/money/payouts", form | {"amount": "51.00"})
    assert other.status_code == 422
    assert held(bushra) == 5_450
