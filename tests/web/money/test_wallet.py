"""A person sees where all of their money is, and nobody else's."""

import csv
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.contracts.actions import approve_milestone, fund_milestone
from guildhall.kernel.money import Money
from guildhall.payments.actions import request_payout, start_deposit
from guildhall.people.models import Person
from tests.builders.contracts import a_contract, a_delivered_milestone, milestones_in
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with

pytestmark = pytest.mark.django_db


def by(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def now() -> Any:
    return timezone.now()


def test_an_empty_wallet_says_what_will_appear(bushra: Person) -> None:
    answer = by(bushra).get("/money")
    assert answer.status_code == 200
    assert "Nothing has moved yet" in text_of(answer)
    assert "0.00 USD" in text_of(answer)


def test_all_places_at_once(amara: Person, bushra: Person, now: Any) -> None:
    contract = a_contract(amara, bushra, sums=(4_000, 7_000), at=now)
    first, second = milestones_in(contract)
    fund_milestone(milestone=second, by=amara, at=now)
    a_requested_payout(bushra, 2_500, now)
    said = text_of(by(amara).get("/money"))
    assert "Set aside by you" in said
    assert "70.00 USD" in said
    assert contract.title in said
    seen = text_of(by(bushra).get("/money"))
    assert "Set aside for your work" in seen
    assert "On its way" not in seen.split("To your bank")[0]
    assert "Waiting to be sent" in seen
    assert "25.00 USD" in seen
    del first


def test_earnings_in_clearing_say_until_when(amara: Person, bushra: Person, now: Any) -> None:
    milestone = a_delivered_milestone(amara, bushra, at=now)
    approve_milestone(milestone=milestone, by=amara, at=now + timedelta(hours=2))
    said = text_of(by(bushra).get("/money"))
    assert "In clearing" in said
    assert "in 3 days" in said


def test_the_statement_is_paged_and_adds_up(amara: Person, now: Any) -> None:
    for _each in range(23):
        a_wallet_with(amara, 100, now)
    browser = by(amara)
    first = browser.get("/money")
    assert text_of(first).count("Paid in") == 20
    found = re.search(r'href="(/money\?currency=USD&amp;after=[^"]+)"', first.content.decode())
    assert found
    second = browser.get(found[1].replace("&amp;", "&"))
    assert text_of(second).count("Paid in") == 3
    assert "3.00 USD" in text_of(second)


def test_a_cursor_that_is_none_or_anothers_is_refused(amara: Person, bushra: Person, now: Any) -> None:
    for _each in range(21):
        a_wallet_with(amara, 100, now)
    a_wallet_with(bushra, 100, now)
    found = re.search(r'after=([^"]+)"', by(amara).get("/money").content.decode())
    assert found
    assert by(bushra).get(f"/money?currency=USD&after={found[1]}").status_code == 422
    assert by(amara).get("/money?currency=USD&after=xyz").status_code == 422


def test_the_statement_as_a_file(amara: Person, now: Any) -> None:
    a_wallet_with(amara, 12_000, now)
    a_wallet_with(amara, 500, now)
    answer = by(amara).get("/money/statement.csv?currency=USD")
    lines = list(csv.reader(b"".join(answer).decode().splitlines()))
    assert [line[2:5] for line in lines[1:]] == [["120.00", "120.00", "USD"], ["5.00", "125.00", "USD"]]


def test_other_currencies_stand_beside(amara: Person, now: Any) -> None:
    a_wallet_with(amara, 12_000, now)
    a_wallet_with(amara, 700, now, currency="JPY")
    assert "700 JPY" in text_of(by(amara).get("/money?currency=JPY"))
    assert "120.00 USD" in text_of(by(amara).get("/money?currency=XYZ"))


def test_a_deposit_that_waits_is_shown(amara: Person, now: Any) -> None:
    start_deposit(by=amara, amount=Money(12_000, "USD"), at=now - timedelta(minutes=5))
    said = text_of(by(amara).get("/money"))
    assert "Coming in" in said
    assert "Waiting for the bank" in said


def test_strangers_see_their_own_and_visitors_sign_in(amara: Person, eve: Person, now: Any) -> None:
    a_wallet_with(amara, 12_345, now)
    assert "123.45" not in text_of(by(eve).get("/money"))
    for address in ("/money", "/money/statement.csv", "/money/deposits", "/money/payouts", "/money/account"):
        answer = by(None).get(address)
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"]


def test_the_tiles_count_what_the_lists_cut_off(
    amara: Person, bushra: Person, now: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("guildhall.web.money.wallet._SHOWN", 2)
    contract = a_contract(amara, bushra, sums=(4_000, 7_000, 500), at=now)
    for milestone in milestones_in(contract):
        fund_milestone(milestone=milestone, by=amara, at=now)
    a_wallet_with(bushra, 1_000, now)
    a_payout_account(bushra, now - timedelta(days=30))
    for _each in range(7):
        request_payout(by=bushra, amount=Money(100, "USD"), at=now)
    said = text_of(by(bushra).get("/money"))
    assert "115.00 USD set aside for your work" in said
    assert "The first 2 of 3. The sum above counts them all." in said
    assert "7.00 USD on its way to your bank" in said
    assert "115.00 USD set aside by you" in text_of(by(amara).get("/money"))
