import re
from typing import Any

import pytest

from guildhall.jobs.models import Job
from guildhall.payments.rules import CURRENCIES
from guildhall.people.models import Person
from tests.builders.jobs import a_proposal
from tests.web.jobs.samples import BRIEF
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def test_a_job_is_drafted_seen_and_opened(amara: Person, brief: dict[str, str]) -> None:
    client = by(amara)
    assert client.get("/jobs/new").status_code == 200
    kept = client.post("/jobs/new", brief)
    job = Job.objects.get()
    assert kept.headers["Location"] == f"/jobs/{job.pk}"
    assert job.is_in("draft")
    assert "Open this job" in text_of(client.get(f"/jobs/{job.pk}"))
    opened = client.post(f"/jobs/{job.pk}/opening")
    assert opened.status_code == 302
    assert "No proposals yet" in text_of(client.get(f"/jobs/{job.pk}"))
    assert by(None).get(f"/jobs/{job.pk}").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 130}, "10 characters too long"),
        ({"budget": "1,000"}, "without signs or thousands marks"),
        ({"budget": ""}, "or let workers propose the price"),
        ({"skills": "logo design, underwater basket weaving 3000"}, "underwater basket weaving 3000"),
        ({"deadline": "tomorrow"}, "year-month-day"),
        ({"currency": "XXX"}, "Select a valid choice"),
        ({"title": "nul \x00"}, "Null characters"),
    ],
)
def test_a_brief_that_does_not_fit_keeps_what_was_typed(
    change: dict[str, str], sentence: str, amara: Person, brief: dict[str, str]
) -> None:
    page = by(amara).post("/jobs/new", brief | change)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "It should work cut out of steel." in text_of(page)
    assert not Job.objects.exists()


def test_a_draft_below_the_floor_says_so_and_is_not_opened(amara: Person, brief: dict[str, str]) -> None:
    client = by(amara)
    client.post("/jobs/new", brief | {"budget": "4.99"})
    job = Job.objects.get()
    assert "minimum_fixed" in text_of(client.get(f"/jobs/{job.pk}"))
    page = client.post(f"/jobs/{job.pk}/opening")
    assert page.status_code == 422
    assert "5.00 USD" in text_of(page)
    assert 'href="/rules#minimum_fixed"' in page.content.decode()
    job.refresh_from_db()
    assert job.is_in("draft")


def test_a_brief_is_changed_and_the_job_closed(amara: Person, job: Job, bushra: Person, now: Any) -> None:
    a_proposal(job, bushra, at=now)
    client = by(amara)
    page = client.get(f"/jobs/{job.pk}/edit")
    assert "Three sketches in black" in text_of(page)
    form = {**BRIEF, "deadline": job.deadline.isoformat() if job.deadline else "", "title": "Only a sign"}
    assert client.post(f"/jobs/{job.pk}/edit", form).status_code == 302
    assert "Asked to confirm your change" in text_of(client.get(f"/jobs/{job.pk}"))
    assert "1 proposal waits" in text_of(client.get(f"/jobs/{job.pk}/closing"))
    assert client.post(f"/jobs/{job.pk}/closing").status_code == 302
    assert client.post(f"/jobs/{job.pk}/closing").status_code == 409
    assert client.post(f"/jobs/{job.pk}/edit", form).status_code == 409
    assert client.get(f"/jobs/{job.pk}/edit").status_code == 302


@pytest.mark.parametrize("where", ["edit", "opening", "closing"])
def test_eve_changes_nothing_of_amaras_job(where: str, job: Job, eve: Person, brief: dict[str, str]) -> None:
    address = f"/jobs/{job.pk}/{where}"
    assert by(eve).post(address, brief).status_code == 404
    visitor = by(None).post(address, brief)
    assert visitor.status_code == 302
    assert "sign-in" in visitor.headers["Location"] or "login" in visitor.headers["Location"]
    job.refresh_from_db()
    assert job.is_in("open")


def test_a_refused_word_leads_to_its_rule(amara: Person, brief: dict[str, str]) -> None:
    client = by(amara)
    client.post("/jobs/new", brief | {"brief": "Write to me on Telegram @amara_k."})
    page = client.post(f"/jobs/{Job.objects.get().pk}/opening")
    assert page.status_code == 422
    [rule] = re.findall(r'href="/rules#(\w+)"', page.content.decode())
    assert f'id="{rule}"' in client.get("/rules").content.decode()
    mended = client.post("/jobs/new", brief | {"budget": "1,000"})
    assert "/rules#" not in mended.content.decode()


def test_a_job_is_posted_only_in_what_can_be_paid_in(amara: Person, brief: dict[str, str]) -> None:
    client = by(amara)
    for address in ("/jobs/new", "/money/deposits", "/jobs"):
        page = client.get(address).content.decode()
        [choices] = re.findall(r'<select name="currency".*?</select>', page, flags=re.DOTALL)
        assert re.findall(r'<option value="([A-Z]{3})"', choices) == list(CURRENCIES)
    assert client.post("/jobs/new", brief | {"currency": "CAD"}).status_code == 422
    told = client.post(
        "/api/v1/jobs", {"title": "A sign", "currency": "CAD"}, content_type="application/json"
    )
    assert (told.status_code, told.json()["errors"][0]["field"]) == (422, "currency")
    assert not Job.objects.exists()


def test_what_is_wrong_with_an_answer_is_read_out_with_its_hint(amara: Person, brief: dict[str, str]) -> None:
    page = by(amara).post("/jobs/new", brief | {"budget": "1,000"}).content.decode()
    [budget] = re.findall(r'<input[^>]* name="budget"[^>]*>', page)
    assert 'aria-describedby="id_budget_helptext id_budget_error"' in budget
    assert 'aria-invalid="true"' in budget
    assert "What is it for?</label>" in page, "it has to be answered before the job opens"


def article_of(page: Any) -> str:
    """What a job's page says of the job: not where it stands, when it was opened, nor who its client is."""
    [article] = re.findall(r"<article.*?</article>", page.content.decode(), flags=re.DOTALL)
    client = r'<section class="stack tight" aria-labelledby="client">.*?</section>'
    said = re.sub(client, "", article, flags=re.DOTALL)
    of_its_state = r'<span class="state [^>]*>[^<]*</span>|<span>[^<]*(?:proposals|posted).*?</span>'
    return re.sub(r"\s+", " ", re.sub(of_its_state, "", said)).replace("> <", "><")


def test_a_preview_is_what_others_read_once_it_is_open(
    amara: Person, eve: Person, brief: dict[str, str]
) -> None:
    client = by(amara)
    client.post("/jobs/new", brief)
    job = Job.objects.get()
    preview = article_of(client.get(f"/jobs/{job.pk}"))
    client.post(f"/jobs/{job.pk}/opening")
    assert (
        preview == article_of(by(eve).get(f"/jobs/{job.pk}")) == article_of(by(None).get(f"/jobs/{job.pk}"))
    )
    numbered = re.sub(r"<(?!/?(ol|li))[^>]*>", "", preview)
    assert '<ol class="num"><li>Three sketches</li><li>The sign</li></ol>' in re.sub(r">\s+<", "><", numbered)
    for part in (
        "Logo and shop sign",
        "cut out of steel",
        "Three sketches",
        "Logo design",
        "120.00",
    ):
        assert part in preview


def test_the_price_may_be_left_to_workers(
    amara: Person, bushra: Person, brief: dict[str, str], now: Any
) -> None:
    client = by(amara)
    client.post("/jobs/new", brief | {"pricing": "proposed", "budget": ""})
    job = Job.objects.get()
    assert job.money is None
    assert "to be proposed in USD" in text_of(client.get(f"/jobs/{job.pk}"))
    assert 'value="proposed" checked' in re.sub(
        r' id="[^"]*"', "", client.get(f"/jobs/{job.pk}/edit").content.decode()
    )
    client.post(f"/jobs/{job.pk}/opening")
    assert "You name the price" in text_of(by(None).get("/jobs"))
    assert "They left the price to you" in text_of(by(bushra).get(f"/jobs/{job.pk}"))
    proposal = a_proposal(job, bushra, minor=77_700, at=now)
    assert "777.00 USD" in text_of(client.get(f"/jobs/{job.pk}"))
    assert proposal.is_in("sent")
