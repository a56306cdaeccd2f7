"""Narrowing and ordering the open jobs, for every door that lists them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from guildhall.jobs.models import Job, JobSkill
from guildhall.jobs.queries import open_jobs
from guildhall.jobs.states import FILLED, OPEN
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page, count_up_to, page_by_key
from guildhall.reputation.queries import prompt_payments

PROMPT_DAYS: Final = 3
"""Who pays within so many days of a delivery, in the median, pays promptly."""
MOST_COUNTED: Final = 1_000
"""Beyond so many a list says "more than": counting all would cost more the more there is."""

SORTS: Final = {
    "newest": ("-opened_at", "-id"),
    "budget": ("-budget", "-id"),
    "deadline": ("deadline", "id"),
}
BEST: Final = "best"
"""The order of a search by words; without words it is the newest first."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What somebody looks for. Every field left as it is lets everything through.

    Args:
        skill: its slug.
        least: only budgets of at least so much, in that currency; nothing is converted.
        price_open: only jobs whose price is to be proposed.
        country: of the client.
        pays_promptly: only clients who pay within three days of a delivery, in the median.
        has_hired: only clients who have filled a job here.
        sort: a key of `SORTS`, or ``best``.
        currency: for the order by budget: sums of two currencies have no order.
    """

    skill: str = ""
    least: Money | None = None
    price_open: bool = False
    country: str = ""
    pays_promptly: bool = False
    has_hired: bool = False
    sort: str = "newest"
    currency: str = "USD"


def jobs_matching(wanted: JobFilter) -> QuerySet[Job]:
    """The open jobs that fit, in no order yet."""
    return _narrowed(open_jobs(), wanted)


def _narrowed(rows: QuerySet[Job], wanted: JobFilter) -> QuerySet[Job]:
    if wanted.skill:
        rows = rows.filter(Exists(JobSkill.objects.filter(job=OuterRef("pk"), skill__slug=wanted.skill)))
    if wanted.least is not None:
        rows = rows.filter(currency=wanted.least.currency, budget__gte=wanted.least.minor)
    if wanted.price_open:
        rows = rows.filter(budget__isnull=True)
    if wanted.country:
        rows = rows.filter(country=wanted.country)
    if wanted.has_hired:
        rows = rows.filter(Exists(Job.objects.filter(client=OuterRef("client"), state=FILLED)))
    if wanted.pays_promptly:
        rows = rows.filter(Exists(prompt_payments(days=PROMPT_DAYS).filter(person=OuterRef("client"))))
    if wanted.sort == "budget":
        rows = rows.filter(currency=wanted.currency, budget__isnull=False)
    if wanted.sort == "deadline":
        rows = rows.filter(deadline__isnull=False)
    return rows


def page_of_jobs(
    wanted: JobFilter, *, after: str = "", size: int = 20, with_client: bool = True
) -> Page[Job]:
    """One page of the open jobs that fit, in the order asked for.

    Args:
        wanted: what they must be like.
        after: the cursor of the page before.
        size: how many.
        with_client: whether their clients come with them; a list that does not name them is cheaper without.

    Raises:
        Unfit: no such order, or a cursor that is not of this list.
    """
    sort = "newest" if wanted.sort == BEST else wanted.sort
    if sort not in SORTS:
        raise Unfit(_("Jobs can be ordered by newest, budget, deadline or best."), field="sort")
    rows = jobs_matching(wanted)
    rows = rows if with_client else rows.select_related(None)
    return page_by_key(rows, by=SORTS[sort], after=after, size=size)


def jobs_found(wanted: JobFilter, ids: Sequence[UUID]) -> list[Job]:
    """Those of the jobs that a search named which are open and fit, in the search's order."""
    place = {job_id: place for place, job_id in enumerate(ids)}
    return sorted(jobs_matching(wanted).filter(pk__in=ids), key=lambda job: place[job.pk])


def keeper_of(wanted: JobFilter) -> Callable[[Sequence[UUID]], set[UUID]] | None:
    """Which of the jobs that a search finds fit what the index does not know; None where it knows all."""
    if not (wanted.price_open or wanted.pays_promptly or wanted.has_hired):
        return None
    fitting = _narrowed(Job.objects.filter(state=OPEN), wanted)
    return lambda ids: set(fitting.filter(pk__in=ids).values_list("pk", flat=True))


def count_up_to_most(wanted: JobFilter) -> int:
    """How many fit, counted no further than one above `MOST_COUNTED`."""
    return count_up_to(_narrowed(Job.objects.filter(state=OPEN), wanted), MOST_COUNTED)
