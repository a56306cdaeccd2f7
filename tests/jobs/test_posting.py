from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guildhall.jobs.actions.posting import (
    JobEnded,
    brief_of,
    close_job,
    draft_job,
    edit_job,
    expire_job,
    open_job,
)
from guildhall.jobs.background import expire_due
from guildhall.jobs.briefs import Source
from guildhall.jobs.models import Job
from guildhall.jobs.rules import BelowFloor
from guildhall.kernel.errors import NotFound, Stale, Unfit
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.kernel.rules import set_rule
from guildhall.people.models import Person
from guildhall.skills.models import Skill
from tests.builders.jobs import a_brief, a_draft, a_proposal, an_open_job, usd
from tests.cast import NOW

LATER = NOW + timedelta(hours=2)


def events_of(job: Job) -> list[str]:
    return list(Event.objects.filter(subject_id=job.pk).order_by("id").values_list("name", flat=True))


def test_a_draft_is_kept_as_written_and_announced(amara: Person) -> None:
    skills = list(Skill.objects.order_by("slug")[:3])
    job = a_draft(amara, skills=[skill.pk for skill in skills])
    assert job.is_in("draft")
    assert job.country == "GB"
    assert brief_of(job) == replace(a_brief(skills=tuple(skill.pk for skill in skills)), country="GB")
    assert events_of(job) == ["job.drafted"]


def test_a_draft_with_an_unknown_skill_is_refused(amara: Person) -> None:
    with pytest.raises(Unfit) as unfit:
        a_draft(amara, skills=[new_id()])
    assert unfit.value.field == "skills"
    assert not Job.objects.exists()


def test_a_draft_below_the_floor_is_kept_and_does_not_open(amara: Person) -> None:
    job = a_draft(amara, budget=usd(499))
    with pytest.raises(BelowFloor) as below:
        open_job(job=job, by=amara, at=LATER)
    assert below.value.rule == "minimum_fixed"
    job.refresh_from_db()
    assert job.is_in("draft")
    assert events_of(job) == ["job.drafted"]


def test_the_floor_that_counts_is_the_one_in_force(amara: Person) -> None:
    job = a_draft(amara, budget=usd(600))
    set_rule(name="minimum_fixed", value=700, reason="Small sums cost more than they bring.", by=None, at=NOW)
    with pytest.raises(BelowFloor):
        open_job(job=job, by=amara, at=LATER)


def test_opening_shows_the_job_once(amara: Person) -> None:
    job = open_job(job=a_draft(amara), by=amara, at=LATER)
    assert job.is_in("open")
    assert job.opened_at == LATER
    with pytest.raises(Stale):
        open_job(job=job, by=amara, at=LATER)
    assert events_of(job) == ["job.drafted", "job.open"]


def test_a_job_that_leads_people_away_is_not_opened(amara: Person) -> None:
    job = a_draft(amara, brief="Write to me on Telegram @bakery_leeds and I pay you there.")
    with pytest.raises(Unfit) as unfit:
        open_job(job=job, by=amara, at=LATER)
    assert unfit.value.field == "brief"


def test_an_edit_of_a_draft_replaces_everything(amara: Person) -> None:
    job = a_draft(amara)
    brief = a_brief(title="A sign", deliverables=("One sign",), budget=None, currency="EUR")
    edited = edit_job(job=job, brief=brief, by=amara, at=LATER)
    assert (edited.version, edited.currency, edited.budget) == (1, "EUR", None)
    assert brief_of(edited).deliverables == ("One sign",)
    assert events_of(job) == ["job.drafted", "job.edited"]


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ({}, 1),
        ({"budget": usd(20_000)}, 1),
        ({"deadline": None}, 1),
        ({"title": "Another title"}, 2),
        ({"brief": "Something else entirely is wanted."}, 2),
        ({"deliverables": ("One more thing",)}, 2),
    ],
)
def test_an_edit_of_an_open_job_raises_its_version_when_the_work_changes(
    change: dict[str, object], version: int, amara: Person, bushra: Person
) -> None:
    job = an_open_job(amara)
    a_proposal(job, bushra)
    edited = edit_job(job=job, brief=a_brief(**change), by=amara, at=LATER)
    assert edited.version == version
    told = Event.objects.get(subject_id=job.pk, name="job.edited").facts
    assert told["scope_changed"] is (version > 1)
    assert told["version"] == version


def test_an_open_job_keeps_its_currency_and_its_floors(amara: Person) -> None:
    job = an_open_job(amara)
    with pytest.raises(Unfit) as currency:
        edit_job(job=job, brief=a_brief(currency="EUR", budget=None), by=amara, at=LATER)
    assert currency.value.field == "currency"
    with pytest.raises(BelowFloor):
        edit_job(job=job, brief=a_brief(budget=usd(100)), by=amara, at=LATER)
    with pytest.raises(Unfit):
        edit_job(job=job, brief=a_brief(deliverables=()), by=amara, at=LATER)


@pytest.mark.parametrize("make", [an_open_job, a_draft])
def test_a_closed_job_takes_no_verb_any_more(make: Callable[[Person], Job], amara: Person) -> None:
    job = make(amara)
    close_job(job=job, by=amara, at=LATER)
    verbs: list[Callable[[], Job]] = [
        lambda: close_job(job=job, by=amara, at=LATER),
        lambda: open_job(job=job, by=amara, at=LATER),
        lambda: edit_job(job=job, brief=a_brief(), by=amara, at=LATER),
    ]
    for verb in verbs:
        with pytest.raises(Stale):
            verb()
    with pytest.raises(JobEnded):
        edit_job(job=job, brief=a_brief(), by=amara, at=LATER)


def test_eve_can_do_nothing_with_amaras_job(amara: Person, eve: Person) -> None:
    job = a_draft(amara)
    verbs: list[Callable[[], Job]] = [
        lambda: open_job(job=job, by=eve, at=LATER),
        lambda: edit_job(job=job, brief=a_brief(), by=eve, at=LATER),
        lambda: close_job(job=job, by=eve, at=LATER),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()
    assert events_of(job) == ["job.drafted"]


def test_an_imported_job_remembers_its_source_once(amara: Person) -> None:
    source = Source("https://example.org/jobs/1", "hash-1", "The budget is below the floor.")
    job = draft_job(brief=a_brief(), by=amara, at=NOW, source=source)
    assert (job.source_link, job.content_hash, job.draft_reason) == (
        source.link,
        source.content_hash,
        source.draft_reason,
    )
    opened = open_job(job=job, by=amara, at=LATER)
    assert opened.draft_reason == ""


def test_a_job_expires_when_its_day_is_over(amara: Person) -> None:
    job = an_open_job(amara, deadline=date(2026, 12, 20))
    other = an_open_job(amara, deadline=None)
    assert expire_due(at=datetime(2026, 12, 20, 23, 59, tzinfo=UTC)) == 0
    assert expire_due(at=datetime(2026, 12, 21, 0, 0, tzinfo=UTC)) == 1
    assert expire_due(at=datetime(2026, 12, 21, 0, 1, tzinfo=UTC)) == 0
    job.refresh_from_db()
    other.refresh_from_db()
    assert job.is_in("expired")
    assert other.is_in("open")
    assert Event.objects.get(subject_id=job.pk, name="job.expired").by is None


def test_expiring_what_has_moved_on_does_nothing(amara: Person) -> None:
    job = an_open_job(amara)
    close_job(job=job, by=amara, at=LATER)
    assert not expire_job(job=job, at=NOW + timedelta(days=400))
