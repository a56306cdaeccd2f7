"""Jobs in JSON: found, posted, opened, closed. Proposals stand in `api.proposals`."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of, reader_of
from guildhall.api.proposals import router as proposals
from guildhall.api.shapes import Asked, FieldProblem, Listing, Sum, listing
from guildhall.api.talks import router as talks
from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.posting import brief_of, close_job, draft_job, edit_job, open_job
from guildhall.jobs.briefs import JobBrief, troubles_with
from guildhall.jobs.finding import BEST, JobFilter, jobs_found, keeper_of, page_of_jobs
from guildhall.jobs.models import Job
from guildhall.jobs.queries import jobs_counted_for, jobs_owned_by, jobs_visible_to, proposals_received_by
from guildhall.jobs.states import DRAFT
from guildhall.jobs.sums import client_total_of
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page, page_by_key
from guildhall.kernel.rules import rules_in_force
from guildhall.people.models import Person
from guildhall.reputation.queries import client_facts
from guildhall.reputation.rules import ClientFacts
from guildhall.search.queries import JobSearch, search_jobs
from guildhall.skills.queries import skills_named, slug_asked_for

router = Router(tags=["jobs"])
router.add_router("", proposals)
router.add_router("", talks)


class ClientShown(Schema):
    """A client as a worker needs to know them; `pays_after_days` is a median, null before any payment."""

    name: str
    country: str
    posts: int
    hires: int
    finished: int
    pays_after_days: int | None
    stars: float | None
    reviews: int


class SkillShown(Schema):
    """A skill of the hall's list."""

    slug: str
    name: str


class JobShort(Schema):
    """A job in a list. `proposals` is a band such as ``5–9``: nobody but the client learns more."""

    id: UUID
    state: str
    title: str
    budget: Sum | None = Field(description="Empty where the price is to be proposed.")
    currency: str
    deadline: date | None
    country: str
    skills: list[SkillShown]
    proposals: str
    received: int | None = Field(None, description="How many proposals, in your own jobs; null in others’.")
    opened_at: datetime | None
    client: ClientShown


class JobsFound(Listing[JobShort]):
    """One page of open jobs."""

    nearly: bool = Field(False, description="Nothing has the words as written; these have similar ones.")


class JobShown(JobShort):
    """A job with its whole brief."""

    brief: str = Field(description="Markdown.")
    deliverables: list[str]
    troubles: list[FieldProblem] = Field([], description="In a draft of yours: what keeps it from opening.")
    costs_up_to: Sum | None = Field(None, description="In a job of yours: its budget and the hall's fee.")
    version: int = Field(description="Rises when title, brief or deliverables of an open job change.")


class JobAsked(Asked):
    """A brief. Skills are named in any words that the hall knows."""

    title: str
    brief: str = ""
    deliverables: list[str] = Field([], max_length=100)
    skills: list[str] = Field([], max_length=100)
    currency: str = "USD"
    budget: Sum | None = None
    deadline: date | None = None


class JobChanged(Asked):
    """What is to change in a brief; what is left out stays."""

    title: str | None = None
    brief: str | None = None
    deliverables: list[str] | None = Field(None, max_length=100)
    skills: list[str] | None = Field(None, max_length=100)
    currency: str | None = None
    budget: Sum | None = None
    deadline: date | None = None


class Wanted(Schema):
    """What somebody looks for."""

    words: str = Field("", max_length=200)
    skill: str = Field("", max_length=64, description="A skill’s slug or any of its names.")
    pays: str = Field("", max_length=24, description="The least budget, in `currency`.")
    currency: str = Field("USD", pattern="^[A-Z]{3}$")
    price_open: bool = Field(False, description="Only jobs whose price is to be proposed.")
    country: str = Field("", max_length=2)
    prompt: bool = Field(False, description="Only clients who pay within three days, in the median.")
    hired: bool = Field(False, description="Only clients who have filled a job here.")
    sort: str = Field("", description="newest, budget, deadline or best.")
    after: str = ""
    size: int = Field(20, ge=1, le=100)


@router.get("/jobs", response=JobsFound, auth=None, summary="Open jobs")
def list_jobs(request: HallRequest, wanted: Annotated[Wanted, Query()]) -> JobsFound:
    """Open jobs that fit, with the facts of their clients."""
    del request  # visitors and members see the same
    least = Money.parse(wanted.pays, wanted.currency, field="pays") if wanted.pays else None
    fits = JobFilter(
        skill=slug_asked_for(wanted.skill),
        least=least,
        price_open=wanted.price_open,
        country=wanted.country.upper(),
        pays_promptly=wanted.prompt,
        has_hired=wanted.hired,
        sort=wanted.sort or (BEST if wanted.words.strip() else "newest"),
        currency=wanted.currency,
    )
    if wanted.words.strip():
        found = search_jobs(
            JobSearch(
                words=wanted.words,
                skill=fits.skill,
                min_amount=least,
                country=fits.country,
                sort=fits.sort,
                currency=fits.currency,
                after=wanted.after,
                size=wanted.size,
            ),
            keep=keeper_of(fits),
        )
        page, nearly = Page(jobs_found(fits, found.ids), found.next), found.nearly
    else:
        page, nearly = page_of_jobs(fits, after=wanted.after, size=wanted.size), False
    facts = client_facts({job.client_id for job in page.rows})
    items = [_short(job, facts[job.client_id]) for job in page.rows]
    return JobsFound(items=items, next=page.next, nearly=nearly)


@router.get("/jobs/mine", response=Listing[JobShort], summary="Your own jobs, drafts included")
@needs_scope("read")
def list_own_jobs(request: HallRequest, after: str = "", size: int = 20) -> Listing[JobShort]:
    """The jobs that you posted, newest first."""
    person = person_of(request)
    rows = page_by_key(jobs_counted_for(person), by=("-id",), after=after, size=size)
    facts = client_facts([person.pk])[person.pk]
    return listing(rows, lambda job: _short(job, facts))


@router.post("/jobs", response={201: JobShown}, summary="Write a draft")
@needs_scope("jobs")
def draft(request: HallRequest, asked: JobAsked) -> Status[JobShown]:
    """A brief that only you see until you open it."""
    brief = JobBrief(
        title=asked.title,
        brief=asked.brief,
        deliverables=asked.deliverables,
        skills=[skill.pk for skill in skills_named(asked.skills)],
        currency=asked.currency,
        budget=asked.budget.money("budget") if asked.budget else None,
        deadline=asked.deadline,
    )
    job = draft_job(brief=brief, by=person_of(request), at=request.at)
    return Status(201, _shown(request.person, job.pk, request.at))


@router.get("/jobs/{uuid:job_id}", response=JobShown, auth=None, summary="One job")
def show_job(request: HallRequest, job_id: UUID) -> JobShown:
    """An open job; or one of yours, or one that you proposed to, in any state."""
    return _shown(reader_of(request), job_id, request.at)


@router.patch("/jobs/{uuid:job_id}", response=JobShown, summary="Change the brief")
@needs_scope("jobs")
def change(request: HallRequest, job_id: UUID, asked: JobChanged) -> JobShown:
    """Change a draft or an open job. Proposals must be confirmed when the work itself changes."""
    job = _own(request, job_id)
    before = brief_of(job)
    said = asked.model_fields_set
    brief = JobBrief(
        title=before.title if asked.title is None else asked.title,
        brief=before.brief if asked.brief is None else asked.brief,
        deliverables=before.deliverables if asked.deliverables is None else asked.deliverables,
        skills=before.skills if asked.skills is None else [skill.pk for skill in skills_named(asked.skills)],
        currency=before.currency if asked.currency is None else asked.currency,
        budget=(asked.budget.money("budget") if asked.budget else None)
        if "budget" in said
        else before.budget,
        deadline=asked.deadline if "deadline" in said else before.deadline,
        country=before.country,
    )
    edit_job(job=job, brief=brief, by=person_of(request), at=request.at)
    return _shown(request.person, job_id, request.at)


@router.post("/jobs/{uuid:job_id}/opening", response=JobShown, summary="Open a draft")
@needs_scope("jobs")
def opening(request: HallRequest, job_id: UUID) -> JobShown:
    """Show the job to everybody and take proposals."""
    open_job(job=_own(request, job_id), by=person_of(request), at=request.at)
    return _shown(request.person, job_id, request.at)


@router.post("/jobs/{uuid:job_id}/closing", response=JobShown, summary="Close without choosing")
@needs_scope("jobs")
def closing(request: HallRequest, job_id: UUID) -> JobShown:
    """End an open job, or throw a draft away. Waiting proposals are answered."""
    close_job(job=_own(request, job_id), by=person_of(request), at=request.at)
    return _shown(request.person, job_id, request.at)


def _own(request: HallRequest, job_id: UUID) -> Job:
    return get_object_or_404(jobs_owned_by(person_of(request)), pk=job_id)


def _shown(reader: Person | None, job_id: UUID, at: datetime) -> JobShown:
    rows = jobs_visible_to(reader).prefetch_related("deliverables")
    job = get_object_or_404(rows, pk=job_id)
    facts = client_facts([job.client_id])[job.client_id]
    plain = _plain(job, facts)
    if reader is not None and reader.pk == job.client_id:
        plain["received"] = proposals_received_by(reader).filter(job=job).count()
        if job.budget:
            plain["costs_up_to"] = Sum.of(client_total_of([job.budget], job, rules_in_force()))
    return JobShown(
        **plain,
        brief=job.brief,
        deliverables=[one.text for one in job.deliverables.all()],
        troubles=_troubles(job, at) if job.is_in(DRAFT) else [],
        version=job.version,
    )


def _troubles(job: Job, at: datetime) -> list[FieldProblem]:
    return [
        FieldProblem(field=trouble.field, detail=trouble.sentence, rule=trouble.rule)
        for trouble in troubles_with(brief_of(job), rules=rules_in_force(), at=at)
    ]


def _short(job: Job, facts: ClientFacts) -> JobShort:
    return JobShort(**_plain(job, facts))


def _plain(job: Job, facts: ClientFacts) -> dict[str, Any]:
    return {
        "id": job.pk,
        "state": job.state,
        "title": job.title,
        "budget": Sum.of(job.money) if job.money else None,
        "currency": job.currency,
        "deadline": job.deadline,
        "country": job.country,
        "skills": [SkillShown(**skill) for skill in job.named_skills],
        "proposals": job.band,
        "received": getattr(job, "received", None),
        "opened_at": job.opened_at,
        "client": ClientShown(
            name=job.client.name,
            country=job.client.country,
            posts=facts.posts,
            hires=facts.hires,
            finished=facts.finished,
            pays_after_days=facts.pays_after_days,
            stars=None if facts.stars is None else facts.stars / 100,
            reviews=facts.reviews,
        ),
    }
