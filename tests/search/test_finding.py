"""Finding what the hall's own verbs made, once their events were delivered."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guildhall.jobs.actions.posting import close_job, edit_job
from guildhall.jobs.models import Job
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.people.actions import edit_person
from guildhall.people.models import Person
from guildhall.search.actions import rebuild_index
from guildhall.search.background import freshen
from guildhall.search.models import Mark, Shelf
from guildhall.search.queries import (
    Found,
    JobSearch,
    PersonSearch,
    SearchNotReady,
    search_jobs,
    search_people,
)
from guildhall.talent.actions import save_profile
from tests.builders.jobs import a_brief, a_draft, an_open_job, usd
from tests.builders.talent import a_profile, a_profile_draft, skill_ids
from tests.cast import NOW


def hear() -> None:
    while deliver_events(at=NOW + timedelta(days=400)):
        """Once more: reactions may have announced something themselves."""


def jobs(**asked: Any) -> list[UUID]:
    return search_jobs(JobSearch(**asked)).ids


def test_an_opened_job_is_found_by_its_words_at_once(amara: Person) -> None:
    job = an_open_job(amara)
    other = an_open_job(amara, title="Translate a menu", brief="From Urdu", deliverables=("The menu",))
    a_draft(amara, title="Logo that nobody sees yet")
    hear()
    assert jobs(words="bakery") == [job.pk]
    assert jobs(words="BAKERIES logos") == [job.pk]
    assert jobs(words="menu") == [other.pk]
    assert search_jobs(JobSearch(words="logo")).total == 1


def test_the_worker_works_off_what_changed(amara: Person) -> None:
    an_open_job(amara)
    hear()
    assert Mark.objects.exists()
    assert freshen(at=NOW) >= 1
    assert not Mark.objects.exists()
    assert freshen(at=NOW) == 0


def test_what_changed_is_found_as_it_is_now_and_what_ended_not_at_all(amara: Person) -> None:
    job = an_open_job(amara)
    hear()
    assert jobs(words="bakery") == [job.pk]
    edit_job(job=job, brief=a_brief(title="A sign for a tea house", brief="Tea."), by=amara, at=NOW)
    hear()
    assert jobs(words="bakery") == []
    assert jobs(words="tea house") == [job.pk]
    close_job(job=job, by=amara, at=NOW)
    hear()
    assert jobs(words="tea house") == []
    assert jobs() == []


def test_every_word_must_be_somewhere_and_the_title_weighs_most(amara: Person) -> None:
    in_brief = an_open_job(amara, title="A sign", brief="For a bakery, in Leeds.")
    in_title = an_open_job(amara, title="Bakery sign", brief="In Leeds.")
    hear()
    assert jobs(words="bakery leeds") == [in_title.pk, in_brief.pk]
    assert jobs(words="bakery paris") == []


def test_a_skill_is_found_by_any_of_its_names(amara: Person) -> None:
    job = an_open_job(amara, title="Charts", brief="Figures.", skills=skill_ids("Power BI"))
    hear()
    assert jobs(words="DAX") == [job.pk]
    assert jobs(words="power-bi developer") == [job.pk]
    assert jobs(skill="power-bi") == [job.pk]
    assert jobs(skill="logo-design") == []


def test_one_wrong_letter_finds_what_was_meant_and_says_so(amara: Person) -> None:
    job = an_open_job(amara)
    hear()
    found = search_jobs(JobSearch(words="bakry"))
    assert (found.ids, found.total, found.nearly) == ([job.pk], 1, True)
    assert not search_jobs(JobSearch(words="bakery")).nearly


def test_filters_narrow_and_totals_are_exact(amara: Person, femi: Person) -> None:
    small = an_open_job(amara, budget=usd(5_000))
    large = an_open_job(amara, budget=usd(20_000))
    euro = an_open_job(femi, budget=Money(50_000, "EUR"), currency="EUR")
    free = an_open_job(femi, budget=None)
    hear()
    assert set(jobs()) == {small.pk, large.pk, euro.pk, free.pk}
    assert jobs(min_amount=usd(5_001)) == [large.pk]
    assert jobs(min_amount=usd(5_000), sort="budget") == [large.pk, small.pk]
    assert jobs(min_amount=Money(1, "EUR")) == [euro.pk]
    assert set(jobs(country="NG")) == {euro.pk, free.pk}
    assert search_jobs(JobSearch(country="GB", size=1)).total == 2


def test_orders(amara: Person) -> None:
    first = an_open_job(amara, budget=usd(9_000), deadline=date(2027, 3, 1), at=NOW)
    second = an_open_job(amara, budget=usd(700), deadline=None, at=NOW + timedelta(hours=1))
    third = an_open_job(amara, budget=None, deadline=date(2027, 1, 1), at=NOW + timedelta(hours=2))
    hear()
    assert jobs(sort="newest") == [third.pk, second.pk, first.pk]
    assert jobs(sort="budget") == [first.pk, second.pk]
    assert jobs(sort="deadline") == [third.pk, first.pk]
    assert jobs(words="bakery", sort="newest") == [third.pk, second.pk, first.pk]


def read_all(**asked: Any) -> list[Found]:
    pages = [search_jobs(JobSearch(**asked))]
    while pages[-1].next:
        pages.append(search_jobs(JobSearch(**asked, after=pages[-1].next)))
    return pages


@pytest.mark.parametrize(
    "asked", [{"sort": "newest"}, {"sort": "budget"}, {"sort": "deadline"}, {"words": "bakery"}]
)
def test_pages_show_everything_once_even_where_all_is_equal(amara: Person, asked: dict[str, str]) -> None:
    made = {an_open_job(amara).pk for _each in range(11)}
    hear()
    pages = read_all(size=3, **asked)
    shown = [job for page in pages for job in page.ids]
    assert len(shown) == len(set(shown)) == 11
    assert set(shown) == made
    assert {page.total for page in pages} == {11}


def test_a_page_goes_on_although_newer_things_came(amara: Person) -> None:
    old = [an_open_job(amara, at=NOW + timedelta(minutes=minute)).pk for minute in range(4)]
    hear()
    first = search_jobs(JobSearch(sort="newest", size=2))
    an_open_job(amara, at=NOW + timedelta(hours=1))
    hear()
    second = search_jobs(JobSearch(sort="newest", size=2, after=first.next))
    assert first.ids + second.ids == list(reversed(old))


@pytest.mark.parametrize(
    "cursor", ["x", "!!", "e30", "WzEsMl0", "WyJuZXdlc3QiLC0xLFtdLDAsMF0", "WyJidWRnZXQiLDEsW10sMCwwXQ", "é"]
)
def test_a_foreign_cursor_is_refused(amara: Person, cursor: str) -> None:
    with pytest.raises(Unfit) as refusal:
        search_jobs(JobSearch(sort="newest", after=cursor))
    assert refusal.value.field == "after"


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(Unfit) as refusal:
        search_jobs(JobSearch(sort="price; DROP"))
    assert refusal.value.field == "sort"


WORDS = [
    '"',
    "title:",
    "a AND",
    "(",
    "*",
    "[a TO",
    "~~",
    "\\",
    "!!!",
    "AND OR NOT",
    "+-",
    "^9",
    "\0",
    "a" * 5_000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", WORDS)
def test_no_words_are_a_wrong_question(words: str) -> None:
    assert search_jobs(JobSearch(words=words)).total == 0
    assert search_people(PersonSearch(words=words)).total == 0


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.integers(-5, 10**9),
)
def test_any_text_is_answered(words: str, size: int) -> None:
    search_jobs(JobSearch(words=words, skill=words, country=words, size=size))
    search_people(PersonSearch(words=words, language=words, size=size))


def test_people_are_found_by_words_skills_languages_and_rate(bushra: Person, chen: Person) -> None:
    a_profile(bushra)
    a_profile(
        chen, title="Charts", skills=["Power BI"], languages=["zh"], rate=usd(2_500), overview="Figures."
    )
    hear()

    def people(**asked: Any) -> list[UUID]:
        return search_people(PersonSearch(**asked)).ids

    assert people(words="bushra") == [bushra.pk]
    assert people(words="steel signs") == [bushra.pk]
    assert people(skill="power-bi") == [chen.pk]
    assert people(language="ur") == [bushra.pk]
    assert people(country="CN") == [chen.pk]
    assert people(max_rate=usd(900)) == [bushra.pk]
    assert people(max_rate=usd(899)) == []
    assert people(sort="rate") == [bushra.pk, chen.pk]
    save_profile(by=chen, draft=a_profile_draft(availability="away"), at=NOW)
    hear()
    assert people(available=True) == [bushra.pk]


def test_a_hidden_profile_is_not_found_and_a_new_name_is(bushra: Person) -> None:
    a_profile(bushra)
    edit_person(by=bushra, name="Bushra Hunzai", country="PK", town="", language="en", timezone="UTC", at=NOW)
    hear()
    assert search_people(PersonSearch(words="hunzai")).ids == [bushra.pk]
    a_profile(bushra, shown=False)
    hear()
    assert search_people(PersonSearch()).total == 0


def test_the_index_can_be_thrown_away_and_built_again(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    a_profile(bushra)
    hear()
    assert jobs() == [job.pk]
    shutil.rmtree(Path(settings.GUILDHALL_HOME) / "search")
    assert jobs() == [job.pk]
    assert rebuild_index() == 2
    assert jobs(words="bakery") == [job.pk]
    assert len(list((Path(settings.GUILDHALL_HOME) / "search" / "jobs").iterdir())) >= 1


def test_an_index_of_other_tables_is_not_believed(amara: Person) -> None:
    job = an_open_job(amara)
    hear()
    assert jobs() == [job.pk]
    Shelf.objects.filter(kind="jobs").update(serial=7)  # as after a backup was played back
    assert jobs() == [job.pk]
    freshen(at=NOW)
    assert Shelf.objects.get(kind="jobs").serial == 1


def test_a_job_that_nobody_announced_waits_for_its_event(amara: Person) -> None:
    an_open_job(amara)
    hear()
    assert search_jobs(JobSearch()).total == 1
    Job.objects.update(title="Changed behind the verbs’ back")
    assert search_jobs(JobSearch(words="bakery")).total == 1  # only events are followed


def test_a_large_index_is_the_workers_to_build_and_the_old_one_answers_meanwhile(
    amara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guildhall.search.queries._MOST_AT_ONCE", 1)
    made = {an_open_job(amara).pk for _each in range(3)}
    hear()
    with pytest.raises(SearchNotReady) as refusal:
        jobs()
    assert refusal.value.status == 503
    freshen(at=NOW)
    assert set(jobs()) == made
    old = Shelf.objects.get(kind="jobs").generation
    Shelf.objects.filter(kind="jobs").update(serial=7)
    assert set(jobs()) == made
    assert Shelf.objects.get(kind="jobs").generation == old
    freshen(at=NOW)
    assert Shelf.objects.get(kind="jobs").generation != old
    assert set(jobs()) == made


def test_nobody_reads_an_empty_list_where_the_index_is_missing(
    client: Client, amara: Person, bushra: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_open_job(amara)
    a_profile(bushra)
    hear()
    assert client.get("/talent").status_code == 200
    shutil.rmtree(Path(settings.GUILDHALL_HOME) / "search")
    monkeypatch.setattr(
        "guildhall.search.queries.freshen_index", lambda **_asked: 0
    )  # somebody else is at it
    for address in ("/talent", "/jobs?words=bakery", "/api/v1/talent", "/api/v1/jobs?words=bakery"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert "search is being set up" in answer.content.decode()
    assert client.get("/jobs").status_code == 200


def test_rebuilding_reports_how_far_it_is(amara: Person, bushra: Person) -> None:
    an_open_job(amara)
    a_profile(bushra)
    hear()
    said: list[tuple[float, float, str]] = []
    assert rebuild_index(progress=lambda *so_far: said.append(so_far)) == 2
    assert said == [(1, 1, "jobs"), (1, 1, "people")]
    assert not Mark.objects.exists()
