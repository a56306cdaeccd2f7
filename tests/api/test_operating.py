"""Running the hall over the API: the same verbs, the same refusals."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.ledger.queries import balance_of
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.money import a_requested_payout
from tests.cast import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def program_of(operator: Person) -> Client:
    _token, secret = create_token(by=operator, name="trial", scopes=["operate"], at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, address: str, body: Any = None) -> Any:
    return client.post(f"/api/v1/operator{address}", body or {}, content_type="application/json")


def get(client: Client, address: str) -> Any:
    answer = client.get(f"/api/v1/operator{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_from_waiting_to_arrived_and_sent_back(
    olga: Person, bushra: Person, chen: Person, now: datetime
) -> None:
    first, second = a_requested_payout(bushra, 10_450, now), a_requested_payout(chen, 900, now)
    program = program_of(olga)
    waiting = get(program, "/payouts?size=1")
    assert [row["id"] for row in waiting["items"]] == [str(first.pk)]
    assert len(get(program, f"/payouts?after={waiting['next']}")["items"]) == 1
    batch = post(program, "/batches").json()
    assert (batch["count"], batch["totals"]) == (2, [{"amount": "113.50", "currency": "USD"}])
    assert post(program, "/batches").status_code == 409
    assert post(program, f"/batches/{batch['id']}/sending").json()["state"] == "sent"
    assert len(get(program, f"/batches/{batch['id']}/payouts")["items"]) == 2
    assert get(program, "/batches")["items"][0]["under_way"] == 2
    back = post(program, f"/payouts/{second.pk}/return", {"reason": "Closed."}).json()
    assert (back["state"], back["decision"]) == ("returned", None)
    assert post(program, f"/batches/{batch['id']}/arrivals").json()["under_way"] == 0
    assert post(program, f"/payouts/{first.pk}/settlement").status_code == 409
    assert balance_of("outside:bank", "USD").minor == 10_450


def test_a_return_waits_for_the_second(olga: Person, bushra: Person, now: datetime) -> None:
    a_person("Oleg", operates=True)
    payout = a_requested_payout(bushra, 900, now)
    program = program_of(olga)
    batch = post(program, "/batches").json()["id"]
    post(program, f"/batches/{batch}/sending")
    said = post(program, f"/payouts/{payout.pk}/return", {"reason": "Closed."}).json()
    assert (said["state"], said["decision"]["state"]) == ("sent", "asked")
    assert (said["decision"]["amount"]["amount"], said["decision"]["reason"]) == ("9.00", "Closed.")


def test_rules_people_stuck_and_the_log(olga: Person, bushra: Person) -> None:
    program = program_of(olga)
    asked = {"value": 300, "reason": "We need less."}
    changed = program.put("/api/v1/operator/rules/worker_fee", asked, content_type="application/json")
    assert changed.json()["value"] == 300
    wrong = program.put(
        "/api/v1/operator/rules/worker_fee", asked | {"value": -1}, content_type="application/json"
    )
    assert wrong.status_code == 422
    gone = program.put("/api/v1/operator/rules/none", asked, content_type="application/json")
    assert gone.status_code == 404
    assert {"name", "low", "high", "value"} <= set(get(program, "/rules")[0])
    assert [each["name"] for each in get(program, "/people?words=BUSHRA@")["items"]] == ["Bushra"]
    assert get(program, "/stuck")["counts"]["lacks_adjudicator"] == 1
    [event] = get(program, f"/log?name=rule.&by={olga.pk}")["items"]
    assert (event["name"], event["facts"]["reason"]) == ("rule.changed", "We need less.")
    assert program.get("/api/v1/operator/log?after=rubbish").status_code == 422
