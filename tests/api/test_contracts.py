"""Contracts, deliveries, cases and feedback in JSON: the verbs of the pages, and their refusals."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guildhall.contracts.actions import propose_refund
from guildhall.contracts.models import Milestone
from guildhall.disputes.actions import offer_split, open_case
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from tests.api.calling import program, send
from tests.builders.contracts import (
    a_contract,
    a_delivery,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
    what_is_broken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def funded(amara: Person, bushra: Person, now: datetime) -> Milestone:
    return a_funded_milestone(amara, bushra, at=now)


def sum_of(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def test_a_contract_from_funding_to_payment(amara: Person, bushra: Person, now: datetime) -> None:
    contract = a_contract(amara, bushra, sums=(10_000,), at=now)
    [milestone] = milestones_in(contract)
    client, worker = program(amara), program(bushra)
    step = f"/milestones/{milestone.pk}"
    assert send(client, "POST", f"{step}/funding").said["state"] == "funded"
    assert send(client, "POST", f"{step}/funding").said["code"] == "not_planned"

    stored = worker.post("/api/v1/files", {"file": SimpleUploadedFile("sign.pdf", b"%PDF-1.7 sign")})
    assert stored.status_code == 201
    body = {"note": "Cut by hand.", "items": [2, 3], "files": [stored.json()["id"]]}
    first = send(worker, "POST", f"{step}/deliveries", body)
    assert (first.status_code, first.said["version"], first.said["items"]) == (201, 1, [2, 3])
    asked = send(client, "POST", f"/deliveries/{first.said['id']}/changes", {"items": {"2": "Less perfect."}})
    assert (asked.said["state"], asked.said["release_at"]) == ("changes_asked", None)
    second = send(worker, "POST", f"{step}/deliveries", {"note": "Again.", "items": [2]})
    stale = send(client, "POST", f"/deliveries/{first.said['id']}/approval")
    assert (stale.status_code, stale.said["code"]) == (409, "newer_version")
    paid = send(client, "POST", f"/deliveries/{second.said['id']}/approval")
    assert (paid.said["state"], paid.said["released"]) == ("released", sum_of("100.00"))
    assert [one["version"] for one in send(client, "GET", f"{step}/deliveries").said["items"]] == [2, 1]

    said = send(worker, "GET", f"/contracts/{contract.pk}/messages").said["items"]
    assert [one["kind"] for one in said] == ["delivered", "changes", "delivered"]
    [shown] = send(worker, "GET", "/contracts").said["items"]
    assert (shown["state"], shown["you_are"]) == ("ended", "worker")
    assert (shown["ended_by"], shown["end_reason"]) == (None, "")
    assert not what_is_broken()


def test_terms_are_told_with_the_text_behind_their_hash(funded: Milestone, bushra: Person) -> None:
    told = send(program(bushra), "GET", f"/contracts/{funded.contract_id}/terms").said
    assert told["terms"]["deliverables"][0] == "Three sketches"
    assert len(told["hash"]) == 64


def test_refunds_and_ending(funded: Milestone, amara: Person, bushra: Person) -> None:
    client, worker = program(amara), program(bushra)
    asked = send(
        client, "POST", f"/milestones/{funded.pk}/refunds", {"amount": sum_of("30.00"), "reason": "Less."}
    )
    assert (asked.status_code, asked.said["state"]) == (201, "asked")
    refund = f"/refunds/{asked.said['id']}"
    assert send(client, "POST", f"{refund}/answer", {"agree": True}).said["code"] == "not_your_part"
    assert send(worker, "POST", f"{refund}/answer", {"agree": False}).said["code"] == "no_reason"
    assert send(worker, "POST", f"{refund}/answer", {"agree": True}).said["state"] == "agreed"
    outcome = send(worker, "GET", f"/contracts/{funded.contract_id}/ending").said
    assert (outcome["ends_at_once"], outcome["returned"]) == (True, sum_of("70.00"))
    ended = send(worker, "POST", f"/contracts/{funded.contract_id}/ending", {"reason": "I am ill."})
    assert ended.said["state"] == "ended"
    shown = send(client, "GET", f"/contracts/{funded.contract_id}").said
    assert (shown["ended_by"], shown["end_reason"]) == ("worker", "I am ill.")
    assert not what_is_broken()


def test_a_case_is_offered_on_and_ruled(
    funded: Milestone, amara: Person, bushra: Person, dalia: Person
) -> None:
    client, worker, judge = program(amara), program(bushra), program(dalia)
    opened = send(
        client, "POST", f"/milestones/{funded.pk}/cases", {"contested": sum_of("40.00"), "reason": "No sign."}
    )
    case = f"/cases/{opened.said['id']}"
    assert opened.said["contested"] == sum_of("40.00")
    wrong = send(worker, "POST", f"{case}/offers", {"to_worker": sum_of("40.01")})
    assert (wrong.status_code, wrong.said["errors"][0]["field"]) == (422, "to_worker")
    offer = send(worker, "POST", f"{case}/offers", {"to_worker": sum_of("25.01")})
    assert offer.said["to_client"] == sum_of("14.99")
    assert send(judge, "GET", case).said["offers"] == []
    assert send(judge, "POST", f"{case}/taking").said["offers"] != []
    ruled = send(judge, "POST", f"{case}/ruling", {"to_worker": sum_of("0.00"), "reasons": "Nothing came."})
    assert (ruled.said["state"], ruled.said["ruling"]["to_client"]) == ("ruled", sum_of("40.00"))
    assert (ruled.said["adjudicator"], ruled.said["to_worker"]) == ("Dalia", sum_of("0.00"))
    assert (opened.said["adjudicator"], opened.said["to_worker"]) == (None, None)
    late = send(client, "POST", f"/offers/{offer.said['id']}/acceptance")
    assert (late.status_code, late.said["code"]) == (409, "case_ended")
    assert not what_is_broken()


def test_feedback_is_double_blind_here_too(
    funded: Milestone, amara: Person, bushra: Person, now: datetime
) -> None:
    delivery = a_delivery(funded, at=now)
    client, worker = program(amara), program(bushra)
    where = f"/contracts/{funded.contract_id}/feedback"
    early = send(client, "PUT", where, {"stars": 5})
    assert (early.status_code, early.said["code"]) == (409, "too_early")
    send(client, "POST", f"/deliveries/{delivery.pk}/approval")
    send(client, "PUT", where, {"stars": 5, "text": "A pleasure."})
    assert send(worker, "GET", where).said == {"mine": None, "theirs": None}
    both = send(worker, "PUT", where, {"stars": 4}).said
    assert (both["theirs"]["text"], both["mine"]["stars"]) == ("A pleasure.", 4)
    assert send(client, "PUT", where, {"stars": 6}).status_code == 422


@pytest.mark.parametrize(
    "amount", ["-1", "0.00", "NaN", "1e309", "１００", "1,000", "0.001", "9223372036854775808", "-0", ""]
)
def test_C13_odd_amounts_are_refused(funded: Milestone, amara: Person, amount: str) -> None:
    for noun, field in (("refunds", "amount"), ("cases", "contested")):
        body = {field: sum_of(amount), "reason": "Because."}
        assert send(program(amara), "POST", f"/milestones/{funded.pk}/{noun}", body).status_code == 422
    assert again(funded).left == usd(10_000)


def test_C14_another_currency_is_refused(funded: Milestone, amara: Person) -> None:
    body = {"amount": sum_of("100", "JPY"), "reason": "Because."}
    answer = send(program(amara), "POST", f"/milestones/{funded.pk}/refunds", body)
    assert (answer.status_code, answer.said["code"]) == (422, "more_than_left")


def test_D13_what_is_not_asked_for_is_refused(funded: Milestone, bushra: Person) -> None:
    body = {"note": "Done.", "items": [1], "state": "released", "release_at": "2020-01-01T00:00:00Z"}
    answer = send(program(bushra), "POST", f"/milestones/{funded.pk}/deliveries", body)
    assert answer.status_code == 422
    assert again(funded).state == "funded"


def test_I1_the_same_key_pays_once(funded: Milestone, amara: Person, now: datetime) -> None:
    delivery = a_delivery(funded, at=now)
    client, where = program(amara), f"/deliveries/{delivery.pk}/approval"
    first = send(client, "POST", where, None, **{"Idempotency-Key": "a-1"})
    second = send(client, "POST", where, None, **{"Idempotency-Key": "a-1"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert Event.objects.filter(name="milestone.released").count() == 1


def test_a_program_finds_the_requests_that_it_is_to_answer(
    funded: Milestone, amara: Person, bushra: Person, now: datetime
) -> None:
    worker, lists = (
        program(bushra),
        [f"/milestones/{funded.pk}/refunds", f"/contracts/{funded.contract_id}/refunds"],
    )
    for reason in ("A cent.", "Another."):
        refund = propose_refund(milestone=funded, amount=usd(1), reason=reason, by=amara, at=now)
        for where in lists:
            waiting = [one for one in send(worker, "GET", where).said["items"] if one["state"] == "asked"]
            assert [one["id"] for one in waiting] == [str(refund.pk)]
        no = {"agree": False, "answer": "No."}
        assert send(worker, "POST", f"/refunds/{refund.pk}/answer", no).status_code == 200
    first = send(worker, "GET", f"{lists[0]}?size=1").said
    rest = send(worker, "GET", f"{lists[0]}?size=1&after={first['next']}").said
    assert {first["items"][0]["reason"], rest["items"][0]["reason"]} == {"A cent.", "Another."}
    assert rest["next"] == ""


def test_both_sides_and_whoever_has_the_case_speak_in_it(
    funded: Milestone, amara: Person, bushra: Person, dalia: Person, now: datetime
) -> None:
    case = open_case(milestone=funded, contested=usd(100), reason="Hm.", by=amara, at=now)
    at, judge = f"/cases/{case.pk}", program(dalia)
    said = send(program(amara), "POST", f"{at}/messages", {"text": "Where is the ear?"})
    assert (said.status_code, said.said["text"]) == (201, "Where is the ear?")
    assert send(judge, "GET", f"{at}/messages").said["items"] == []
    assert send(judge, "POST", f"{at}/messages", {"text": "Hm."}).status_code == 404
    assert send(judge, "POST", f"{at}/taking").status_code == 200
    assert send(judge, "POST", f"{at}/messages", {"text": "Where?"}).status_code == 201
    heard = send(program(bushra), "GET", f"{at}/messages").said["items"]
    assert [one["by"] for one in heard] == ["Dalia", "Amara"]
    assert send(program(amara), "POST", f"{at}/withdrawal").status_code == 200
    late = send(program(bushra), "POST", f"{at}/messages", {"text": "Still."})
    assert (late.status_code, late.said["code"]) == (409, "case_ended")
    assert len(send(program(bushra), "GET", f"{at}/messages").said["items"]) == 2


def test_many_offers_are_read_page_by_page(
    funded: Milestone, amara: Person, bushra: Person, dalia: Person, now: datetime
) -> None:
    case = open_case(milestone=funded, contested=usd(100), reason="Hm.", by=amara, at=now)
    for minor in range(25):
        offer_split(case=case, to_worker=usd(minor), by=bushra, at=now)
    client = program(amara)
    assert len(send(client, "GET", f"/cases/{case.pk}").said["offers"]) == 20
    first = send(client, "GET", f"/cases/{case.pk}/offers").said
    rest = send(client, "GET", f"/cases/{case.pk}/offers?after={first['next']}").said
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (20, 5, "")
    assert send(program(dalia), "GET", f"/cases/{case.pk}/offers").said["items"] == []


def test_either_side_contests_more(
    funded: Milestone, amara: Person, bushra: Person, dalia: Person, now: datetime
) -> None:
    case = open_case(milestone=funded, contested=usd(100), reason="Hm.", by=bushra, at=now)
    offer = offer_split(case=case, to_worker=usd(100), by=bushra, at=now)
    at, client, worker, judge = f"/cases/{case.pk}", program(amara), program(bushra), program(dalia)
    body = {"contested": sum_of("50.00"), "reason": "And the sign."}
    assert send(program(amara, "work"), "POST", f"{at}/contentions", body).status_code == 403
    assert send(judge, "POST", f"{at}/contentions", body).status_code == 404
    added = send(client, "POST", f"{at}/contentions", body)
    assert (added.status_code, added.said["by"], added.said["contested"]) == (201, "Amara", sum_of("50.00"))
    too_much = send(worker, "POST", f"{at}/contentions", {"contested": sum_of("49.01"), "reason": "All."})
    assert (too_much.status_code, too_much.said["errors"][0]["field"]) == (422, "contested")
    assert send(worker, "GET", at).said["contested"] == sum_of("51.00")
    gone = send(client, "POST", f"/offers/{offer.pk}/acceptance")
    assert (gone.status_code, gone.said["code"]) == (409, "offer_gone")
    kept = send(worker, "POST", f"{at}/withdrawal")
    assert (kept.status_code, kept.said["code"]) == (409, "widened_by_other")
    stale = {"to_worker": sum_of("1.00"), "seen": sum_of("1.00"), "reasons": "So."}
    for program_of, noun in ((worker, "offers"), (judge, "ruling")):
        asked = {name: value for name, value in stale.items() if noun == "ruling" or name != "reasons"}
        answer = send(program_of, "POST", f"{at}/{noun}", asked)
        assert (answer.status_code, answer.said["code"]) == (409, "contested_more")
        assert send(program_of, "POST", f"{at}/{noun}", asked | {"seen": sum_of("51.00")}).status_code < 300
    for reader in (client, worker, judge):
        assert send(reader, "GET", f"{at}/contentions").said["items"] == [added.said]
    assert not what_is_broken()


def test_scopes_stand_before_each_verb(funded: Milestone, amara: Person) -> None:
    reader = program(amara, "read")
    for path in (
        f"/milestones/{funded.pk}/funding",
        f"/contracts/{funded.contract_id}/ending",
        f"/contracts/{funded.contract_id}/messages",
    ):
        answer = send(reader, "POST", path, {"reason": "x"} if "ending" in path else {})
        assert answer.status_code in {403, 422}, path
    assert send(program(amara, "work"), "GET", "/contracts").status_code == 403


def test_eve_and_nobody_find_nothing(
    funded: Milestone, amara: Person, bushra: Person, eve: Person, now: datetime
) -> None:
    delivery = a_delivery(funded, at=now)
    case = open_case(milestone=funded, contested=usd(100), reason="Hm.", by=amara, at=now)
    offer = offer_split(case=case, to_worker=usd(1), by=amara, at=now)
    refund = propose_refund(milestone=funded, amount=usd(100), reason="Hm.", by=amara, at=now)
    room, step, at = f"/contracts/{funded.contract_id}", f"/milestones/{funded.pk}", f"/cases/{case.pk}"
    part: Any = sum_of("1.00")
    doors: list[tuple[str, str, Any]] = [
        ("GET", room, None),
        ("GET", f"{room}/terms", None),
        ("GET", f"{room}/ending", None),
        ("POST", f"{room}/ending", {"reason": "x"}),
        ("GET", f"{room}/messages", None),
        ("POST", f"{room}/messages", {"text": "x"}),
        ("GET", f"{room}/feedback", None),
        ("PUT", f"{room}/feedback", {"stars": 5}),
        ("GET", step, None),
        ("POST", f"{step}/funding", None),
        ("GET", f"{step}/deliveries", None),
        ("POST", f"{step}/deliveries", {"note": "x", "items": [1]}),
        ("GET", f"{room}/refunds", None),
        ("GET", f"{step}/refunds", None),
        ("POST", f"{step}/refunds", {"amount": part, "reason": "x"}),
        ("POST", f"{step}/cases", {"contested": part, "reason": "x"}),
        ("POST", f"/deliveries/{delivery.pk}/changes", {"note": "x"}),
        ("POST", f"/deliveries/{delivery.pk}/approval", None),
        ("GET", f"/refunds/{refund.pk}", None),
        ("POST", f"/refunds/{refund.pk}/answer", {"agree": True}),
        ("POST", f"/refunds/{refund.pk}/withdrawal", None),
        ("GET", at, None),
        ("GET", f"{at}/messages", None),
        ("POST", f"{at}/messages", {"text": "x"}),
        ("GET", f"{at}/contentions", None),
        ("POST", f"{at}/contentions", {"contested": part, "reason": "x"}),
        ("GET", f"{at}/offers", None),
        ("POST", f"{at}/offers", {"to_worker": part}),
        ("POST", f"/offers/{offer.pk}/acceptance", None),
        ("POST", f"{at}/withdrawal", None),
        ("POST", f"{at}/taking", None),
        ("POST", f"{at}/ruling", {"to_worker": part, "reasons": "x"}),
    ]
    stranger, visitor = program(eve), Client()
    for method, path, body in doors:
        assert send(stranger, method, path, body).status_code == 404, (method, path)
        assert send(visitor, method, path, body).status_code == 401, (method, path)
    for path in ("/contracts", "/cases"):
        assert send(stranger, "GET", path).said["items"] == []
        assert send(visitor, "GET", path).status_code == 401
    assert visitor.post("/api/v1/files").status_code == 401
    assert again(funded).state == "delivered"
    assert not what_is_broken()


@pytest.mark.parametrize("days", [-400, 400])
def test_E11_a_wrong_clock_of_the_host_moves_no_instant(
    funded: Milestone, bushra: Person, now: datetime, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    worker = program(bushra)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=days))
    send(worker, "POST", f"/milestones/{funded.pk}/deliveries", {"note": "Here.", "items": [1]})
    release_at = again(funded).release_at
    assert release_at is not None
    assert abs(release_at - (now + timedelta(days=10))) < timedelta(seconds=60)
