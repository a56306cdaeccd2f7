from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from guildhall.jobs.actions.posting import brief_of, close_job, edit_job
from guildhall.jobs.importing.actions import import_jobs
from guildhall.jobs.importing.reading import NoPosts
from guildhall.jobs.importing.report import Line, Outcome, Report
from guildhall.jobs.models import Deliverable, Job
from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from tests.cast import NOW
from tests.jobs.importing.conftest import COLUMNS, Save, a_row, as_csv

DEADLINE = date(2027, 3, 31)


def bring_in(file: Path, person: Person, **facts: Any) -> Report:
    return import_jobs(file=file, by=person, at=NOW, deadline=DEADLINE, **facts)


def outcomes(report: Report) -> list[Outcome]:
    return [line.outcome for line in report.lines]


def only(report: Report) -> Line:
    (line,) = report.lines
    return line


def test_what_may_open_opens_with_everything_the_row_says(amara: Person, save: Save) -> None:
    report = bring_in(save(as_csv([a_row(fixed_budget="120.0", price="Budget:$120")])), amara)
    line = only(report)
    assert (line.outcome, line.unknown) == (Outcome.OPENED, ("Stink bombs",))
    job = Job.objects.get()
    assert (job.pk, job.state, job.client_id, job.deadline) == (line.job, "open", amara.pk, DEADLINE)
    assert (job.title, job.brief, job.budget, job.currency, job.country) == (
        "Charts number 1", "Chart our & their sales.", 12_000, "USD", "KE",
    )  # fmt: skip
    assert [skill.slug for skill in job.skills.order_by("slug")] == ["sql", "tableau"]
    assert Deliverable.objects.get(job=job).text == "Charts number 1"


def test_without_a_budget_the_price_is_to_be_proposed(amara: Person, save: Save) -> None:
    assert only(bring_in(save(as_csv([a_row()])), amara)).outcome == Outcome.OPENED
    assert Job.objects.get().budget is None


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"is_hourly": "True", "price": "Hourly Range:$5.00-$9.00"}, "Hourly work is not offered"),
        ({"fixed_budget": "4.0"}, "below the least"),
        ({"fixed_budget": "4.0", "price": "Budget:$4,000"}, "The column says 4.00 USD, the text 4000.00 USD"),
        ({"fixed_budget": "6.0", "price": "Budget:$6,000"}, "The column says 6.00 USD, the text 6000.00 USD"),
        ({"words": "Write to me@x.example"}, "contacts_stay_inside"),
        ({"words": "Throw a stink bomb"}, "no_harm_to_people"),
        ({"words": ""}, "Say what the work is for"),
    ],
)
def test_the_rest_is_kept_as_a_draft_with_the_reason(
    amara: Person, save: Save, cells: dict[str, str], reason: str
) -> None:
    line = only(bring_in(save(as_csv([a_row(**cells)])), amara))  # type: ignore[arg-type]
    assert line.outcome == Outcome.KEPT
    assert reason in line.reason
    job = Job.objects.get()
    assert (job.state, job.draft_reason) == ("draft", f"{line.reason} {line.detail}".strip()[:200])


def test_a_second_run_changes_nothing(amara: Person, save: Save) -> None:
    file = save(as_csv([a_row(1), a_row(2, is_hourly="True"), a_row(3, fixed_budget="4")]))
    bring_in(file, amara)
    before = list(Job.objects.order_by("pk").values()), Event.objects.count()
    again = import_jobs(file=file, by=amara, at=NOW + timedelta(days=1), deadline=DEADLINE)
    assert outcomes(again) == [Outcome.UNCHANGED] * 3
    assert (list(Job.objects.order_by("pk").values()), Event.objects.count()) == before


def test_a_link_that_stands_twice_counts_once_and_the_later_row_holds(amara: Person, save: Save) -> None:
    file = save(as_csv([a_row(1, title="Old"), a_row(2), a_row(1, title="New")]))
    report = bring_in(file, amara)
    assert outcomes(report) == [Outcome.REPEATED, Outcome.OPENED, Outcome.OPENED]
    assert sorted(Job.objects.values_list("title", flat=True)) == ["Charts number 2", "New"]
    assert outcomes(bring_in(file, amara)) == [Outcome.REPEATED, Outcome.UNCHANGED, Outcome.UNCHANGED]


@pytest.mark.parametrize(
    "broken", [{"fixed_budget": "x"}, {"title": " "}, {"words": "x" * 20_001}, {"is_hourly": "maybe"}]
)
def test_a_later_row_that_cannot_be_used_does_not_take_the_place_of_a_good_one(
    amara: Person, save: Save, broken: dict[str, Any]
) -> None:
    report = bring_in(save(as_csv([a_row(1), a_row(1, **broken), a_row(2)])), amara)
    assert outcomes(report) == [Outcome.OPENED, Outcome.BROKEN, Outcome.OPENED]
    assert report.lines[1].reason
    again = bring_in(save(as_csv([a_row(3, **broken), a_row(3), a_row(3, **broken)])), amara)
    assert outcomes(again) == [Outcome.REPEATED, Outcome.OPENED, Outcome.BROKEN]


def test_another_deadline_moves_what_still_lives_and_leaves_its_words(amara: Person, save: Save) -> None:
    file = save(as_csv([a_row(1), a_row(2, is_hourly="True"), a_row(3)]))
    bring_in(file, amara)
    opened, kept, closed = Job.objects.order_by("pk")
    close_job(job=closed, by=amara, at=NOW)
    edit_job(job=opened, brief=replace(brief_of(opened), title="My own words"), by=amara, at=NOW)
    later = DEADLINE + timedelta(days=60)
    report = import_jobs(file=file, by=amara, at=NOW, deadline=later)
    assert outcomes(report) == [Outcome.CHANGED, Outcome.CHANGED, Outcome.UNCHANGED]
    assert list(Job.objects.order_by("pk").values_list("title", "state", "deadline")) == [
        ("My own words", "open", later),
        (kept.title, "draft", later),
        (closed.title, "closed", DEADLINE),
    ]
    assert outcomes(import_jobs(file=file, by=amara, at=NOW)) == [Outcome.UNCHANGED] * 3, "none was told"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"min_rate": "15.0", "max_rate": "30.0"}, "An hour was to pay 15.00 USD to 30.00 USD."),
        ({"min_rate": "", "max_rate": "20"}, "An hour was to pay 20.00 USD."),
        ({"price": "Hourly Range:$5.00-$1,009.00"}, "An hour was to pay 5.00 USD to 1009.00 USD."),
        ({}, ""),
    ],
)
def test_a_draft_of_hourly_work_says_what_an_hour_was_to_pay(
    amara: Person, save: Save, cells: dict[str, Any], said: str
) -> None:
    report = bring_in(save(as_csv([a_row(is_hourly="True", **cells)])), amara)
    assert (only(report).outcome, only(report).detail) == (Outcome.KEPT, said)
    hourly = "Hourly work is not offered by this hall yet."
    assert Job.objects.get().draft_reason == f"{hourly} {said}".strip()
    assert list(report.reasons) == [(Outcome.KEPT, hourly)], "counted as one reason"
    assert f"{hourly} {said}".strip() in "".join(report.as_csv())


def test_a_country_that_is_none_is_named(amara: Person, save: Save) -> None:
    report = bring_in(save(as_csv([a_row(1, country="Atlantis"), a_row(2, country="Hong Kong")])), amara)
    assert report.strange_countries == {"Atlantis": 1}
    assert list(Job.objects.order_by("pk").values_list("country", flat=True)) == [amara.country, "HK"]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_import_brings_in_meanwhile_stops_nothing(amara: Person, save: Save) -> None:
    file, other = save(as_csv([a_row(1), a_row(2), a_row(3)])), []

    def meanwhile(done: int, _total: int) -> None:
        if done == 1:
            other.append(import_jobs(file=file, by=amara, at=NOW, deadline=DEADLINE))

    report = bring_in(file, amara, progress=meanwhile)
    assert outcomes(report) == [Outcome.OPENED, Outcome.BROKEN, Outcome.BROKEN]
    assert "Another import" in report.lines[1].reason
    assert outcomes(other[0]) == [Outcome.UNCHANGED, Outcome.OPENED, Outcome.OPENED]
    assert Job.objects.count() == 3


def test_what_changed_at_the_source_changes_here(amara: Person, save: Save) -> None:
    bring_in(save(as_csv([a_row(1), a_row(2, fixed_budget="4")])), amara)
    report = bring_in(save(as_csv([a_row(1, title="New"), a_row(2, fixed_budget="400")])), amara)
    assert outcomes(report) == [Outcome.CHANGED, Outcome.CHANGED]
    assert list(Job.objects.order_by("pk").values_list("title", "state", "budget", "draft_reason")) == [
        ("New", "open", None, ""),
        ("Charts number 2", "open", 40_000, ""),
    ]


def test_an_open_job_does_not_follow_into_what_could_not_open(amara: Person, save: Save) -> None:
    bring_in(save(as_csv([a_row(1)])), amara)
    for cells in ({"is_hourly": "True"}, {"fixed_budget": "4"}):
        report = bring_in(save(as_csv([a_row(1, **cells)])), amara)
        assert only(report).outcome == Outcome.LEFT
        assert only(report).reason
    assert Job.objects.get().budget is None


def test_a_job_that_ended_here_stays_ended(amara: Person, save: Save) -> None:
    bring_in(save(as_csv([a_row(1)])), amara)
    close_job(job=Job.objects.get(), by=amara, at=NOW)
    assert only(bring_in(save(as_csv([a_row(1, title="New")])), amara)).outcome == Outcome.LEFT


def test_two_clients_may_bring_the_same_file(amara: Person, eve: Person, save: Save) -> None:
    file = save(as_csv([a_row(1)]))
    assert only(bring_in(file, amara)).outcome == Outcome.OPENED
    assert only(bring_in(file, eve)).outcome == Outcome.OPENED
    assert Job.objects.filter(client=eve).count() == 1


BROKEN = {
    "too few cells": b"only,three,cells",
    "too many cells": b"a," * 20,
    "bytes that are no text": as_csv([a_row(7)])
    .partition("\r\n")[2]
    .encode()
    .replace(b"Charts", b"\xff\xfe"),
    "no link": as_csv([a_row(7, link="")]).partition("\r\n")[2].encode(),
    "a wrong number": as_csv([a_row(7, fixed_budget="1e9")]).partition("\r\n")[2].encode(),
    "no truth": as_csv([a_row(7, is_hourly="perhaps")]).partition("\r\n")[2].encode(),
    "a giant cell": as_csv([a_row(7, raw_description="x" * 200_000)]).partition("\r\n")[2].encode(),
    "a brief that no job holds": as_csv([a_row(7, words="word " * 5_000)]).partition("\r\n")[2].encode(),
    "no title": as_csv([a_row(7, title="")]).partition("\r\n")[2].encode(),
    "a budget of nothing": as_csv([a_row(7, fixed_budget="0.0")]).partition("\r\n")[2].encode(),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_row_stops_nothing(amara: Person, save: Save, broken: bytes) -> None:
    before, after = as_csv([a_row(1)]).encode(), as_csv([a_row(2)]).partition("\r\n")[2].encode()
    report = bring_in(save(before + broken.rstrip(b"\r\n") + b"\r\n" + after), amara)
    middle = report.lines[1]
    assert report.lines[0].outcome == report.lines[-1].outcome == Outcome.OPENED
    assert middle.outcome == Outcome.BROKEN
    assert middle.reason.endswith(".")
    assert Job.objects.count() == 2
    assert "".join(report.as_csv()).encode()


def test_a_NUL_in_a_cell_is_left_out(amara: Person, save: Save) -> None:
    text = "x" * 5_000  # the file's beginning tells whether it is text at all
    rows = as_csv([a_row(1, words=text), a_row(2, words="Chart\0s", title="Chart\0s", skills="['SQ\0L']")])
    report = bring_in(save(rows), amara)
    assert outcomes(report) == [Outcome.OPENED, Outcome.OPENED]
    assert Job.objects.order_by("pk").last().title == "Charts"  # type: ignore[union-attr]


def test_an_unclosed_quote_swallows_rows_but_no_more(amara: Person, save: Save) -> None:
    rows = as_csv([a_row(1)]) + '"never closed,' + as_csv([a_row(2)]).partition("\r\n")[2]
    report = bring_in(save(rows), amara)
    assert report.lines[0].outcome == Outcome.OPENED
    assert outcomes(report)[1:] == [Outcome.BROKEN]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04\x00\x00",
        b"just some words",
        "a,b\n1,2".encode("utf-16"),
        b"title,link\nx,y\n",
        b"title,title,link,raw_description\n",
        b'"',
    ],
)
def test_what_is_no_list_of_posts_gets_one_sentence(amara: Person, save: Save, content: bytes) -> None:
    with pytest.raises(NoPosts) as refusal:
        bring_in(save(content), amara)
    assert refusal.value.sentence.endswith(".")
    assert Job.objects.count() == 0


def test_a_file_that_is_not_there_gets_one_too(amara: Person, tmp_path: Path) -> None:
    for nothing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(NoPosts):
            bring_in(nothing, amara)


def test_unknown_columns_are_named_and_the_order_is_free(amara: Person, save: Save) -> None:
    columns = [*reversed(COLUMNS), "colour"]
    report = bring_in(save("\ufeff" + as_csv([{**a_row(1), "colour": "red"}], columns)), amara)
    assert report.not_read == ["colour"]
    assert only(report).outcome == Outcome.OPENED


def test_only_the_needed_columns_are_needed(amara: Person, save: Save) -> None:
    report = bring_in(save(as_csv([a_row(1)], ["title", "link", "raw_description"])), amara)
    assert only(report).outcome == Outcome.OPENED
    assert Job.objects.get().country == "KE"


def test_a_deadline_that_has_passed_stops_the_import_before_it_begins(amara: Person, save: Save) -> None:
    with pytest.raises(Unfit):
        import_jobs(file=save(as_csv([a_row(1)])), by=amara, at=NOW, deadline=date(2024, 1, 1))
    assert Job.objects.count() == 0


def test_it_says_how_far_it_is(amara: Person, save: Save) -> None:
    said: list[tuple[int, int]] = []
    bring_in(
        save(as_csv([a_row(1), a_row(2)])), amara, progress=lambda done, total: said.append((done, total))
    )
    assert said == [(1, 2), (2, 2)]
