import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildhall.jobs.models import Job
from guildhall.kernel.delivery import deliver_events
from guildhall.people.models import Person
from guildhall.skills.models import Skill
from guildhall.web.jobs.showing import excerpt_of
from tests.builders.jobs import a_draft, a_paid_job, an_open_job, usd
from tests.builders.talent import skill_ids
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


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


def test_a_job_costs_a_stranger_six_queries(amara: Person, now: Any) -> None:
    skills = [skill.pk for skill in Skill.objects.order_by("slug")[:3]]
    job = an_open_job(amara, at=now, skills=skills, deadline=None)
    with CaptureQueriesContext(connection) as asked:
        page = by(None).get(f"/jobs/{job.pk}")
    assert len(asked) <= 6, [query["sql"][:90] for query in asked]
    said = text_of(page)
    assert "This client is new to paying here." in said
    assert all(name in said for name in Skill.objects.filter(pk__in=skills).values_list("name", flat=True))


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


@pytest.mark.parametrize("piece", ["[", "\n", "\n ", "[a](", "- ", "*", "](", "("])
def test_D18_no_brief_makes_the_list_slow(piece: str) -> None:
    brief = ("x" + piece * 20_000)[:20_000]
    began = time.process_time()
    for _row in range(20):
        excerpt_of(brief)
    assert time.process_time() - began < 1


def test_an_excerpt_leaves_the_marks_out() -> None:
    brief = "# A **sign**\n\n- for [our bakery](https://example.org/a)\n+ cut by hand"
    assert excerpt_of(brief) == "A sign for our bakery cut by hand"


def test_a_client_who_never_hires_is_not_called_new(job: Job, amara: Person, eve: Person, now: Any) -> None:
    for _again in range(3):
        an_open_job(amara, at=now, deadline=None)
    deliver_events(at=now, most=1000)
    page = text_of(by(eve).get(f"/jobs/{job.pk}"))
    assert "first job in this hall" not in page
    assert "Hires when they post 0 of 4" in page
    listed = text_of(by(None).get("/jobs"))
    assert "Has not hired here yet" in listed
    assert "hired for 0 of 4 jobs" in listed
    assert "First job here" not in listed


def test_a_first_job_is_called_one(job: Job, eve: Person, now: Any) -> None:
    deliver_events(at=now, most=1000)
    assert "client’s first job in this hall" in text_of(by(eve).get(f"/jobs/{job.pk}"))


def test_a_clients_record_stands_beside_the_job(amara: Person, bushra: Person, eve: Person, now: Any) -> None:
    a_paid_job(amara, bushra, at=now - timedelta(days=9), waited=timedelta(days=2))
    job = an_open_job(amara, at=now, deadline=None)
    deliver_events(at=now, most=1000)
    page = text_of(by(eve).get(f"/jobs/{job.pk}"))
    assert "Hires when they post 1 of 2" in page
    assert "Pays after delivery 2 days (median)" in page
    assert "Counted by the hall from 1 finished job" in page
    listed = text_of(by(None).get("/jobs"))
    assert "Pays in 2 days" in listed
    assert "hired for 1 of 2 jobs" in listed


def titles_on(page: Any) -> list[str]:
    return re.findall(r'/jobs/[0-9a-f-]{36}">([^<]+)<', page.content.decode())


def test_a_search_by_words_can_be_read_newest_first(amara: Person, now: Any) -> None:
    brief = "For a bakery. " + "Steel, paper and glass. " * 40
    an_open_job(amara, at=now - timedelta(hours=2), title="Steel sign for a bakery", deadline=None)
    an_open_job(amara, at=now, title="Bakery sign, bakery bags and bakery mark", deadline=None)
    an_open_job(amara, at=now + timedelta(hours=1), title="A menu", deadline=None, brief=brief)
    deliver_events(at=now, most=1000)
    newest = by(None).get("/jobs?words=bakery&sort=newest")
    assert titles_on(newest)[0] == "A menu"
    assert titles_on(by(None).get("/jobs?words=bakery"))[-1] == "A menu"
    assert '<option value="newest" selected>' in newest.content.decode()


def test_a_search_reads_on_where_the_database_takes_most_away(amara: Person, now: Any) -> None:
    for number in range(130):
        an_open_job(amara, at=now - timedelta(seconds=number), title=f"Bakery {number:03}", deadline=None)
    for number in range(30):
        at = now - timedelta(hours=1, seconds=number)
        an_open_job(amara, at=at, title=f"Free bakery {number:02}", budget=None, deadline=None)
    deliver_events(at=now, most=1000)
    seen: list[str] = []
    where = "/jobs?words=bakery&price=open&sort=newest"
    for pages in (1, 2):
        page = by(None).get(where)
        assert "Nothing fits" not in text_of(page)
        seen += titles_on(page)
        following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        assert (following is not None) == (pages == 1)
        where = following[1].replace("&amp;", "&") if following else ""
    assert seen == [f"Free bakery {number:02}" for number in range(30)]


def test_a_list_never_says_nothing_fits_while_there_is_more(
    amara: Person, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guildhall.search.queries._STRETCH", 2)
    monkeypatch.setattr("guildhall.search.queries._MOST_STRETCHES", 1)
    for number in range(3):
        an_open_job(amara, at=now - timedelta(seconds=number), title="Bakery", deadline=None)
    an_open_job(amara, at=now - timedelta(hours=1), title="Free bakery", budget=None, deadline=None)
    deliver_events(at=now, most=1000)
    page = by(None).get("/jobs?words=bakery&price=open&sort=newest")
    assert "There are more" in text_of(page)
    assert "Nothing fits" not in text_of(page)
    following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
    assert following
    assert titles_on(by(None).get(following[1].replace("&amp;", "&"))) == ["Free bakery"]


@pytest.mark.parametrize("asked", ["Logo design", "logo-design", "LOGO DESIGN", "logo designer"])
def test_the_skill_box_takes_any_name(asked: str, amara: Person, eve: Person, now: Any) -> None:
    job = an_open_job(amara, at=now, title="Mark", skills=skill_ids("Logo design"), deadline=None)
    an_open_job(amara, at=now, title="Charts", skills=skill_ids("Power BI"), deadline=None)
    deliver_events(at=now, most=1000)
    for words in ("", "steel"):
        page = by(None).get("/jobs", {"skill": asked, "words": words})
        assert titles_on(page) == ["Mark"]
    assert 'href="/jobs?skill=logo-design"' in by(eve).get(f"/jobs/{job.pk}").content.decode()
    listed = by(None).get("/api/v1/jobs", {"skill": asked}).json()["items"]
    assert [one["title"] for one in listed] == ["Mark"]


@pytest.mark.parametrize("words", ["", "steel"])
@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("newest", ["Third", "Second", "First", "Open"]),
        ("budget", ["Second", "First", "Third"]),
        ("deadline", ["First", "Third", "Second"]),
    ],
)
def test_the_list_stands_in_the_order_asked_for(
    *, sort: str, found: list[str], words: str, amara: Person, now: Any
) -> None:
    for hours, (title, budget, days) in enumerate(
        [("Open", None, None), ("First", 20_000, 5), ("Second", 90_000, 30), ("Third", 10_000, 9)]
    ):
        an_open_job(
            amara,
            at=now + timedelta(hours=hours),
            title=title,
            budget=usd(budget) if budget else None,
            deadline=(now + timedelta(days=days)).date() if days else None,
        )
    deliver_events(at=now + timedelta(days=1), most=1000)
    asked = {"sort": sort, "words": words}
    assert titles_on(by(None).get("/jobs", asked)) == found
    listed = by(None).get("/api/v1/jobs", asked).json()["items"]
    assert [one["title"] for one in listed] == found


def test_words_that_no_job_has_are_said_to_be_so(amara: Person, now: Any) -> None:
    an_open_job(amara, at=now, title="A map of mills", deadline=None)
    deliver_events(at=now, most=1000)
    near = text_of(by(None).get("/jobs?words=mapp"))
    assert "Nothing has “mapp”; 1 job has words like it." in near
    for narrowed in ("", "&sort=newest"):
        none = text_of(by(None).get(f"/jobs?words=zzxqq{narrowed}"))
        assert "No job has “zzxqq”, nor words like it." in none
        assert "0 jobs" not in none
    for words, nearly in (("map", False), ("mapp", True), ("zzxqq", False)):
        assert by(None).get(f"/api/v1/jobs?words={words}").json()["nearly"] is nearly


@pytest.fixture
def known_clients(amara: Person, bushra: Person, femi: Person, dalia: Person, now: Any) -> None:
    """One client who hires and pays within two days, one who takes nine, one who never hired."""
    logo, charts = skill_ids("Logo design"), skill_ids("Power BI")
    a_paid_job(amara, bushra, at=now - timedelta(days=20), waited=timedelta(days=2))
    a_paid_job(femi, bushra, at=now - timedelta(days=20), waited=timedelta(days=9))
    an_open_job(amara, at=now, title="Prompt", skills=logo, deadline=None)
    an_open_job(femi, at=now, title="Slow", skills=charts, deadline=None)
    an_open_job(dalia, at=now, title="Untried", skills=[*logo, *charts], deadline=None)
    deliver_events(at=now, most=1000)


@pytest.mark.usefixtures("known_clients")
@pytest.mark.parametrize("words", ["", "steel"])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Prompt", "Slow", "Untried"]),
        ({"hired": "1"}, ["Prompt", "Slow"]),
        ({"prompt": "1"}, ["Prompt"]),
        ({"skill": "logo-design"}, ["Prompt", "Untried"]),
        ({"skill": "Power BI"}, ["Slow", "Untried"]),
        ({"hired": "1", "skill": "Power BI"}, ["Slow"]),
        ({"prompt": "1", "skill": "Power BI"}, []),
        ({"country": "NG"}, ["Slow"]),
    ],
)
def test_a_filter_shows_what_fits_and_nothing_else(
    asked: dict[str, str], words: str, found: list[str]
) -> None:
    assert sorted(titles_on(by(None).get("/jobs", asked | {"words": words}))) == found
    program = {name: "true" if said == "1" else said for name, said in asked.items()}
    listed = by(None).get("/api/v1/jobs", program | {"words": words}).json()["items"]
    assert sorted(one["title"] for one in listed) == found
