import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildhall.contracts.models import Contract
from guildhall.jobs.actions.deciding import decline_proposal
from guildhall.jobs.models import Decline, Job, Proposal
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.people.models import Person
from guildhall.skills.models import Skill
from tests.builders.contracts import money_for
from tests.builders.jobs import a_draft, a_proposal, an_open_job, usd

pytestmark = pytest.mark.django_db


def by(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


BRIEF = {
    "title": "Logo and shop sign",
    "brief": "For a bakery. It should work cut out of steel.",
    "deliverables": "Three sketches\r\nThe sign\r\n",
    "skills": "logo design",
    "pricing": "budget",
    "budget": "120.00",
    "currency": "USD",
    "deadline": "2036-12-20",
}


@pytest.fixture
def now() -> Any:
    """Pages read the clock, so what they are asked about lies around it."""
    from django.utils import timezone  # noqa: PLC0415

    return timezone.now()


@pytest.fixture
def brief(now: Any) -> dict[str, str]:
    return {**BRIEF, "deadline": (now + timedelta(days=30)).date().isoformat()}


@pytest.fixture
def job(amara: Person, now: Any) -> Job:
    return an_open_job(amara, at=now, deadline=(now + timedelta(days=30)).date())


@pytest.fixture
def offer(now: Any) -> dict[str, str]:
    return {
        "price": "110.00",
        "delivery": (now + timedelta(days=14)).date().isoformat(),
        "letter": "Dear Amara, I drew the sign of my uncle’s tea house.",
        "rows": "3",
    }


# ------------------------------------------------------------------ finding


def test_visitors_find_open_work(job: Job) -> None:
    page = by(None).get("/jobs")
    assert page.status_code == 200
    assert job.title in text_of(page)
    assert "120.00 USD" in text_of(page)
    assert "0–4 proposals" in text_of(page)
    assert "First job here" in text_of(page)


def test_a_list_of_twenty_costs_six_queries_and_pages_by_key(amara: Person, bushra: Person, now: Any) -> None:
    skills = [skill.pk for skill in Skill.objects.order_by("slug")[:3]]
    for number in range(23):
        an_open_job(
            amara, at=now + timedelta(seconds=number), title=f"Job {number:02}", skills=skills, deadline=None
        )
    client = by(bushra)
    client.get("/jobs")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/jobs")
    assert len(asked) <= 6, [query["sql"][:90] for query in asked]
    assert len(re.findall(r"Job \d\d", text_of(page))) == 20
    following = re.search(r'href="(/jobs\?after=[^"]+)"', page.content.decode())
    assert following
    rest = client.get(following[1])
    assert sorted(re.findall(r"Job \d\d", text_of(rest))) == ["Job 00", "Job 01", "Job 02"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Cheap", "Dear", "Free"]),
        ("?pays=50", ["Dear"]),
        ("?pays=50&currency=EUR", []),
        ("?price=open", ["Free"]),
        ("?country=GB", ["Cheap", "Dear", "Free"]),
        ("?country=pk", []),
        ("?hired=1", []),
        ("?prompt=1", []),
        ("?sort=budget", ["Cheap", "Dear"]),
        ("?sort=deadline", ["Dear"]),
        ("?skill=nothing-like-it", []),
        ("?words=dear", ["Dear"]),
        ("?words=dear&price=open", []),
        ("?words=%27%22--", []),
    ],
)
def test_filters_narrow_the_list(asked: str, found: list[str], amara: Person, now: Any) -> None:
    an_open_job(amara, at=now, title="Cheap", budget=usd(1_000), deadline=None)
    an_open_job(amara, at=now, title="Dear", budget=usd(90_000), deadline=(now + timedelta(days=9)).date())
    an_open_job(amara, at=now, title="Free", budget=None, deadline=None)
    deliver_events(at=now, most=1000)
    page = by(None).get(f"/jobs{asked}")
    assert page.status_code == 200
    assert sorted(re.findall(r'/jobs/[0-9a-f-]{36}">(\w+)<', page.content.decode())) == found


@pytest.mark.parametrize(
    "asked",
    ["?pays=12.345", "?pays=-1", "?sort=price", "?currency=XXX", "?price=sealed", "?words=" + "x" * 300],
)
def test_a_wrong_filter_is_said_and_breaks_nothing(asked: str, job: Job) -> None:
    assert by(None).get(f"/jobs{asked}").status_code == 422


def test_a_wrong_cursor_is_said(job: Job) -> None:
    assert by(None).get("/jobs?after=nonsense").status_code == 422


def test_the_page_of_a_job_shows_its_brief(job: Job, eve: Person) -> None:
    for person in (None, eve):
        page = by(person).get(f"/jobs/{job.pk}")
        assert page.status_code == 200
        assert "Three sketches in black" in text_of(page)
    assert "Sign in and propose" in text_of(by(None).get(f"/jobs/{job.pk}"))


def test_eve_finds_no_draft(amara: Person, eve: Person, now: Any) -> None:
    draft = a_draft(amara, at=now)
    for person in (None, eve):
        assert by(person).get(f"/jobs/{draft.pk}").status_code == 404
    assert by(amara).get(f"/jobs/{draft.pk}").status_code == 200


# ------------------------------------------------------------------ posting


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


# ------------------------------------------------------------------ proposing


def test_the_net_is_shown_before_anything_is_sent(job: Job, bushra: Person, offer: dict[str, str]) -> None:
    client = by(bushra)
    looked = client.post(f"/jobs/{job.pk}/proposal", offer | {"do": "look"})
    assert looked.status_code == 200
    assert "−5.50 USD" in text_of(looked)
    assert "104.50 USD" in text_of(looked)
    assert not Proposal.objects.exists()
    unseen = client.post(f"/jobs/{job.pk}/proposal", offer | {"do": "send"})
    assert unseen.status_code == 200
    assert not Proposal.objects.exists()
    shown = re.search(r'name="shown" value="([^"]+)"', looked.content.decode())
    assert shown
    sent = client.post(f"/jobs/{job.pk}/proposal", offer | {"do": "send", "shown": shown[1]})
    proposal = Proposal.objects.get()
    assert sent.headers["Location"] == f"/proposals/{proposal.pk}"
    assert "104.50 USD" in text_of(client.get(f"/proposals/{proposal.pk}"))
    assert "Open your proposal" in text_of(client.get(f"/jobs/{job.pk}"))


def test_a_price_that_changed_after_looking_is_looked_at_again(
    job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    sent = {"do": "send", "shown": "11000-10450"}
    page = by(bushra).post(f"/jobs/{job.pk}/proposal", offer | sent | {"price": "100.00"})
    assert page.status_code == 200
    assert "95.00 USD" in text_of(page)
    assert not Proposal.objects.exists()


def test_milestones_are_typed_in_rows_and_more_rows_can_be_had(
    job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    client = by(bushra)
    typed = offer | {"title_1": "Sketches", "amount_1": "40.00", "title_2": "Sign", "amount_2": "70.00"}
    more = client.post(f"/jobs/{job.pk}/proposal", typed | {"do": "more"})
    assert more.status_code == 200
    assert "Milestone 6" in text_of(more)
    assert 'value="Sketches"' in more.content.decode()
    looked = client.post(f"/jobs/{job.pk}/proposal", typed | {"do": "look"})
    shown = re.search(r'name="shown" value="([^"]+)"', looked.content.decode())
    assert shown
    client.post(f"/jobs/{job.pk}/proposal", typed | {"do": "send", "shown": shown[1]})
    assert Proposal.objects.get().milestones.count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"price": ""}, "This field is required"),
        ({"price": "4.99"}, "minimum_fixed"),
        ({"price": "１００"}, "without signs"),
        ({"delivery": "2020-01-01"}, "That day has passed"),
        ({"letter": " "}, "This field is required"),
        ({"title_1": "Half", "amount_1": "50.00"}, "they must be the same"),
        ({"amount_1": "50.00"}, "Say what this step is"),
        ({"title_1": "Half"}, "Write what this step costs"),
    ],
)
def test_an_offer_that_does_not_fit_keeps_what_was_typed(
    change: dict[str, str], sentence: str, job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    page = by(bushra).post(f"/jobs/{job.pk}/proposal", {**offer, "do": "look", **change})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not Proposal.objects.exists()


def test_a_letter_that_leads_away_is_refused_when_sent(
    job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    letter = "Write to me on WhatsApp +92 300 1234567."
    sent = offer | {"letter": letter, "do": "send", "shown": "11000-10450"}
    page = by(bushra).post(f"/jobs/{job.pk}/proposal", sent)
    assert page.status_code == 422
    assert letter in text_of(page)
    assert not Proposal.objects.exists()


def test_a_proposal_is_changed_and_withdrawn(
    job: Job, bushra: Person, offer: dict[str, str], now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    client = by(bushra)
    assert "Sketches" in client.get(f"/jobs/{job.pk}/proposal").content.decode()
    sent = {"do": "send", "shown": "9000-8550", "price": "90.00"}
    assert client.post(f"/jobs/{job.pk}/proposal", offer | sent).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.version, proposal.money) == (2, usd(9_000))
    assert client.get(f"/proposals/{proposal.pk}/withdrawal").status_code == 200
    assert client.post(f"/proposals/{proposal.pk}/withdrawal").status_code == 302
    assert client.post(f"/proposals/{proposal.pk}/withdrawal").status_code == 409
    assert "Withdrawn" in text_of(client.get(f"/proposals/{proposal.pk}"))


def test_nobody_proposes_to_their_own_job(job: Job, amara: Person, offer: dict[str, str]) -> None:
    sent = offer | {"do": "send", "shown": "11000-10450"}
    page = by(amara).post(f"/jobs/{job.pk}/proposal", sent)
    assert page.status_code == 409
    assert "your own job" in text_of(page)


# ------------------------------------------------------------------ choosing


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
