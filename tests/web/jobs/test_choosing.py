import re
from datetime import timedelta
from typing import Any

import pytest

from guildhall.contracts.models import Contract
from guildhall.jobs.actions.deciding import decline_proposal
from guildhall.jobs.models import Decline, Job
from guildhall.jobs.queries import terms_for
from guildhall.people.models import Person
from tests.builders.contracts import money_for
from tests.builders.jobs import a_proposal
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def test_the_client_sees_proposals_side_by_side_in_the_order_asked_for(
    job: Job, amara: Person, bushra: Person, chen: Person, now: Any
) -> None:
    a_proposal(job, bushra, minor=11_000, at=now)
    cheaper = a_proposal(job, chen, minor=9_000, at=now - timedelta(minutes=1))
    client = by(amara)
    for sort, names in [
        ("received", ["Bushra", "Chen"]),
        ("price", ["Chen", "Bushra"]),
        ("nonsense", ["Bushra", "Chen"]),
    ]:
        page = client.get(f"/jobs/{job.pk}?sort={sort}")
        assert re.findall(r"<bdi>(Bushra|Chen)</bdi>", page.content.decode()) == names
    assert client.post(f"/proposals/{cheaper.pk}/shortlist", {"listed": "yes"}).status_code == 302
    page = client.get(f"/jobs/{job.pk}?listed=1")
    assert re.findall(r"<bdi>(Bushra|Chen)</bdi>", page.content.decode()) == ["Chen"]


def test_a_proposal_is_declined_with_a_reason_that_its_worker_reads(
    job: Job, amara: Person, bushra: Person, now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    client = by(amara)
    assert client.post(f"/proposals/{proposal.pk}/refusal", {}).status_code == 422
    said = {"reason": "price", "note": "I can pay 80."}
    assert client.post(f"/proposals/{proposal.pk}/refusal", said).status_code == 302
    assert Decline.objects.get().reason == "price"
    page = text_of(by(bushra).get(f"/proposals/{proposal.pk}"))
    assert "above what I can pay" in page
    assert "I can pay 80." in page
    assert client.post(f"/proposals/{proposal.pk}/refusal", said).status_code == 409


def test_people_talk_before_hiring_and_the_client_speaks_first(
    job: Job, amara: Person, bushra: Person, eve: Person, now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    address = f"/proposals/{proposal.pk}/conversation"
    assert by(bushra).post(address, {"text": "Hello?"}).status_code == 409
    assert by(amara).get(address).status_code == 200
    assert by(amara).post(address, {"text": "Is steel a problem?"}).status_code == 302
    assert by(bushra).post(address, {"text": "Steel is fine."}).status_code == 302
    page = text_of(by(amara).get(address))
    assert page.index("Is steel a problem?") < page.index("Steel is fine.")
    assert by(eve).get(address).status_code == 404
    assert by(eve).post(address, {"text": "Take me!"}).status_code == 404
    assert by(amara).post(address, {"text": " "}).status_code == 422


def test_accepting_shows_the_terms_and_makes_the_contract(
    job: Job, amara: Person, bushra: Person, now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    client = by(amara)
    address = f"/proposals/{proposal.pk}/acceptance"
    page = client.get(address)
    terms = terms_for(proposal)
    assert terms.hash in page.content.decode()
    assert f"promised by {proposal.delivery:%-d %B %Y}" in text_of(page)
    assert "104.50 USD" in text_of(page)
    assert "44.00 USD are missing to begin" in text_of(page)
    said = {"terms_hash": terms.hash, "fund": "first"}
    short = client.post(address, said)
    assert short.status_code == 409
    assert "44.00 USD short" in text_of(short)
    money_for(amara, 11_000, at=now)
    accepted = client.post(address, said)
    contract = Contract.objects.get()
    assert accepted.headers["Location"] == f"/contracts/{contract.pk}"
    again = client.post(address, said)
    assert again.status_code == 409
    assert "cannot be accepted any more" in text_of(again)
    assert "Go to the workroom" in text_of(by(bushra).get(f"/proposals/{proposal.pk}"))


def test_b07_other_terms_than_those_read_are_shown_again(
    job: Job, amara: Person, bushra: Person, now: Any
) -> None:
    money_for(amara, 11_000, at=now)
    proposal = a_proposal(job, bushra, at=now)
    page = by(amara).post(f"/proposals/{proposal.pk}/acceptance", {"terms_hash": "0" * 64, "fund": "first"})
    assert page.status_code == 409
    assert "Read them again" in text_of(page)
    assert terms_for(proposal).hash in page.content.decode()
    assert not Contract.objects.exists()


def test_the_same_form_sent_twice_accepts_once(job: Job, amara: Person, bushra: Person, now: Any) -> None:
    money_for(amara, 11_000, at=now)
    proposal = a_proposal(job, bushra, at=now)
    said = {"terms_hash": terms_for(proposal).hash, "fund": "first", "idempotency_key": "k-1"}
    first, second = (by(amara).post(f"/proposals/{proposal.pk}/acceptance", said) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (first.status_code, second.status_code) == (302, 302)
    assert Contract.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "where", ["", "/withdrawal", "/refusal", "/shortlist", "/acceptance", "/conversation"]
)
def test_eve_learns_nothing_of_a_proposal(
    *, method: str, where: str, job: Job, bushra: Person, eve: Person, now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    address = f"/proposals/{proposal.pk}{where}"
    answer = getattr(by(eve), method)(address)
    assert answer.status_code in {404, 405}
    visitor = getattr(by(None), method)(address)
    assert visitor.status_code in {302, 405}
    proposal.refresh_from_db()
    assert proposal.is_in("sent")


def test_a_worker_cannot_answer_their_own_proposal(job: Job, bushra: Person, amara: Person, now: Any) -> None:
    proposal = a_proposal(job, bushra, at=now)
    for where in ("refusal", "shortlist", "acceptance"):
        assert by(bushra).post(f"/proposals/{proposal.pk}/{where}", {}).status_code == 404
    assert by(amara).post(f"/proposals/{proposal.pk}/withdrawal").status_code == 404


def test_a_declined_worker_still_reads_the_job_and_offers_no_more(
    job: Job, amara: Person, bushra: Person, now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    decline_proposal(proposal=proposal, reason="skills", by=amara, at=now)
    page = text_of(by(bushra).get(f"/jobs/{job.pk}"))
    assert "Declined" in page
    assert "See what you receive" not in page
