"""One's own jobs and proposals can be found again, and are nobody else's."""

from typing import Any

import pytest

from guildhall.jobs.models import Job, Proposal
from guildhall.people.models import Person
from tests.builders.jobs import a_proposal
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

LISTS = ("/jobs/mine", "/proposals")


def test_a_client_finds_their_jobs_and_how_many_proposals_wait(
    job: Job, amara: Person, bushra: Person, chen: Person, now: Any
) -> None:
    a_proposal(job, bushra, at=now)
    a_proposal(job, chen, at=now)
    for address in ("/jobs/mine", "/work"):
        said = text_of(by(amara).get(address))
        assert job.title in said
        assert "2 proposals wait for you" in said


def test_a_worker_finds_what_they_sent(job: Job, bushra: Person, now: Any) -> None:
    proposal = a_proposal(job, bushra, at=now)
    for address in ("/proposals", "/work"):
        said = text_of(by(bushra).get(address))
        assert job.title in said
        assert str(proposal.money) in said


def test_eve_finds_nothing_of_theirs(job: Job, bushra: Person, eve: Person, now: Any) -> None:
    a_proposal(job, bushra, at=now)
    for address in (*LISTS, "/work"):
        assert job.title not in text_of(by(eve).get(address))


def test_a_rival_is_never_told_how_many_wait(job: Job, bushra: Person, chen: Person, now: Any) -> None:
    a_proposal(job, bushra, at=now)
    a_proposal(job, chen, at=now)
    for address in (*LISTS, "/work"):
        assert "wait for you" not in text_of(by(chen).get(address))


@pytest.mark.parametrize("address", LISTS)
def test_a_visitor_signs_in_first_and_a_forged_page_is_refused(
    address: str, client: Any, amara: Person
) -> None:
    assert client.get(address).status_code == 302
    assert by(amara).get(f"{address}?after=xyz").status_code == 422


def test_one_person_both_hires_and_works(
    job: Job, amara: Person, bushra: Person, brief: dict[str, str], offer: dict[str, str]
) -> None:
    client = by(bushra)
    client.post("/jobs/new", brief | {"title": "Somebody who reads my letters aloud"})
    own = Job.objects.get(client=bushra)
    client.post(f"/jobs/{own.pk}/opening")
    sent = offer | {"do": "send", "shown": "11000-10450"}
    assert client.post(f"/jobs/{job.pk}/proposal", sent).status_code == 302
    assert by(amara).post(f"/jobs/{own.pk}/proposal", sent).status_code == 302
    work = text_of(client.get("/work"))
    assert "Jobs you posted Somebody who reads my letters aloud" in work
    assert "1 proposal waits for you" in work
    assert job.title in work
    assert Proposal.objects.filter(worker=bushra, job__client=amara).count() == 1
    assert Proposal.objects.filter(worker=amara, job__client=bushra).count() == 1
