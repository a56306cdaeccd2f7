"""A job's own page, and writing, changing, opening and closing it."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guildhall.documents.markdown import html_from_markdown
from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.posting import brief_of, close_job, draft_job, edit_job, open_job
from guildhall.jobs.actions.talking import subject_of
from guildhall.jobs.briefs import troubles_with
from guildhall.jobs.models import Job
from guildhall.jobs.queries import (
    SORTS,
    jobs_owned_by,
    jobs_visible_to,
    proposals_received_by,
    proposals_sent_by,
)
from guildhall.jobs.rules import least_price
from guildhall.jobs.states import DRAFT, OPEN, SENT
from guildhall.jobs.sums import client_total_of
from guildhall.kernel.errors import Refusal
from guildhall.kernel.paging import page_by_key
from guildhall.kernel.rules import rules_in_force
from guildhall.reputation.queries import client_facts, feedback_about_client, worker_facts
from guildhall.web.forms import HallForm
from guildhall.web.jobs.forms import BriefForm, OfferForm
from guildhall.web.jobs.showing import (
    about_client,
    about_worker,
    new_payer,
    promise,
    shown_profiles,
    state_of_job,
    state_of_proposal,
)
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.workroom.queries import unread_about

_SIDE_BY_SIDE: Final = 50
_WORDS_ON_A_PAGE: Final = 5


@require_safe
def show_job(request: HallRequest, job_id: UUID) -> HttpResponse:
    """The brief for whoever may read it; for its client, what came in."""
    rows = jobs_visible_to(request.person).prefetch_related("deliverables")
    job = get_object_or_404(rows, pk=job_id)
    shown = {"job": job, "brief": html_from_markdown(job.brief), "state": state_of_job(job.state)}
    if request.person is not None and job.client_id == request.person.pk:
        return page(request, "jobs/own.html", shown | _for_client(request, job))
    return page(request, "jobs/job.html", shown | _for_worker(request, job))


def _for_client(request: HallRequest, job: Job) -> dict[str, Any]:
    """What its client sees: what is missing in a draft, else the proposals side by side."""
    rules = rules_in_force()
    at_most = client_total_of([job.budget], job, rules) if job.budget else None
    if job.is_in(DRAFT):
        return {"troubles": troubles_with(brief_of(job), rules=rules, at=request.at), "at_most": at_most}
    sort = request.GET.get("sort", "received")
    sort = sort if sort in SORTS else "received"
    rows = proposals_received_by(person_of(request)).filter(job=job)
    count = rows.count()
    if request.GET.get("listed"):
        rows = rows.filter(shortlisted_at__isnull=False)
    after = request.GET.get("after", "")
    proposals = page_by_key(rows, by=SORTS[sort], after=after, size=_SIDE_BY_SIDE)
    workers = [proposal.worker_id for proposal in proposals.rows]
    facts = worker_facts(workers)
    profiles = shown_profiles(workers)
    unread = unread_about([subject_of(proposal) for proposal in proposals.rows], person_of(request))
    columns = [
        {
            "proposal": proposal,
            "state": state_of_proposal(proposal.state, own=False),
            "facts": about_worker(facts.get(proposal.worker_id)),
            "profile": profiles.get(proposal.worker_id),
            "unconfirmed": proposal.is_in(SENT) and proposal.job_version != job.version,
            "unread": unread.get(subject_of(proposal), 0),
            "total": client_total_of([step.amount for step in proposal.milestones.all()], job, rules)
            if proposal.is_in(SENT)
            else None,
            "late": job.deadline is not None and proposal.delivery > job.deadline,
        }
        for proposal in proposals.rows
    ]
    return {
        "proposals": proposals,
        "count": count,
        "columns": columns,
        "sort": sort,
        "listed": bool(request.GET.get("listed")),
        "at_most": at_most,
    }


def _for_worker(request: HallRequest, job: Job) -> dict[str, Any]:
    """What everybody else sees: the client's facts, and their own proposal or room for one."""
    facts = client_facts([job.client_id]).get(job.client_id)
    mine = None
    if request.person is not None:
        mine = proposals_sent_by(request.person).filter(job=job).order_by("-sent_at", "-id").first()
    may_offer = job.is_in(OPEN) and not (mine and not mine.is_in("withdrawn"))
    said = page_by_key(
        feedback_about_client(job.client),
        by=("-revealed_at", "-id"),
        after=request.GET.get("said", ""),
        size=_WORDS_ON_A_PAGE,
    )
    rules = rules_in_force()
    return {
        "client": about_client(facts),
        "said": said,
        "mine": mine,
        "mine_state": state_of_proposal(mine.state, own=True) if mine else None,
        "form": OfferForm(currency=job.currency) if may_offer and request.person else None,
        "may_offer": may_offer,
        "promise": promise(rules),
        "new_payer": new_payer(job.client, rules, request.at),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write_job(request: HallRequest) -> HttpResponse:
    """A new brief: kept as a draft that only its client sees."""
    person = person_of(request)
    form = BriefForm(request.POST or None, initial={"currency": "USD"})
    if request.method == "POST":
        job = attempt(form, lambda: draft_job(brief=form.read(), by=person, at=request.at))
        if job is not None:
            return redirect("jobs:job", job_id=job.pk)
    return page(
        request, "jobs/edit.html", {"form": form, "job": None, **_floor()}, status=form.refusal_status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change_job(request: HallRequest, job_id: UUID) -> HttpResponse:
    """The brief of a draft or of an open job, to be changed."""
    person = person_of(request)
    job = get_object_or_404(jobs_owned_by(person).prefetch_related("deliverables"), pk=job_id)
    form = BriefForm(request.POST or None, initial=BriefForm.typed(job))
    if request.method == "POST":
        changed = attempt(form, lambda: edit_job(job=job, brief=form.read(), by=person, at=request.at))
        if changed is not None:
            return redirect("jobs:job", job_id=job.pk)
    elif not job.is_in(DRAFT, OPEN):
        return redirect("jobs:job", job_id=job.pk)
    return page(request, "jobs/edit.html", {"form": form, "job": job, **_floor()}, status=form.refusal_status)


def _floor() -> dict[str, Any]:
    return {"floor": least_price("USD", rules_in_force())}


@require_POST
@signed_in
def open_the_job(request: HallRequest, job_id: UUID) -> HttpResponse:
    """Open a draft; if it cannot be opened, the brief comes back with what is missing beside its field."""
    person = person_of(request)
    job = get_object_or_404(jobs_owned_by(person).prefetch_related("deliverables"), pk=job_id)
    try:
        open_job(job=job, by=person, at=request.at)
    except Refusal as refusal:
        if refusal.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        typed = BriefForm.typed(job)
        budget = job.money
        form = BriefForm({**typed, "budget": budget.amount if budget else "", "deadline": job.deadline or ""})
        form.is_valid()
        form.refuse(refusal)
        return page(request, "jobs/edit.html", {"form": form, "job": job, **_floor()}, status=refusal.status)
    return redirect("jobs:job", job_id=job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_the_job(request: HallRequest, job_id: UUID) -> HttpResponse:
    """Ask once what closing means, then close."""
    person = person_of(request)
    job = get_object_or_404(jobs_owned_by(person), pk=job_id)
    form = HallForm(request.POST or None)
    if request.method == "POST":
        close_job(job=job, by=person, at=request.at)
        return redirect("jobs:job", job_id=job.pk)
    waiting = proposals_received_by(person).filter(job=job, state=SENT).count()
    return page(request, "jobs/closing.html", {"job": job, "form": form, "waiting": waiting})
