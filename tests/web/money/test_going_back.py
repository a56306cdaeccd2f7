"""Sending back what was paid in, kept cards and chargebacks, on pages and over the API; Eve finds nothing."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import ask_for_refunds
from guildhall.payments.models import Chargeback, Deposit, DepositRefund, KeptMethod
from guildhall.people.actions import tokens
from guildhall.people.models import Person
from tests.builders.contracts import usd
from tests.builders.money import a_chargeback, a_kept_card, a_wallet_with, send_the_post, spent_on_work
from tests.cast import a_person
from tests.web.visiting import by

pytestmark = pytest.mark.django_db


def program_of(person: Person, *scopes: str) -> Client:
    _token, secret = tokens.create_token(by=person, name="trial", scopes=list(scopes), at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(f"/api/v1{address}", body, content_type="application/json")


def held(person: Person) -> int:
    return balance_of(f"wallet:{person.party}", "USD").minor


def test_a_page_for_each_deposit_sends_a_part_of_it_back(amara: Person, eve: Person) -> None:
    now = timezone.now()
    deposit = a_wallet_with(amara, 5_000, now)
    here = f"/money/deposits/{deposit.pk}"
    browser = by(amara)
    assert "Send it back" in browser.get(here).text
    refused = browser.post(here, {"amount": "60.00"})
    assert refused.status_code == 409
    assert 'value="60.00"' in refused.text
    assert browser.post(here, {"amount": "0.001"}).status_code == 422
    assert browser.post(here, {"amount": "20.00"}).status_code == 302
    assert "Waiting to be sent back" in browser.get(here).text
    ask_for_refunds(at=timezone.now())
    send_the_post(timezone.now())
    assert "Sent back" in browser.get(here).text
    assert held(amara) == 3_000
    assert by(eve).get(here).status_code == 404
    assert by(eve).post(here, {"amount": "1.00"}).status_code == 404
    assert Client().get(here).status_code == 302


def test_a_program_sends_a_part_of_it_back(amara: Person, eve: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, timezone.now())
    address = f"/money/deposits/{deposit.pk}/refunds"
    body = {"amount": {"amount": "20.00", "currency": "USD"}}
    said = post(program_of(amara, "money"), address, body)
    assert (said.status_code, said.json()["state"]) == (201, "requested")
    listed = program_of(amara, "read").get("/api/v1/money/refunds").json()["items"]
    assert [each["id"] for each in listed] == [str(DepositRefund.objects.get().pk)]
    assert post(program_of(eve, "money"), address, body).status_code == 404
    assert program_of(eve, "read").get("/api/v1/money/refunds").json()["items"] == []


def test_a_kept_card_is_shown_used_and_removed(amara: Person, eve: Person) -> None:
    card = a_kept_card(amara, 5_000, timezone.now())
    browser = by(amara)
    shown = browser.get("/money/deposits").text
    assert "•••• 0001" in shown
    answer = browser.post("/money/deposits", {"amount": "7.00", "currency": "USD", "way": str(card.pk)})
    deposit = Deposit.objects.latest("id")
    assert answer["Location"] == f"/money/deposits/{deposit.pk}"
    assert deposit.method == card
    removal = f"/money/cards/{card.pk}/removal"
    assert by(eve).post(removal).status_code == 404
    assert browser.post(removal).status_code == 302
    assert "•••• 0001" not in browser.get("/money/deposits").text.partition("Kept cards")[2]
    assert browser.post(removal).status_code == 404


def test_a_program_pays_with_a_kept_card_and_removes_it(amara: Person, eve: Person) -> None:
    card = a_kept_card(amara, 5_000, timezone.now())
    money = program_of(amara, "read", "money")
    (shown,) = money.get("/api/v1/money/cards").json()["items"]
    assert (shown["id"], shown["last4"]) == (str(card.pk), "0001")
    body = {"amount": {"amount": "7.00", "currency": "USD"}, "card": str(card.pk)}
    assert post(money, "/money/deposits", body).status_code == 201
    assert post(program_of(eve, "money"), "/money/deposits", body).status_code == 404
    assert post(program_of(eve, "money"), f"/money/cards/{card.pk}/removal", {}).status_code == 404
    assert post(money, f"/money/cards/{card.pk}/removal", {}).status_code == 200
    assert money.get("/api/v1/money/cards").json()["items"] == []
    assert KeptMethod.objects.get().removed_at


def test_an_unknown_way_is_refused_with_the_ways_there_are(amara: Person) -> None:
    body = {"amount": {"amount": "7.00", "currency": "USD"}, "rail": "gold"}
    refused = post(program_of(amara, "money"), "/money/deposits", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_rail")
    assert "practice" in refused.json()["detail"]


def test_operators_see_a_chargeback_and_two_of_them_take_what_is_owed(
    amara: Person, bushra: Person, olga: Person, eve: Person
) -> None:
    now = timezone.now()
    oskar = a_person("Oskar", operates=True)
    chargeback = _owed(amara, bushra, 5_000)
    assert amara.name in by(olga).get("/operator/chargebacks").text
    here = f"/operator/chargebacks/{chargeback.pk}"
    assert "The client owes" in by(olga).get(here).text
    spent_on_work(bushra, usd(3_000), now, earned_by=amara)
    assert by(olga).post(here, {"amount": "40.00"}).status_code == 422
    assert by(olga).post(here, {"amount": "30.00"})["Location"] == "/operator/decisions"
    page = by(oskar).get("/operator/decisions").text
    assert chargeback.reference in page
    for stranger in (eve, amara):
        assert by(stranger).get(here).status_code == 404
    assert "You owe the hall" in by(amara).get(f"/money/deposits/{chargeback.deposit_id}").text


def test_a_program_of_an_operator_sees_it_and_takes_what_is_owed(
    amara: Person, bushra: Person, olga: Person
) -> None:
    chargeback = _owed(amara, bushra, 5_000)
    spent_on_work(bushra, usd(3_000), timezone.now(), earned_by=amara)
    operate = program_of(olga, "operate")
    (shown,) = operate.get("/api/v1/operator/chargebacks").json()["items"]
    assert shown["owed"] == {"amount": "50.00", "currency": "USD"}
    body = {"amount": {"amount": "30.00", "currency": "USD"}}
    said = post(operate, f"/operator/chargebacks/{chargeback.pk}/recoveries", body)
    assert (said.status_code, said.json()["chargeback"]["owed"]["amount"]) == (201, "20.00")
    own = program_of(amara, "read").get("/api/v1/money/chargebacks").json()["items"]
    assert [each["owed"]["amount"] for each in own] == ["20.00"]


def _owed(client: Person, worker: Person, minor: int) -> Chargeback:
    """What the client paid in was spent on work, and then their bank took it back."""
    from guildhall.payments.models import PracticeIntent  # noqa: PLC0415
    from guildhall.payments.practice import hand_over_words  # noqa: PLC0415
    from guildhall.payments.practice.disputing import dispute_practice_payment  # noqa: PLC0415

    now = timezone.now()
    deposit = a_wallet_with(client, minor, now)
    spent_on_work(client, usd(minor), now, earned_by=worker)
    dispute_practice_payment(intent=PracticeIntent.objects.get(deposit=str(deposit.pk)), at=now)
    hand_over_words(deposit=deposit, at=now)
    return Chargeback.objects.get()


def test_the_page_of_the_practice_bank_takes_back_and_gives_again(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, timezone.now())
    bank = deposit.pay_url.partition("localhost")[2].partition("/")[2]
    browser = by(amara)
    assert "Take the payment back" in browser.get(f"/{bank}").text
    browser.post(f"/{bank}", {"dispute": "yes"})
    send_the_post(timezone.now())
    assert held(amara) == 0
    assert "Give the payment back" in browser.get(f"/{bank}").text
    browser.post(f"/{bank}", {"dispute": "yes"})
    send_the_post(timezone.now())
    assert held(amara) == 5_000
    assert a_chargeback(amara, 100, timezone.now()).state == "taken"
