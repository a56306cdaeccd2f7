"""B15: a rival learns neither a price nor a count, by no page, list, order, filter, header or feed."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.jobs.actions.proposing import edit_proposal, withdraw_proposal
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.queries import jobs_visible_to, open_jobs
from guildhall.jobs.rules import MOST_TRIES
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.ids import new_id
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.jobs import a_proposal, an_offer, an_open_job, usd
from tests.builders.talent import a_profile
from tests.cast import a_person

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/jobs",
    "/jobs?sort=budget",
    "/jobs?sort=deadline",
    "/jobs?sort=newest",
    "/jobs?words=bakery",
    "/jobs?words=bakery&sort=budget",
    "/jobs?price=open",
    "/jobs?pays=100",
    "/jobs?hired=1",
    "/jobs?prompt=1",
    "/talent",
    "/talent/chen",
    "/notices",
    "/api/v1/jobs",
    "/api/v1/jobs?sort=budget",
    "/api/v1/jobs?words=bakery",
    "/api/v1/jobs?words=bakery&price_open=true",
    "/api/v1/jobs/mine",
    "/api/v1/talent",
    "/api/v1/talent/chen",
    "/api/v1/notices",
    "/api/v1/me/records",
    "/api/v1/rules",
]
OF_ONE = [
    "/jobs/{job}",
    "/jobs/{job}?sort=price",
    "/jobs/{job}?sort=price&listed=1",
    "/jobs/{job}/proposal",
    "/api/v1/jobs/{job}",
    "/api/v1/jobs/{job}/proposals",
    "/api/v1/jobs/{job}/proposals?size=1",
    "/api/v1/jobs/{job}/proposals?sort=price",
    "/api/v1/jobs/{job}/proposals?listed=true",
]
MINE = ["/work", "/notices", "/proposals/{mine}", "/api/v1/proposals", "/api/v1/proposals/{mine}/terms"]


def bare(answer: Any) -> tuple[int, dict[str, str], str]:
    """An answer without what is new in every answer: form tokens, keys, and how long ago something was."""
    body = answer.getvalue().decode()
    body = re.sub(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"', "", body)
    body = re.sub(r"(<time[^>]*>)[^<]*(</time>)", r"\1\2", body)
    body = re.sub(r'"(taken_at|signed_in_last_at)": ?"[^"]*"', "", body)
    headers = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
    headers.pop("Content-Length", None)
    return answer.status_code, headers, body


def everything_seen(rival: Person | None, secret: str, job: Job, mine: Any) -> dict[str, Any]:
    page = Client()
    program = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})
    if rival is not None:
        page.force_login(rival)
    places = [*PAGES, *OF_ONE, *(MINE if mine else [])]
    seen = {}
    for place in places:
        address = place.format(job=job.pk, mine=mine.pk if mine else "")
        seen[address] = bare((program if "/api/" in address else page).get(address))
    return seen


def raises_the_price(job: Job, worker: Person, at: Any) -> None:
    [proposal] = job.proposals.filter(worker=worker)
    edit_proposal(proposal=proposal, offer=an_offer(99_900, at=at), by=worker, at=at)


def goes_away(job: Job, worker: Person, at: Any) -> None:
    [proposal] = job.proposals.filter(worker=worker)
    withdraw_proposal(proposal=proposal, by=worker, at=at)


def joins_in(job: Job, worker: Person, at: Any) -> None:
    del worker
    a_proposal(job, a_person("Femi"), minor=500, at=at)


def two_join_in(job: Job, worker: Person, at: Any) -> None:
    del worker
    for name in ("Femi", "Gita"):
        a_proposal(job, a_person(name), minor=123_456, at=at)


CHANGES: list[Callable[[Job, Person, Any], None]] = [raises_the_price, goes_away, joins_in, two_join_in]


@pytest.mark.parametrize(("change", "who"), list(product(CHANGES, ["bidder", "member", "visitor"])))
def test_B15_nothing_that_a_rival_can_read_depends_on_anothers_proposal(
    change: Callable[[Job, Person, Any], None], who: str, amara: Person, bushra: Person, chen: Person
) -> None:
    now = timezone.now() - timedelta(hours=1)
    job = an_open_job(amara, at=now, deadline=(now + timedelta(days=20)).date())
    an_open_job(amara, at=now, title="A menu for the same bakery", budget=None, deadline=None)
    a_profile(chen, at=now, handle="chen")
    a_proposal(job, chen, minor=9_000, at=now)
    rival = None if who == "visitor" else bushra
    mine = a_proposal(job, bushra, minor=11_000, at=now) if who == "bidder" else None
    secret = create_token(by=bushra, name="t", scopes=["read"], at=now)[1] if rival else ""
    deliver_events(at=timezone.now(), most=1000)
    before = everything_seen(rival, secret, job, mine)
    change(job, chen, timezone.now())
    deliver_events(at=timezone.now(), most=1000)
    after = everything_seen(rival, secret, job, mine)
    for address, answer in before.items():
        assert after[address] == answer, address
        assert not {"ETag", "Last-Modified"} & answer[1].keys(), address
    assert any("0–4" in body for _status, _headers, body in before.values())


def test_B15_a_band_changes_at_its_edges_only(amara: Person, bushra: Person) -> None:
    now = timezone.now()
    job = an_open_job(amara, at=now, deadline=None)
    client = Client()
    client.force_login(bushra)
    seen = []
    for number in range(11):
        page = client.get(f"/jobs/{job.pk}").content.decode()
        seen += re.findall(r">([^\s<>]+) proposals<", page)
        a_proposal(job, a_person(f"Worker{number}"), minor=usd(1_000 + number).minor, at=now)
    assert seen == ["0–4"] * 5 + ["5–9"] * 5 + ["10–19"]


def test_B15_nobody_finds_a_bands_edge_by_coming_and_going(amara: Person, bushra: Person) -> None:
    now = timezone.now()
    job = an_open_job(amara, at=now, deadline=None)
    for number in range(4):
        a_proposal(job, a_person(f"Worker{number}"), at=now)
    mine = a_proposal(job, bushra, at=now)
    seen = [jobs_visible_to(bushra).get(pk=job.pk).band]
    for _again in range(2):
        withdraw_proposal(proposal=mine, by=bushra, at=now)
        seen.append(jobs_visible_to(bushra).get(pk=job.pk).band)
        mine = a_proposal(job, bushra, at=now)
        seen.append(jobs_visible_to(bushra).get(pk=job.pk).band)
    assert seen == ["5–9"] * 5


def test_B15_the_question_behind_a_band_reads_no_more_than_decides_it(amara: Person, bushra: Person) -> None:
    now = timezone.now()
    job = an_open_job(amara, at=now, deadline=None)
    one = Proposal.objects.filter(pk=a_proposal(job, bushra, at=now).pk).values().get()
    one |= {"state": "withdrawn"}
    Proposal.objects.bulk_create(Proposal(**one | {"id": new_id()}) for _each in range(400))
    plan = json.loads(open_jobs().filter(pk=job.pk).explain(analyze=True, format="json"))

    def read(node: dict[str, Any]) -> float:
        here = (
            node["Actual Rows"] * node["Actual Loops"] if node.get("Relation Name") == "jobs_proposal" else 0
        )
        return float(here) + sum(read(inner) for inner in node.get("Plans", []))

    assert 0 < read(plan[0]["Plan"]) <= 50 * MOST_TRIES
