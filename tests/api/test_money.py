"""Money over the API: the same verbs, the same refusals."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.contracts.actions import approve_milestone, fund_milestone
from guildhall.payments.models import Deposit, Payout
from guildhall.people.actions import tokens
from guildhall.people.models import Person
from tests.builders.contracts import a_contract, a_delivery, a_funded_milestone, again, milestones_in
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with
from tests.web.visiting import just_signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def program_of(person: Person, *scopes: str) -> Client:
    _token, secret = tokens.create_token(
        by=person, name="trial", scopes=list(scopes or ("read", "money")), at=timezone.now()
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(f"/api/v1{address}", body, content_type="application/json")


def test_where_all_money_is(amara: Person, now: datetime) -> None:
    a_wallet_with(amara, 12_000, now)
    said = program_of(amara).get("/api/v1/money").json()
    assert said["available"] == [{"amount": "120.00", "currency": "USD"}]
    statement = program_of(amara).get("/api/v1/money/statement").json()
    assert statement["opening"]["amount"] == "0.00"
    assert statement["items"][0]["change"] == {"amount": "120.00", "currency": "USD"}


def test_the_totals_add_up_what_is_not_available(
    amara: Person, bushra: Person, eve: Person, now: datetime
) -> None:
    milestones = milestones_in(a_contract(amara, bushra, sums=(4_000, 7_000), at=now))
    for milestone in milestones:
        fund_milestone(milestone=milestone, by=amara, at=now)
    a_delivery(milestones[0], at=now)
    approve_milestone(milestone=again(milestones[0]), by=amara, at=now)
    a_requested_payout(bushra, 900, now)
    hers = program_of(bushra).get("/api/v1/money").json()
    [total] = hers["totals"]
    assert (total.pop("payouts_stopped_until"), total.pop("held_until")) == (None, None)
    assert {place: each["amount"] for place, each in total.items()} == {
        "set_aside_for_you": "70.00",
        "set_aside_by_you": "0.00",
        "clearing": hers["clearing"][0]["net"]["amount"],
        "on_its_way": "9.00",
        "held": "0.00",
        "in_savings": "0.00",
    }
    [paid] = program_of(amara).get("/api/v1/money").json()["totals"]
    assert (paid["set_aside_by_you"]["amount"], paid["set_aside_for_you"]["amount"]) == ("70.00", "0.00")
    assert program_of(eve).get("/api/v1/money").json()["totals"] == []


def test_money_set_aside_in_another_currency_has_its_total(
    amara: Person, bushra: Person, now: datetime
) -> None:
    """Before anything of it was in the worker's own wallet."""
    a_funded_milestone(amara, bushra, minor=4_000, currency="EUR", at=now)
    [total] = program_of(bushra).get("/api/v1/money").json()["totals"]
    assert total["set_aside_for_you"] == {"amount": "40.00", "currency": "EUR"}


@pytest.mark.parametrize("currency", ["US", "usd", "1$x", "USDX"])
def test_a_currency_that_is_none(amara: Person, currency: str) -> None:
    assert program_of(amara).get(f"/api/v1/money/statement?currency={currency}").status_code == 422


def test_a_deposit_begins_and_is_seen(amara: Person) -> None:
    program = program_of(amara)
    begun = post(program, "/money/deposits", {"amount": {"amount": "120.00", "currency": "USD"}})
    assert begun.status_code == 201
    assert begun.json()["state"] == "started"
    assert "/practice-bank/" in begun.json()["pay_url"]
    assert program.get(f"/api/v1/money/deposits/{begun.json()['id']}").status_code == 200
    assert len(program.get("/api/v1/money/deposits").json()["items"]) == 1


@pytest.mark.parametrize(
    "amount",
    [
        {"amount": "0", "currency": "USD"},
        {"amount": "-1", "currency": "USD"},
        {"amount": "0.001", "currency": "USD"},
        {"amount": "1e3", "currency": "USD"},
        {"amount": "NaN", "currency": "USD"},
        {"amount": "１００", "currency": "USD"},
        {"amount": "9223372036854775808", "currency": "USD"},
        {"amount": "1.5", "currency": "JPY"},
        {"amount": "1", "currency": "XXX"},
        {"amount": 5, "currency": "USD"},
        {"amount": "5", "currency": "USD", "wallet": "person:1"},
        "5 USD",
    ],
)
def test_C13_what_is_no_amount(amara: Person, amount: Any) -> None:
    answer = post(program_of(amara), "/money/deposits", {"amount": amount})
    assert answer.status_code == 422
    assert not Deposit.objects.exists()


def test_a_payout_is_asked_for_and_refused_beyond_what_is_there(bushra: Person, now: datetime) -> None:
    a_wallet_with(bushra, 1_000, now)
    program = program_of(bushra)
    assert program.get("/api/v1/money/account").status_code == 404
    nowhere = post(program, "/money/payouts", {"amount": {"amount": "1.00", "currency": "USD"}})
    assert (nowhere.status_code, nowhere.json()["code"]) == (409, "no_payout_account")
    a_payout_account(bushra, now)
    assert program.get("/api/v1/money/account").json()["number"].startswith("•••• ")
    more = post(program, "/money/payouts", {"amount": {"amount": "10.01", "currency": "USD"}})
    assert (more.status_code, more.json()["code"]) == (409, "more_than_available")
    asked = post(program, "/money/payouts", {"amount": {"amount": "10.00", "currency": "USD"}})
    assert asked.status_code == 201
    assert program.get(f"/api/v1/money/payouts/{asked.json()['id']}").json()["state"] == "requested"


def test_A18_where_one_is_paid_is_said_in_a_browser_and_by_no_token(bushra: Person, now: datetime) -> None:
    where = {"holder": "Bushra", "bank": "Hunza Bank", "number": "12345678"}
    program = program_of(bushra)
    refused = program.put("/api/v1/money/account", where, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert program.get("/api/v1/money/account").status_code == 404
    stale = Client()
    stale.force_login(bushra)
    long_ago = stale.put("/api/v1/money/account", where, content_type="application/json")
    assert (long_ago.status_code, long_ago.json()["code"]) == (403, "sign_in_once_more")
    browser = just_signed_in(bushra)
    told = browser.put("/api/v1/money/account", where, content_type="application/json")
    assert told.json()["number"] == "•••• 5678"
    a_wallet_with(bushra, 1_000, now)
    early = post(program, "/money/payouts", {"amount": {"amount": "1.00", "currency": "USD"}})
    assert (early.status_code, early.json()["code"]) == (409, "payout_account_rests")


def test_A11_what_is_not_yours_is_not_there(bushra: Person, eve: Person, now: datetime) -> None:
    payout = a_requested_payout(bushra, 1_000, now)
    deposit = Deposit.objects.get()
    program = program_of(eve)
    assert program.get(f"/api/v1/money/payouts/{payout.pk}").status_code == 404
    assert program.get(f"/api/v1/money/deposits/{deposit.pk}").status_code == 404
    assert program.get("/api/v1/money/payouts").json()["items"] == []
    for address in ("", "/statement", "/deposits", "/payouts", "/account"):
        assert Client().get(f"/api/v1/money{address}").status_code == 401


def test_a_token_without_the_scope_moves_nothing(bushra: Person, now: datetime) -> None:
    a_wallet_with(bushra, 1_000, now)
    a_payout_account(bushra, now)
    program = program_of(bushra, "read")
    for address in ("/money/payouts", "/money/deposits"):
        answer = post(program, address, {"amount": {"amount": "1.00", "currency": "USD"}})
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
    assert not Payout.objects.exists()


def test_C03_one_key_one_payout(bushra: Person, now: datetime) -> None:
    a_wallet_with(bushra, 1_000, now)
    a_payout_account(bushra, now)
    program = program_of(bushra)

    def ask(amount: str) -> Any:
        return program.post(
            "/api/v1/money/payouts",
            {"amount": {"amount": amount, "currency": "USD"}},
            content_type="application/json",
            headers={"Idempotency-Key": "018f0000-0000-7000-8000-00000000000b"},
        )

    first, again, other = ask("1.00"), ask("1.00"), ask("2.00")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert Payout.objects.count() == 1
