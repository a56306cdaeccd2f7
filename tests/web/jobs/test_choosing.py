import re
from datetime import timedelta
from typing import Any

import pytest

from guildhall.contracts.models import Contract
from guildhall.jobs.actions.deciding import decline_proposal, shortlist_proposal
from guildhall.jobs.actions.proposing import withdraw_proposal
from guildhall.jobs.models import Decline, Job
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.rules import set_rule
from guildhall.notices.models import Notice
from guildhall.people.models import Person
from tests.builders.contracts import money_for
from tests.builders.jobs import a_proposal
from tests.cast import a_person
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def test_the_client_sees_proposals_side_by_side_in_the_order_asked_for(
    job: Job, amara: Person, bushra: Person, chen: Person, now: Any
) -> None:
    a_proposal(job, bushra, minor=11_000, at=now)
    days = {"milestones": (), "delivery": (now + timedelta(days=40)).date()}
    cheaper = a_proposal(job, chen, minor=9_000, at=now - timedelta(minutes=1), **days)
    client = by(amara)
    for sort, names in [
        ("received", ["Bushra", "Chen"]),
        ("price", ["Chen", "Bushra"]),
        ("delivery", ["Bushra", "Chen"]),
        ("nonsense", ["Bushra", "Chen"]),
    ]:
        page = client.get(f"/jobs/{job.pk}?sort={sort}")
        assert re.findall(r"<bdi>(Bushra|Chen)</bdi>", page.content.decode()) == names
    assert text_of(client.get(f"/jobs/{job.pk}")).count("after the day you asked for") == 1
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


def test_what_was_agreed_is_shown_by_its_own_fees(
    job: Job, amara: Person, bushra: Person, olga: Person, now: Any
) -> None:
    money_for(amara, 11_000, at=now)
    proposal = a_proposal(job, bushra, at=now)
    agreed = terms_for(proposal).hash
    address = f"/proposals/{proposal.pk}"
    by(amara).post(f"{address}/acceptance", {"terms_hash": agreed, "fund": "first"})
    set_rule(name="worker_fee", value=2_000, reason="Costs rose.", by=olga.pk, at=now)
    for page in (by(bushra).get(address), by(amara).get(f"{address}/acceptance")):
        assert "104.50 USD" in text_of(page)
        assert "88.00 USD" not in text_of(page)
    assert agreed in by(amara).get(f"{address}/acceptance").content.decode()
    assert "−5.50 USD" in text_of(by(bushra).get(address))


def test_a_step_whose_day_has_passed_is_said_before_the_client_pays_in(
    job: Job, amara: Person, bushra: Person, now: Any
) -> None:
    before = now - timedelta(days=8)  # its first step was promised for yesterday
    proposal = a_proposal(job, bushra, at=before)
    address = f"/proposals/{proposal.pk}"
    terms = by(amara).get(f"{address}/acceptance")
    assert "has passed" in text_of(terms)
    assert "Accept and fund" not in text_of(terms)
    assert "Pay in" not in text_of(terms)
    for person in (amara, bushra):
        assert "has passed" in text_of(by(person).get(address))


def test_a_withdrawn_proposal_is_not_offered_for_acceptance(
    job: Job, amara: Person, bushra: Person, eve: Person, now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    address = f"/proposals/{proposal.pk}"
    said = {"terms_hash": terms_for(proposal).hash, "fund": "first"}
    withdraw_proposal(proposal=proposal, by=bushra, at=now)
    tried = by(amara).post(f"{address}/acceptance", said)
    assert tried.status_code == 409
    assert "has withdrawn" in text_of(tried)
    assert "Accept and fund" not in text_of(tried)
    for where in ("", "/acceptance"):
        assert by(amara).get(f"{address}{where}").headers["Location"] == f"/jobs/{job.pk}"
        assert by(eve).get(f"{address}{where}").status_code == 404


def test_the_client_reads_how_many_came_and_a_bidder_a_band(
    job: Job, amara: Person, bushra: Person, chen: Person, now: Any
) -> None:
    for number in range(5):
        a_proposal(job, a_person(f"Worker{number}"), at=now)
    withdraw_proposal(proposal=a_proposal(job, chen, at=now), by=chen, at=now)
    a_proposal(job, bushra, at=now)
    own = text_of(by(amara).get(f"/jobs/{job.pk}"))
    assert "Proposals (6)" in own
    assert "6 proposals" in own
    for person in (bushra, chen, None):
        seen = text_of(by(person).get(f"/jobs/{job.pk}"))
        assert "5–9 proposals" in seen
        assert "Proposals (" not in seen


@pytest.mark.parametrize("end", ["withdrawal", "refusal", "acceptance"])
def test_what_was_said_is_read_when_a_proposal_has_ended_and_no_notice_leads_nowhere(
    *, end: str, job: Job, amara: Person, bushra: Person, eve: Person, now: Any
) -> None:
    money_for(amara, 11_000, at=now)
    proposal = a_proposal(job, bushra, at=now)
    address = f"/proposals/{proposal.pk}/conversation"
    by(amara).post(address, {"text": "Is steel a problem?"})
    by(bushra).post(address, {"text": "Steel is fine."})
    ending = {"reason": "price", "terms_hash": terms_for(proposal).hash, "fund": "first"}
    person = bushra if end == "withdrawal" else amara
    assert by(person).post(f"/proposals/{proposal.pk}/{end}", ending).status_code == 302
    deliver_events(at=now + timedelta(minutes=1), most=1000)
    for side in (amara, bushra):
        page = by(side).get(address)
        assert "Steel is fine." in text_of(page)
        assert "Say it" not in text_of(page)
        assert by(side).post(address, {"text": "One more word"}).status_code == 409
        for notice in Notice.objects.filter(person=side):
            assert by(side).get(notice.url, follow=True).status_code == 200, notice.url
    assert "Read what was said before" in text_of(by(bushra).get(f"/proposals/{proposal.pk}"))
    assert by(eve).get(address).status_code == 404


def test_the_shortlist_stays_the_shortlist_on_its_second_page(job: Job, amara: Person, now: Any) -> None:
    for number in range(52):
        proposal = a_proposal(job, a_person(f"Worker{number:02}"), at=now + timedelta(seconds=number))
        if number != 0:
            shortlist_proposal(proposal=proposal, listed=True, by=amara, at=now)
    client = by(amara)
    page = client.get(f"/jobs/{job.pk}?sort=price&listed=1")
    following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
    assert following
    rest = client.get(f"/jobs/{job.pk}" + following[1].replace("&amp;", "&"))
    assert len(re.findall(r"<bdi>Worker\d\d</bdi>", rest.content.decode())) == 1


def test_the_soonest_delivery_stands_first(
    *, job: Job, amara: Person, bushra: Person, chen: Person, femi: Person, now: Any
) -> None:
    for worker, days in ((bushra, 20), (chen, 5), (femi, 12)):
        a_proposal(job, worker, at=now, milestones=(), delivery=(now + timedelta(days=days)).date())
    page = by(amara).get(f"/jobs/{job.pk}?sort=delivery")
    assert re.findall(r"<bdi>(Bushra|Chen|Femi)</bdi>", page.content.decode()) == ["Chen", "Femi", "Bushra"]
