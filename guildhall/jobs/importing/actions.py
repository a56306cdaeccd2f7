"""Bringing a file of posts in, row by row, each in its own transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from guildhall.jobs.actions.posting import brief_of, draft_job, edit_job, open_job
from guildhall.jobs.briefs import MOST_SKILLS, JobBrief, Source, tidy_brief
from guildhall.jobs.importing.posts import Post, hash_of, link_of, post_of
from guildhall.jobs.importing.reading import Row, columns_not_read, rows_of
from guildhall.jobs.importing.report import Line, Outcome, Report
from guildhall.jobs.models import Job
from guildhall.jobs.queries import jobs_owned_by
from guildhall.jobs.rules import BelowFloor, refuse_bad_day, refuse_below_floor
from guildhall.jobs.states import DRAFT, OPEN
from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.rules import rules_in_force
from guildhall.people.models import Person
from guildhall.skills.models import Skill
from guildhall.skills.queries import skills_by_names

type Progress = Callable[[int, int], None]

_LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class _Known:
    """A post that came in before."""

    job: UUID
    content_hash: str
    deadline: date | None
    lives: bool
    """Whether it is a draft or open, and so can still change."""


def import_jobs(
    *,
    file: Path,
    by: Person,
    at: datetime,
    deadline: date | None = None,
    currency: str = "USD",
    progress: Progress | None = None,
) -> Report:
    """Make a client's jobs of the posts in a file, and say of each row what became of it.

    What may open opens; the rest is kept as drafts with the reason. A post that came in before is left alone
    unless it changed at its source. Nothing that is wrong with a row stops the others.

    Args:
        file: a CSV file.
        by: whose jobs they become.
        at: when.
        deadline: the day on which all of this work is wanted; what the file says is long past.
        currency: of its budgets.
        progress: told how many rows of how many are done.

    Raises:
        NoPosts: the file is no list of posts.
        Unfit: the deadline has passed, or lies too far ahead.
    """
    if deadline is not None:
        refuse_bad_day(deadline, at=at, field="deadline")
    report = Report(columns_not_read(file))
    terms = _Terms(by, at, deadline, currency)
    total, last = _last_of_each_link(file, terms)
    known = {
        str(link): _Known(pk, content_hash, day, state in {DRAFT, OPEN})
        for link, pk, content_hash, day, state in jobs_owned_by(by)
        .filter(source_link__isnull=False)
        .values_list("source_link", "pk", "content_hash", "deadline", "state")
    }
    for row in rows_of(file):
        try:
            line = _import_row(row, last=last, known=known, terms=terms, report=report)
        except Refusal as refusal:
            line = _line(row, Outcome.BROKEN, reason=refusal.sentence)
        except DataError:
            line = _line(row, Outcome.BROKEN, reason=_("It cannot be kept as it is."))
        except IntegrityError:
            reason = _("Another import brought it in at the same moment: run this again.")
            line = _line(row, Outcome.BROKEN, reason=reason)
        report.lines.append(line)
        if progress is not None:
            progress(row.number, total)
    return report


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds for the whole import."""

    by: Person
    at: datetime
    deadline: date | None
    currency: str


def _last_of_each_link(file: Path, terms: _Terms) -> tuple[int, dict[str, int]]:
    """How many rows there are, and the last usable one in which each link stands."""
    total = 0
    last: dict[str, int] = {}
    for row in rows_of(file):
        total = row.number
        if row.trouble:
            continue
        link = row.cells["link"].strip()
        if link not in last or _is_usable(row, terms):
            last[link] = row.number
    return total, last


def _is_usable(row: Row, terms: _Terms) -> bool:
    try:
        tidy_brief(_brief_of(post_of(row.cells, currency=terms.currency), [], terms))
    except Refusal:
        return False
    return True


def _brief_of(post: Post, skills: Sequence[Skill], terms: _Terms) -> JobBrief:
    return JobBrief(
        title=post.title,
        brief=post.brief,
        deliverables=post.deliverables,
        skills=[skill.id for skill in skills][:MOST_SKILLS],
        currency=terms.currency,
        budget=post.budget,
        deadline=terms.deadline,
        country=post.country,
    )


def _import_row(
    row: Row, *, last: Mapping[str, int], known: Mapping[str, _Known], terms: _Terms, report: Report
) -> Line:
    if row.trouble:
        return _line(row, Outcome.BROKEN, reason=row.trouble)
    link = link_of(row.cells)
    if row.number < last[link]:
        reason = _("The same link stands in row %(row)s, which counts.") % {"row": last[link]}
        return _line(row, Outcome.REPEATED, reason=reason)
    before = known.get(link)
    if before is not None and before.content_hash == hash_of(row.cells):
        return _redate(row, before, terms)
    post = post_of(row.cells, currency=terms.currency)
    matched = skills_by_names(post.skills)
    report.mentions += len(post.skills)
    brief = _brief_of(post, matched.skills, terms)
    if before is None:
        line = _bring_in(row, post, brief, terms=terms)
    else:
        line = _follow(row, post, brief, terms=terms, before=before)
    return replace(line, unknown=tuple(matched.unknown), strange_country=post.strange_country)


@transaction.atomic
def _redate(row: Row, before: _Known, terms: _Terms) -> Line:
    """A post that is as it was: only the day that was told for all of them may be another one."""
    if terms.deadline in {None, before.deadline} or not before.lives:
        return _line(row, Outcome.UNCHANGED, job=before.job)
    job = Job.objects.get(pk=before.job)
    try:
        with transaction.atomic():
            brief = replace(brief_of(job), deadline=terms.deadline)
            edit_job(job=job, brief=brief, by=terms.by, at=terms.at)
    except Refusal as refusal:
        return _line(row, Outcome.LEFT, reason=refusal.sentence, job=job.pk)
    reason = _("It is wanted by another day now.")
    return _line(row, Outcome.CHANGED, reason=reason, job=job.pk)


@transaction.atomic
def _bring_in(row: Row, post: Post, brief: JobBrief, *, terms: _Terms) -> Line:
    """A post that is new here."""
    reason = _why_not_here(post)
    source = _source_of(post, reason)
    job = draft_job(brief=brief, by=terms.by, at=terms.at, source=source)
    reason = reason or _open_if_possible(job, brief, source, terms=terms)
    outcome = Outcome.KEPT if reason else Outcome.OPENED
    return _line(row, outcome, reason=reason, detail=_rate_of(post), job=job.pk)


@transaction.atomic
def _follow(row: Row, post: Post, brief: JobBrief, *, terms: _Terms, before: _Known) -> Line:
    """A post that changed at its source since it came in."""
    job = Job.objects.select_for_update().get(pk=before.job)
    if not job.is_in(DRAFT, OPEN):
        reason = _("It changed at its source, but the job has ended here.")
        return _line(row, Outcome.LEFT, reason=reason, job=job.pk)
    reason = _why_not_here(post)
    if reason and job.is_in(OPEN):
        return _line(row, Outcome.LEFT, reason=reason, job=job.pk)
    source = _source_of(post, reason)
    try:
        with transaction.atomic():
            job = edit_job(job=job, brief=brief, by=terms.by, at=terms.at, source=source)
    except Unfit as unfit:
        return _line(row, Outcome.LEFT, reason=unfit.sentence, job=job.pk)
    if not reason and job.is_in(DRAFT):
        reason = _open_if_possible(job, brief, source, terms=terms)
    return _line(row, Outcome.CHANGED, reason=reason, detail=_rate_of(post), job=job.pk)


def _source_of(post: Post, reason: str) -> Source:
    return Source(post.link, post.content_hash, f"{reason} {_rate_of(post)}".strip()[:_LONGEST_REASON])


def _rate_of(post: Post) -> str:
    """What an hour was to pay, as a sentence, so that somebody can set a price by it."""
    if not post.rates:
        return ""
    low, high = min(post.rates), max(post.rates)
    if low == high:
        return _("An hour was to pay %(rate)s.") % {"rate": low}
    return _("An hour was to pay %(low)s to %(high)s.") % {"low": low, "high": high}


def _why_not_here(post: Post) -> str:
    """Why this post cannot open before somebody has looked at it, as a sentence; empty if it can."""
    if post.hourly:
        return _("Hourly work is not offered by this hall yet.")
    if post.budget is None or post.told in {None, post.budget}:
        return ""
    said = _("The column says %(column)s, the text %(text)s: set the right budget, then open it.") % {
        "column": post.budget,
        "text": post.told,
    }
    try:
        refuse_below_floor(post.budget, rules_in_force(), field="budget")
    except BelowFloor as below:
        return f"{below.sentence} {said}"
    return said


def _open_if_possible(job: Job, brief: JobBrief, source: Source, *, terms: _Terms) -> str:
    """Open a draft, or note on it the sentence with which it was refused; that sentence, or nothing."""
    try:
        with transaction.atomic():
            open_job(job=job, by=terms.by, at=terms.at)
    except Unfit as unfit:
        noted = replace(source, draft_reason=unfit.sentence[:_LONGEST_REASON])
        edit_job(job=job, brief=brief, by=terms.by, at=terms.at, source=noted)
        return unfit.sentence
    return ""


def _line(row: Row, outcome: Outcome, *, reason: str = "", detail: str = "", job: UUID | None = None) -> Line:
    title, link = row.cells.get("title", ""), row.cells.get("link", "")
    return Line(row.number, outcome, title.strip()[:200], link.strip()[:500], reason, detail, job)
