"""Jobs and proposals in JSON: the verbs of the pages, their refusals, their scopes, their strangers."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.contracts.models import Contract
from guildhall.jobs.models import Job, Proposal
from guildhall.kernel.delivery import deliver_events
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.contracts import money_for
from tests.builders.jobs import a_draft, a_proposal, an_open_job, usd

pytestmark = pytest.mark.django_db

ALL = ("read", "jobs", "work", "money")


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def program(person: Person | None, *scopes: str) -> Client:
    """A program with a token of these scopes, or of all; or one without any."""
    if person is None:
        return Client()
    secret = create_token(by=person, name="test", scopes=scopes or ALL, at=timezone.now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    answer: Any = client.generic(
        method,
        f"/api/v1{path}",
        b"" if body is None else json.dumps(body).encode(),
        "application/json",
        headers=headers,
    )
    answer.said = answer.json() if answer.content else None
    return answer


@pytest.fixture
def brief(now: datetime) -> dict[str, Any]:
    return {
        "title": "Logo and shop sign",
        "brief": "For a bakery. It should work cut out of steel.",
        "deliverables": ["Three sketches", "The sign"],
        "skills": ["logo design"],
        "budget": {"amount": "120.00", "currency": "USD"},
        "deadline": (now + timedelta(days=30)).date().isoformat(),
    }


@pytest.fixture
def offer(now: datetime) -> dict[str, Any]:
    return {
        "price": {"amount": "110.00", "currency": "USD"},
        "delivery": (now + timedelta(days=14)).date().isoformat(),
        "letter": "Dear Amara, I drew the sign of my uncle’s tea house.",
        "milestones": [
            {"title": "Sketches", "amount": {"amount": "40.00", "currency": "USD"}, "due": None},
            {"title": "Sign", "amount": {"amount": "70.00", "currency": "USD"}, "due": None},
        ],
    }


@pytest.fixture
def job(amara: Person, now: datetime) -> Job:
    return an_open_job(amara, at=now, deadline=None)


def test_a_job_goes_from_draft_to_contract(
    amara: Person, bushra: Person, brief: dict[str, Any], offer: dict[str, Any], now: datetime
) -> None:
    client, worker = program(amara), program(bushra)
    drafted = send(client, "POST", "/jobs", brief)
    assert drafted.status_code == 201
    job = f"/jobs/{drafted.said['id']}"
    assert (drafted.said["state"], drafted.said["version"]) == ("draft", 1)
    assert send(worker, "GET", job).status_code == 404
    assert send(client, "PATCH", job, {"budget": None}).said["budget"] is None
    assert send(client, "PATCH", job, {"title": "A sign"}).said["title"] == "A sign"
    assert send(client, "POST", f"{job}/opening").said["state"] == "open"
    assert send(program(None), "GET", job).said["proposals"] == "0–4"
    sent = send(worker, "POST", f"{job}/proposals", offer)
    assert sent.status_code == 201
    assert sent.said["net"] == {"amount": "104.50", "currency": "USD"}
    assert sent.said["shortlisted"] is None
    proposal = f"/proposals/{sent.said['id']}"
    assert send(worker, "PATCH", proposal, {"letter": "Dear Amara, again."}).said["version"] == 2
    [received] = send(client, "GET", f"{job}/proposals").said["items"]
    assert received["letter"] == "Dear Amara, again."
    assert send(client, "POST", f"{proposal}/shortlist", {"listed": True}).said["shortlisted"] is True
    terms = send(client, "GET", f"{proposal}/terms").said
    assert terms["terms"]["delivery"] == offer["delivery"]
    assert terms["to_begin"] == {"amount": "40.00", "currency": "USD"}
    short = send(client, "POST", f"{proposal}/acceptance", {"terms_hash": terms["hash"]})
    assert (short.status_code, short.said["code"]) == (409, "short_of_money")
    money_for(amara, 11_000, at=now)
    wrong = send(client, "POST", f"{proposal}/acceptance", {"terms_hash": "0" * 64})
    assert (wrong.status_code, wrong.said["code"]) == (409, "terms_changed")
    accepted = send(client, "POST", f"{proposal}/acceptance", {"terms_hash": terms["hash"], "fund": "all"})
    assert accepted.status_code == 201
    assert accepted.said["contract"] == str(Contract.objects.get().pk)
    again = send(client, "POST", f"{proposal}/acceptance", {"terms_hash": terms["hash"]})
    assert (again.status_code, again.said["code"]) == (409, "job_ended")
    assert send(worker, "GET", proposal).said["contract"] == accepted.said["contract"]


def test_the_list_narrows_pages_and_searches(amara: Person, now: datetime) -> None:
    for number in range(3):
        an_open_job(amara, at=now + timedelta(seconds=number), title=f"Job {number}", deadline=None)
    an_open_job(amara, at=now, title="A free one", budget=None, deadline=None)
    deliver_events(at=now + timedelta(minutes=1), most=1000)
    first = send(Client(), "GET", "/jobs?size=2").said
    rest = send(Client(), "GET", f"/jobs?size=2&after={first['next']}").said
    assert [one["title"] for one in first["items"]] == ["Job 2", "Job 1"]
    assert sorted(one["title"] for one in rest["items"]) == ["A free one", "Job 0"]
    assert rest["next"] == ""
    assert [one["title"] for one in send(Client(), "GET", "/jobs?price_open=true").said["items"]] == [
        "A free one"
    ]
    assert len(send(Client(), "GET", "/jobs?words=free").said["items"]) == 1
    assert len(send(Client(), "GET", "/jobs?pays=100&currency=USD").said["items"]) == 3


@pytest.mark.parametrize(
    "asked", ["sort=price", "size=0", "size=1000", "pays=1e9", "currency=usd", "after=x"]
)
def test_a_wrong_question_is_422(asked: str, job: Job) -> None:
    assert send(Client(), "GET", f"/jobs?{asked}").status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": 7}, "title"),
        ({"skills": ["underwater basket weaving 3000"]}, "skills"),
        ({"currency": "XXX"}, "currency"),
        ({"budget": {"amount": "-1", "currency": "USD"}}, "budget"),
        ({"budget": {"amount": "1.00", "currency": "EUR"}}, "budget"),
        ({"deadline": "soon"}, "deadline"),
        ({"is_open": True}, "is_open"),
        ({"client": "someone"}, "client"),
    ],
)
def test_a_brief_that_does_not_fit_names_its_field(
    change: dict[str, Any], field: str, amara: Person, brief: dict[str, Any]
) -> None:
    answer = send(program(amara), "POST", "/jobs", brief | change)
    assert answer.status_code == 422
    assert field in answer.said["errors"][0]["field"]
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"price": {"amount": "4.99", "currency": "USD"}, "milestones": []}, "below_floor"),
        ({"price": {"amount": "1,000", "currency": "USD"}}, "not_money"),
        ({"price": {"amount": "100.00", "currency": "USD"}}, "unfit"),
        ({"price": {"amount": "110.00", "currency": "EUR"}}, "unfit"),
        ({"delivery": "2020-01-01"}, "unfit"),
        ({"letter": ""}, "unfit"),
    ],
)
def test_an_offer_that_does_not_fit_is_422(
    change: dict[str, Any], code: str, job: Job, bushra: Person, offer: dict[str, Any]
) -> None:
    answer = send(program(bushra), "POST", f"/jobs/{job.pk}/proposals", offer | change)
    assert (answer.status_code, answer.said["code"]) == (422, code)
    assert not Proposal.objects.exists()


def test_opening_below_the_floor_names_the_rule(amara: Person, now: datetime) -> None:
    draft = a_draft(amara, at=now, budget=usd(499), deadline=None)
    answer = send(program(amara), "POST", f"/jobs/{draft.pk}/opening")
    assert (answer.status_code, answer.said["code"], answer.said["rule"]) == (
        422,
        "below_floor",
        "minimum_fixed",
    )


def test_a_proposal_is_withdrawn_and_declined_once(
    job: Job, amara: Person, bushra: Person, chen: Person, now: datetime
) -> None:
    mine, other = a_proposal(job, bushra, at=now), a_proposal(job, chen, at=now)
    worker, client = program(bushra), program(amara)
    assert send(worker, "POST", f"/proposals/{mine.pk}/withdrawal").said["state"] == "withdrawn"
    assert send(worker, "POST", f"/proposals/{mine.pk}/withdrawal").status_code == 409
    assert send(client, "GET", f"/proposals/{mine.pk}").status_code == 404
    said = {"reason": "price", "note": "I can pay 80."}
    declined = send(client, "POST", f"/proposals/{other.pk}/refusal", said).said
    assert declined["declined"] == said
    assert send(client, "POST", f"/proposals/{other.pk}/refusal", said).status_code == 409
    assert send(client, "POST", f"/proposals/{other.pk}/refusal", {"reason": "mood"}).status_code == 422


def test_a_closed_job_takes_no_verb(job: Job, amara: Person) -> None:
    client = program(amara)
    assert send(client, "POST", f"/jobs/{job.pk}/closing").said["state"] == "closed"
    for method, where in (("POST", "/closing"), ("POST", "/opening"), ("PATCH", "")):
        assert (
            send(client, method, f"/jobs/{job.pk}{where}", {} if method == "PATCH" else None).status_code
            == 409
        )


def test_a_rival_sees_only_their_own(job: Job, bushra: Person, chen: Person, now: datetime) -> None:
    a_proposal(job, chen, at=now)
    mine = a_proposal(job, bushra, at=now)
    items = send(program(bushra), "GET", f"/jobs/{job.pk}/proposals").said["items"]
    assert [one["id"] for one in items] == [str(mine.pk)]
    assert [one["id"] for one in send(program(bushra), "GET", "/proposals").said["items"]] == [str(mine.pk)]


def test_own_jobs_are_listed_with_drafts(job: Job, amara: Person, bushra: Person, now: datetime) -> None:
    a_draft(amara, at=now)
    assert {one["state"] for one in send(program(amara), "GET", "/jobs/mine").said["items"]} == {
        "draft",
        "open",
    }
    assert send(program(bushra), "GET", "/jobs/mine").said["items"] == []


def every_write(job: Job, proposal: Proposal) -> list[tuple[str, str, Any, str]]:
    return [
        ("POST", "/jobs", {"title": "x"}, "jobs"),
        ("PATCH", f"/jobs/{job.pk}", {}, "jobs"),
        ("POST", f"/jobs/{job.pk}/opening", None, "jobs"),
        ("POST", f"/jobs/{job.pk}/closing", None, "jobs"),
        ("PATCH", f"/proposals/{proposal.pk}", {}, "work"),
        ("POST", f"/proposals/{proposal.pk}/withdrawal", None, "work"),
        ("POST", f"/proposals/{proposal.pk}/refusal", {"reason": "price"}, "jobs"),
        ("POST", f"/proposals/{proposal.pk}/shortlist", {"listed": True}, "jobs"),
        ("POST", f"/proposals/{proposal.pk}/acceptance", {"terms_hash": "x"}, "jobs"),
        ("POST", f"/proposals/{proposal.pk}/acceptance", {"terms_hash": "x"}, "money"),
    ]


def test_every_write_needs_somebody_and_their_scope(
    job: Job, amara: Person, bushra: Person, now: datetime
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    for method, path, body, scope in every_write(job, proposal):
        assert send(Client(), method, path, body).status_code == 401, path
        owner = bushra if scope == "work" else amara
        others = [one for one in ALL if one != scope]
        refused = send(program(owner, *others), method, path, body)
        assert (refused.status_code, refused.said["code"]) == (403, "missing_scope"), path
    job.refresh_from_db()
    proposal.refresh_from_db()
    assert job.is_in("open")
    assert proposal.is_in("sent")


def test_eve_reaches_nothing(job: Job, amara: Person, bushra: Person, eve: Person, now: datetime) -> None:
    proposal = a_proposal(job, bushra, at=now)
    stranger = program(eve)
    for method, path, body, _scope in every_write(job, proposal)[1:]:
        assert send(stranger, method, path, body).status_code == 404, path
    for where in ("", "/terms"):
        assert send(stranger, "GET", f"/proposals/{proposal.pk}{where}").status_code == 404
        assert send(Client(), "GET", f"/proposals/{proposal.pk}{where}").status_code == 401
    assert send(stranger, "GET", f"/jobs/{job.pk}/proposals").said["items"] == []
    draft = a_draft(amara, at=now)
    for where in ("", "/proposals"):
        assert send(stranger, "GET", f"/jobs/{draft.pk}{where}").status_code == 404


def test_one_key_accepts_once(job: Job, amara: Person, bushra: Person, now: datetime) -> None:
    money_for(amara, 11_000, at=now)
    proposal = a_proposal(job, bushra, at=now)
    client = program(amara)
    terms = send(client, "GET", f"/proposals/{proposal.pk}/terms").said
    body = {"terms_hash": terms["hash"]}
    path = f"/proposals/{proposal.pk}/acceptance"
    first, second = (send(client, "POST", path, body, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.said == second.said
    other = send(client, "POST", path, body | {"fund": "all"}, **{"Idempotency-Key": "k"})
    assert other.status_code == 422
    assert Contract.objects.count() == 1


@pytest.mark.parametrize("field", ["skills", "deliverables"])
def test_D18_a_list_has_an_end(amara: Person, field: str) -> None:
    answer = send(program(amara), "POST", "/jobs", {"title": "A sign", field: ["Logo design"] * 101})
    assert (answer.status_code, answer.said["errors"][0]["field"]) == (422, field)
