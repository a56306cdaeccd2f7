"""What does not fit, over the API: the pages' verbs, the same refusals."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.ledger.differences import open_difference
from guildhall.payments.actions import open_payout_batch
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.money import a_requested_payout

pytestmark = pytest.mark.django_db
HOME = "/api/v1/operator/differences"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def program_of(person: Person, scope: str) -> Client:
    _token, secret = create_token(by=person, name="trial", scopes=[scope], at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_difference_is_listed_and_answered_and_payouts_wait(
    olga: Person, bushra: Person, now: datetime
) -> None:
    a_requested_payout(bushra, 2_000, now)
    batch = open_payout_batch(by=olga, at=now)
    difference = open_difference(
        source="check",
        name="L3",
        subject="a wallet",
        account=f"wallet:{bushra.party}",
        facts={"wrong": "keeps 5 more"},
        at=now,
    )
    program, worker = program_of(olga, "operate"), program_of(bushra, "read")
    [shown] = program.get(HOME).json()["items"]
    assert (shown["id"], shown["state"], shown["answer"]) == (str(difference.pk), "opened", "")
    assert program.get("/api/v1/operator/stuck").json()["counts"]["differences"] == 1
    [totals] = worker.get("/api/v1/money").json()["totals"]
    assert totals["payouts_stopped_until"] == shown["answer_by"]
    address = f"/api/v1/operator/batches/{batch.pk}"
    refused = program.post(f"{address}/sending")
    assert (refused.status_code, refused.json()["code"]) == (409, "stopped_inside")
    assert program.post(f"{address}/taking_out").json()["count"] == 0
    said = {"answer": "It was a drill of ours."}
    path = f"{HOME}/{difference.pk}"
    assert program.post(f"{path}/answer", {"answer": "."}, "application/json").status_code == 422
    answered = program.post(f"{path}/answer", said, "application/json").json()
    assert (answered["state"], answered["closed_by"]) == ("closed", str(olga.pk))
    assert program.get(path).json() == answered
    assert program.get(f"{HOME}?state=closed").json()["items"] == [answered]
    assert program.get(HOME).json()["items"] == []
    assert program.get(f"{HOME}?state=else").status_code == 422


def test_A07_eve_finds_none_of_it(eve: Person, bushra: Person, now: datetime) -> None:
    difference = open_difference(
        source="check", name="L3", subject="x", account="", facts={"wrong": "x"}, at=now
    )
    browser = Client()
    for person in (eve, bushra):
        browser.force_login(person)
        for address in (HOME, f"{HOME}/{difference.pk}"):
            assert browser.get(address).status_code == 404
        answer = browser.post(f"{HOME}/{difference.pk}/answer", {"answer": "x" * 20}, "application/json")
        assert answer.status_code in {403, 404}
    difference.refresh_from_db()
    assert difference.state == "opened"
