"""Drafting, editing, opening and closing a job."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.jobs.actions.fitness import screen_texts
from guildhall.jobs.briefs import JobBrief, Source, tidy_brief, troubles_with
from guildhall.jobs.models import Deliverable, Job, JobSkill
from guildhall.jobs.states import CLOSED, DRAFT, EXPIRED, OPEN
from guildhall.kernel.errors import NotFound, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.people.models import Person
from guildhall.skills.models import Skill


class JobEnded(Stale):
    """The job has been filled, closed, or has expired."""

    code = "job_ended"


@transaction.atomic
def draft_job(*, brief: JobBrief, by: Person, at: datetime, source: Source | None = None) -> Job:
    """Keep a brief that nobody else sees yet.

    Raises:
        Unfit: not even a draft can hold it.
    """
    kept = tidy_brief(brief)
    job = Job(
        client=by,
        state=DRAFT,
        moved_at=at,
        made_at=at,
        source_link=source.link if source else None,
        content_hash=source.content_hash if source else "",
        draft_reason=source.draft_reason if source else "",
    )
    _write(job, kept)
    record_event("job.drafted", subject=job.pk, by=by.id, at=at, **_facts(job))
    return job


@transaction.atomic
def edit_job(*, job: Job, brief: JobBrief, by: Person, at: datetime, source: Source | None = None) -> Job:
    """Replace the brief of a draft or of an open job.

    When what a worker would be bound to changes (title, brief, deliverables), the job's version rises and
    the proposals made on the version before must be confirmed by their workers before one can be accepted.

    Raises:
        Unfit: it cannot be kept; for an open job, it could not be opened either.
        JobEnded: the job takes no more changes.
    """
    job = lock_own_job(job.pk, by=by)
    if not job.is_in(DRAFT, OPEN):
        raise JobEnded(_("This job has ended: its brief stays as it was."))
    before = brief_of(job)
    kept = tidy_brief(brief)
    if job.is_in(OPEN):
        if kept.currency != before.currency:
            raise Unfit(_("An open job keeps its currency: close it and post another."), field="currency")
        _refuse_unready(kept, at=at)
    scope_changed = (before.title, before.brief, before.deliverables) != (
        kept.title,
        kept.brief,
        kept.deliverables,
    )
    if scope_changed and job.is_in(OPEN):
        job.version += 1
    if source is not None:
        job.content_hash, job.draft_reason = source.content_hash, source.draft_reason
    _write(job, kept)
    record_event("job.edited", subject=job.pk, by=by.id, at=at, scope_changed=scope_changed, **_facts(job))
    return job


@transaction.atomic
def open_job(*, job: Job, by: Person, at: datetime) -> Job:
    """Show a draft to everybody and take proposals.

    Raises:
        Unfit: something is missing, below a floor, or not fit to be seen.
        Stale: it is no draft any more.
    """
    job = lock_own_job(job.pk, by=by)
    if job.is_in(DRAFT):
        _refuse_unready(brief_of(job), at=at)
    job.opened_at = job.opened_at or at
    job.draft_reason = ""
    job.save(update_fields=["opened_at", "draft_reason"])
    move(job, OPEN, by=by.id, at=at, **_facts(job))
    return job


@transaction.atomic
def close_job(*, job: Job, by: Person, at: datetime) -> Job:
    """Take a draft away, or end an open job without choosing anybody.

    Raises:
        JobEnded: it has ended already.
    """
    job = lock_own_job(job.pk, by=by)
    if not job.is_in(DRAFT, OPEN):
        raise JobEnded(_("This job has ended already."))
    move(job, CLOSED, by=by.id, at=at, was_open=job.is_in(OPEN), **_facts(job))
    return job


@transaction.atomic
def expire_job(*, job: Job, at: datetime) -> bool:
    """End an open job whose day has passed; False if somebody else is busy with it or it moved on."""
    due = Job.objects.select_for_update(skip_locked=True).filter(
        pk=job.pk, state=OPEN, deadline__lt=at.date()
    )
    found = due.first()
    if found is None:
        return False
    move(found, EXPIRED, by=None, at=at, was_open=True, **_facts(found))
    return True


def lock_own_job(job_id: UUID, *, by: Person) -> Job:
    """The job, locked for this transaction.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    job = Job.objects.select_for_update().filter(pk=job_id, client=by).first()
    if job is None:
        raise NotFound
    return job


def brief_of(job: Job) -> JobBrief:
    """The brief that a job holds."""
    return JobBrief(
        title=job.title,
        brief=job.brief,
        deliverables=tuple(
            Deliverable.objects.filter(job=job).order_by("number").values_list("text", flat=True)
        ),
        skills=tuple(JobSkill.objects.filter(job=job).order_by("number").values_list("skill_id", flat=True)),
        currency=job.currency,
        budget=job.money,
        deadline=job.deadline,
        country=job.country,
    )


def _refuse_unready(brief: JobBrief, *, at: datetime) -> None:
    troubles = troubles_with(brief, rules=rules_in_force(), at=at)
    if troubles:
        raise troubles[0]
    texts = {"title": brief.title, "brief": brief.brief, "deliverables": "\n".join(brief.deliverables)}
    screen_texts(texts, kind="job")


def _write(job: Job, brief: JobBrief) -> None:
    known = Skill.objects.in_bulk(brief.skills)
    if len(known) != len(brief.skills):
        raise Unfit(_("One of these skills is not in the hall’s list."), field="skills")
    job.title, job.brief, job.currency = brief.title, brief.brief, brief.currency
    job.budget = brief.budget.minor if brief.budget else None
    job.deadline = brief.deadline
    job.country = brief.country or job.country or job.client.country
    job.save()
    Deliverable.objects.filter(job=job).delete()
    Deliverable.objects.bulk_create(
        Deliverable(job=job, number=number, text=text) for number, text in enumerate(brief.deliverables, 1)
    )
    JobSkill.objects.filter(job=job).delete()
    JobSkill.objects.bulk_create(
        JobSkill(job=job, skill_id=skill, number=number) for number, skill in enumerate(brief.skills, 1)
    )


def _facts(job: Job) -> dict[str, object]:
    return {"client": str(job.client_id), "title": job.title, "version": job.version}
