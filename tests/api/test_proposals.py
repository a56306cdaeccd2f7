"""Proposals in JSON: reckoned, changed, talked about, put in order, agreed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from guildhall.jobs.models import Job, Proposal
from guildhall.kernel.rules import set_rule
from guildhall.people.models import Person
from tests.api.calling import program, send
from tests.builders.contracts import money_for
from tests.builders.jobs import a_proposal

pytestmark = pytest.mark.django_db


def test_a_program_changes_the_price_or_the_day_alone(
    job: Job, bushra: Person, offer: dict[str, Any], now: datetime
) -> None:
    worker = program(bushra)
    sent = send(worker, "POST", f"/jobs/{job.pk}/proposals", offer | {"milestones": []}).said
    address = f"/proposals/{sent['id']}"
    price = {"amount": "90.00", "currency": "USD"}
    cheaper = send(worker, "PATCH", address, {"price": price})
    assert cheaper.status_code == 200, cheaper.said
    assert cheaper.said["milestones"][0]["amount"] == price
    sooner = (now + timedelta(days=5)).date().isoformat()
    moved = send(worker, "PATCH", address, {"delivery": sooner}).said
    assert (moved["delivery"], moved["milestones"][0]["due"], moved["version"]) == (sooner, sooner, 3)


def test_people_talk_before_hiring_by_programs_too(
    job: Job, amara: Person, bushra: Person, now: datetime
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    address, client, worker = f"/proposals/{proposal.pk}/messages", program(amara), program(bushra)
    assert send(client, "GET", address).said == {"items": [], "next": ""}
    unasked = send(worker, "POST", address, {"text": "Hello?"})
    assert (unasked.status_code, unasked.said["code"]) == (409, "not_asked_yet")
    assert send(client, "POST", address, {"text": "Is steel a problem?"}).status_code == 201
    assert send(worker, "POST", address, {"text": "Steel is fine."}).said["own"] is True
    first = send(client, "GET", f"{address}?size=1").said
    rest = send(client, "GET", f"{address}?size=1&after={first['next']}").said
    assert [one["text"] for one in first["items"] + rest["items"]] == [
        "Steel is fine.",
        "Is steel a problem?",
    ]
    assert send(client, "POST", address, {"text": "+44 7700 900123"}).status_code == 422
    assert send(worker, "POST", f"/proposals/{proposal.pk}/withdrawal").status_code == 200
    for side in (client, worker):
        late = send(side, "POST", address, {"text": "One more word"})
        assert (late.status_code, late.said["code"]) == (409, "proposal_ended")
        assert len(send(side, "GET", address).said["items"]) == 2


def test_what_was_accepted_is_told_by_its_own_terms(
    job: Job, amara: Person, bushra: Person, olga: Person, now: datetime
) -> None:
    money_for(amara, 11_000, at=now)
    proposal = a_proposal(job, bushra, at=now)
    address = f"/proposals/{proposal.pk}"
    agreed = send(program(amara), "GET", f"{address}/terms").said
    send(program(amara), "POST", f"{address}/acceptance", {"terms_hash": agreed["hash"]})
    set_rule(name="worker_fee", value=2_000, reason="Costs rose.", by=olga.pk, at=now)
    assert send(program(bushra), "GET", f"{address}/terms").said == agreed
    [listed] = send(program(bushra), "GET", "/proposals").said["items"]
    for shown in (listed, send(program(bushra), "GET", address).said):
        assert (shown["fee"]["amount"], shown["net"]["amount"]) == ("5.50", "104.50")


def test_a_client_orders_proposals_and_reads_the_shortlist(
    job: Job, amara: Person, bushra: Person, chen: Person, now: datetime
) -> None:
    dear = a_proposal(job, bushra, minor=11_000, at=now)
    cheap = a_proposal(job, chen, minor=9_000, at=now - timedelta(days=1))
    send(program(amara), "POST", f"/proposals/{dear.pk}/shortlist", {"listed": True})

    def ids(person: Person, asked: str) -> list[str]:
        return [
            one["id"]
            for one in send(program(person), "GET", f"/jobs/{job.pk}/proposals{asked}").said["items"]
        ]

    assert ids(amara, "?sort=received") == [str(dear.pk), str(cheap.pk)]
    assert ids(amara, "?sort=price") == [str(cheap.pk), str(dear.pk)]
    assert ids(amara, "?sort=delivery") == [str(cheap.pk), str(dear.pk)]
    assert ids(amara, "?listed=true") == [str(dear.pk)]
    assert ids(bushra, "?listed=true") == []
    assert send(program(amara), "GET", f"/jobs/{job.pk}/proposals?sort=mood").status_code == 422


def test_a_program_reckons_before_it_sends(
    job: Job, bushra: Person, eve: Person, offer: dict[str, Any]
) -> None:
    address = f"/jobs/{job.pk}/reckonings"
    reckoned = send(program(bushra), "POST", address, offer)
    assert reckoned.status_code == 200
    sums = ("price", "fee", "net", "client_total")
    assert (reckoned.said["fee_steps"], reckoned.said["levied"]) == ([], [])
    assert {name: reckoned.said[name]["amount"] for name in sums} == {
        "price": "110.00",
        "fee": "5.50",
        "net": "104.50",
        "client_total": "110.00",
    }
    assert reckoned.said["fee_bp"] == 500
    assert not Proposal.objects.exists()
    wrong = send(program(bushra), "POST", address, offer | {"milestones": offer["milestones"][:1]})
    assert (wrong.status_code, wrong.said["errors"][0]["field"]) == (422, "milestones")
    assert send(program(bushra, "read"), "POST", address, offer).status_code == 403
    assert send(program(eve), "POST", f"/jobs/{job.client_id}/reckonings", offer).status_code == 404


def test_only_the_client_counts_the_proposals(
    job: Job, amara: Person, bushra: Person, chen: Person, now: datetime
) -> None:
    for worker in (bushra, chen):
        a_proposal(job, worker, at=now)
    assert send(program(amara), "GET", f"/jobs/{job.pk}").said["received"] == 2
    [mine] = send(program(amara), "GET", "/jobs/mine").said["items"]
    assert mine["received"] == 2
    for person in (bushra, None):
        seen = send(program(person), "GET", f"/jobs/{job.pk}").said
        assert (seen["received"], seen["proposals"]) == (None, "0–4")
    assert send(program(bushra), "GET", "/jobs").said["items"][0]["received"] is None
