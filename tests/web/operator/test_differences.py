"""The operator's page of what does not fit, and what the person it concerns sees."""

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.ledger.differences import open_difference
from guildhall.ledger.models import Difference
from guildhall.payments.actions import open_payout_batch
from guildhall.people.models import Person
from tests.builders.contracts import DAY
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def a_doubt(person: Person, number: int = 1) -> Difference:
    return open_difference(
        source="check",
        name="L3",
        subject=f"row {number}",
        account=f"wallet:{person.party}",
        currency="USD",
        facts={"wrong": "keeps 5 more than its postings say", "promise": "balance = Σ postings"},
        at=timezone.now(),
    )


def test_a_difference_is_found_read_and_answered(bushra: Person, olga: Person) -> None:
    difference = a_doubt(bushra)
    visit = by(olga)
    assert "Differences" in text_of(visit.get("/operator/")).partition("In order")[0]
    assert "row 1" in text_of(visit.get("/operator/differences"))
    path = f"/operator/differences/{difference.pk}"
    shown = text_of(visit.get(path))
    for said in ("keeps 5 more", "balance = Σ postings", "Bushra", difference.account):
        assert said in shown
    refused = visit.post(path, {"answer": "Fine."})
    assert refused.status_code == 422
    assert "Fine." in refused.content.decode()
    assert visit.post(path, {"answer": "A drill that we ran at noon."})["Location"] == "/operator/differences"
    assert "Everything fits." in text_of(visit.get("/operator/differences"))
    assert "A drill that we ran at noon." in text_of(visit.get("/operator/differences?state=closed"))
    closed = text_of(visit.get(path))
    assert "Olga" in closed
    assert visit.post(path, {"answer": "A drill that we ran at noon."}).status_code == 409


def test_the_list_is_paged_by_key(bushra: Person, olga: Person) -> None:
    for number in range(25):
        a_doubt(bushra, number + 100)
    first = by(olga).get("/operator/differences").text
    assert ("row 124" in first, "row 101" in first) == (True, False)
    after = first.partition("after=")[2].partition('"')[0]
    assert "row 101" in by(olga).get(f"/operator/differences?after={after}").text
    assert by(olga).get("/operator/differences?after=rubbish").status_code == 422


def test_C22_ones_own_is_shown_without_a_form(olga: Person) -> None:
    path = f"/operator/differences/{a_doubt(olga).pk}"
    assert "another operator has to answer it" in text_of(by(olga).get(path))
    assert by(olga).post(path, {"answer": "All is well here."}).status_code == 409


def test_eve_finds_none_of_it(client: Client, bushra: Person, eve: Person, dalia: Person) -> None:
    path = f"/operator/differences/{a_doubt(bushra).pk}"
    for person in (eve, dalia, bushra):
        for address in ("/operator/differences", path):
            assert by(person).get(address).status_code == 404
        assert by(person).post(path, {"answer": "All is well here."}).status_code == 404
    assert client.get(path).status_code == 302


def test_the_person_reads_what_is_stopped_and_by_when(bushra: Person, eve: Person) -> None:
    now = timezone.now()
    a_wallet_with(bushra, 9_000, now)
    a_payout_account(bushra, now)
    difference = a_doubt(bushra)
    moment = difference.answer_by.strftime("%Y-%m-%d %H:%M UTC")
    for address in ("/money", "/money/payouts"):
        shown = text_of(by(bushra).get(address))
        assert moment in shown
        assert "nothing else is stopped" in shown
        assert "Stopped for a check" not in text_of(by(eve).get(address))
    refused = by(bushra).post("/money/payouts", {"amount": "90.00", "currency": "USD"})
    assert refused.status_code == 409
    assert moment in text_of(refused)


def test_a_batch_with_a_stopped_payout_is_made_anew(bushra: Person, chen: Person, olga: Person) -> None:
    now = timezone.now()
    for person in (bushra, chen):
        a_requested_payout(person, 2_000, now - DAY)
    batch = open_payout_batch(by=olga, at=now)
    path = f"/operator/payouts/batches/{batch.pk}"
    a_doubt(bushra)
    visit = by(olga)
    assert "Take the stopped ones out" in text_of(visit.get(path))
    assert visit.post(f"{path}/sending").status_code == 409
    assert visit.post(f"{path}/taking-out").status_code == 302
    assert "Take the stopped ones out" not in text_of(visit.get(path))
    assert "1 of these is stopped" in text_of(visit.get("/operator/payouts"))
    assert visit.post(f"{path}/sending").status_code == 302
