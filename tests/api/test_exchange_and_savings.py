"""Exchanging and saving by program: the same verbs, the same refusals."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.people.models import Person
from tests.api.calling import program, send
from tests.builders.exchange import TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.money import a_wallet_with
from tests.cast import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def _sum(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def test_a_quote_is_asked_for_and_accepted_once(
    olga: Person, bushra: Person, eve: Person, now: datetime
) -> None:
    the_rates_are(TO_RUPEES, by=olga, at=now)
    the_hall_holds(10_000_000, "PKR", by=olga, at=now)
    a_wallet_with(bushra, 10_000, now)
    hers = program(bushra)
    [rate] = send(hers, "GET", "/money/exchange").said
    assert (rate["per"], rate["gives"]) == (_sum("1.00"), _sum("280.00", "PKR"))
    asked = send(hers, "POST", "/money/quotes", {"amount": _sum("10.00"), "to": "PKR"})
    assert asked.status_code == 201
    assert (asked.said["reached"], asked.said["state"]) == (_sum("2772.00", "PKR"), "given")
    place = f"/money/quotes/{asked.said['id']}"
    assert send(program(eve), "GET", place).status_code == 404
    assert send(program(eve), "POST", f"{place}/acceptance").status_code == 404
    key = {"Idempotency-Key": "accept-1"}
    accepted = send(hers, "POST", f"{place}/acceptance", **key)
    assert accepted.said["state"] == "accepted"
    assert send(hers, "POST", f"{place}/acceptance", **key).said == accepted.said
    again = send(hers, "POST", f"{place}/acceptance")
    assert (again.status_code, again.said["code"]) == (409, "quote_used")
    assert [one["id"] for one in send(hers, "GET", "/money/quotes").said["items"]] == [asked.said["id"]]
    nothing = send(hers, "POST", "/money/quotes", {"amount": _sum("10.00"), "to": "EUR"})
    assert (nothing.status_code, nothing.said["code"]) == (409, "not_exchanged")
    late = send(hers, "POST", "/money/quotes", {"amount": _sum("1.00"), "to": "PKR"}).said
    given = now - timedelta(minutes=6)
    ExchangeQuote.objects.filter(pk=late["id"]).update(given_at=given, expires_at=now)
    refused = send(hers, "POST", f"/money/quotes/{late['id']}/acceptance")
    assert (refused.status_code, refused.said["code"]) == (409, "quote_expired")


def test_operators_fund_exchanges_in_twos(olga: Person, eve: Person, now: datetime) -> None:
    the_hall_holds(10_000, "PKR", by=olga, at=now)
    a_person("Oleg", operates=True)
    olgas = program(olga, "operate", "read")
    assert send(olgas, "GET", "/operator/exchanges").said[0]["held"] == _sum("100.00", "PKR")
    said = send(
        olgas, "POST", "/operator/exchanges/fundings", {"amount": _sum("40.00", "PKR"), "way": "out"}
    ).said
    assert (said["decision"]["kind"], said["decision"]["way"]) == ("exchange_fund", "out")
    wrong = send(olgas, "POST", "/operator/exchanges/fundings", {"amount": _sum("40.00", "PKR"), "way": "up"})
    assert wrong.status_code == 422


def test_a_goal_from_its_beginning_to_its_end(bushra: Person, eve: Person, now: datetime) -> None:
    a_wallet_with(bushra, 10_000, now)
    hers = program(bushra)
    day = (now + timedelta(days=30)).date().isoformat()
    wish = {"name": "Fee", "target": _sum("50.00"), "share": 2_000, "by_day": day}
    goal = send(hers, "POST", "/money/savings", wish)
    assert (goal.status_code, goal.said["saved"]) == (201, _sum("0.00"))
    place = f"/money/savings/{goal.said['id']}"
    assert send(program(eve), "GET", place).status_code == 404
    assert send(program(eve), "POST", f"{place}/takings", {"amount": _sum("1.00")}).status_code == 404
    put = send(hers, "POST", f"{place}/additions", {"amount": _sum("50.00")}).said
    assert (put["state"], put["saved"]) == ("reached", _sum("50.00"))
    assert send(hers, "POST", f"{place}/takings", {"amount": _sum("20.00")}).said["saved"] == _sum("30.00")
    history = send(hers, "GET", f"{place}/history").said["items"]
    assert [one["amount"]["amount"] for one in history] == ["-20.00", "50.00"]
    assert send(hers, "POST", f"{place}/ending").said["state"] == "ended"
    assert [one["state"] for one in send(hers, "GET", "/money/savings").said["items"]] == ["ended"]
    for wrong, field in (({"share": 0}, "share"), ({"target": _sum("x")}, "target"), ({"name": ""}, "name")):
        answer = send(hers, "POST", "/money/savings", wish | wrong)
        assert answer.status_code == 422
        assert answer.said["errors"][0]["field"] == field
