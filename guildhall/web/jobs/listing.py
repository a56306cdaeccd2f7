"""The list of open work: one search box, a few honest filters, and the client's facts beside each job."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.jobs.finding import (
    BEST,
    MOST_COUNTED,
    JobFilter,
    count_up_to_most,
    jobs_found,
    keeper_of,
    page_of_jobs,
)
from guildhall.jobs.models import Job
from guildhall.kernel.paging import PAGE_SIZE, Page
from guildhall.search.queries import JobSearch, search_jobs
from guildhall.skills.queries import slug_asked_for
from guildhall.web.fields import CURRENCY_CHOICES
from guildhall.web.jobs.forms import FindForm
from guildhall.web.jobs.showing import cards_of
from guildhall.web.page import page
from guildhall.web.people.choices import countries

_CONDITIONS: Final = ("skill", "pays", "price", "country", "prompt", "hired")


@dataclass(frozen=True, slots=True)
class _Found:
    page: Page[Job]
    total: int | None
    nearly: bool = False


@require_safe
def show_jobs(request: HallRequest) -> HttpResponse:
    """Open jobs that fit what was asked; everything asked stands in the address."""
    form = FindForm(request.GET)
    form.refusal_status = 200 if form.is_valid() else 422
    asked = form.cleaned_data
    wanted = _filter_of(asked) if form.is_valid() else JobFilter()
    words = asked.get("words", "").strip() if form.is_valid() else ""
    found = _by_words(wanted, words, request) if words else _by_filter(wanted, request)
    conditions = any(request.GET.get(name) for name in _CONDITIONS)
    context: dict[str, Any] = {
        "form": form,
        "countries": countries(),
        "currencies": CURRENCY_CHOICES,
        "jobs": Page(cards_of(found.page.rows), found.page.next),
        "found": _sentence(found, words),
        "remark": _remark(wanted),
        "here": _address(request),
        "conditions": conditions,
        "narrowed": conditions or bool(words),
    }
    return page(request, "jobs/jobs.html", context, status=form.refusal_status)


def _by_filter(wanted: JobFilter, request: HallRequest) -> _Found:
    rows = page_of_jobs(wanted, after=request.GET.get("after", ""), with_client=False)
    return _Found(rows, count_up_to_most(wanted))


def _by_words(wanted: JobFilter, words: str, request: HallRequest) -> _Found:
    # The index does not know every condition: where the database takes some away, no total is claimed.
    asked = JobSearch(
        words=words,
        skill=wanted.skill,
        min_amount=wanted.least,
        country=wanted.country,
        sort=wanted.sort,
        currency=wanted.currency,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
    )
    keep = keeper_of(wanted)
    found = search_jobs(asked, keep=keep)
    rows = Page(jobs_found(wanted, found.ids), found.next)
    return _Found(rows, None if keep else found.total, found.nearly)


def _filter_of(asked: dict[str, Any]) -> JobFilter:
    words = asked["words"].strip()
    return JobFilter(
        skill=slug_asked_for(asked["skill"]),
        least=asked["least"],
        price_open=asked["price"] == "open",
        country=asked["country"].strip().upper(),
        pays_promptly=asked["prompt"],
        has_hired=asked["hired"],
        sort=asked["sort"] or (BEST if words else "newest"),
        currency=asked["currency"] or "USD",
    )


def _address(request: HallRequest) -> str:
    """This list's address with what was asked, without the place in it."""
    asked = [(name, value) for name, value in request.GET.items() if value and name != "after"]
    return f"/jobs?{urlencode(asked)}" if asked else "/jobs"


def _sentence(found: _Found, words: str) -> str:
    """How many were found, and for which words."""
    total = found.total
    if total is None:
        like_it = _("Nothing has “%(words)s”; these have words like it.")
        return (like_it if found.nearly else _("Jobs for “%(words)s”.")) % {"words": words}
    if total > MOST_COUNTED:
        return _("More than %(num)d jobs.") % {"num": MOST_COUNTED}
    if words and not total:
        return _("No job has “%(words)s”, nor words like it.") % {"words": words}
    if found.nearly:
        said = ngettext(
            "Nothing has “%(words)s”; %(num)d job has words like it.",
            "Nothing has “%(words)s”; %(num)d jobs have words like it.",
            total,
        )
        return said % {"num": total, "words": words}
    if words:
        said = ngettext("%(num)d job found for “%(words)s”.", "%(num)d jobs found for “%(words)s”.", total)
        return said % {"num": total, "words": words}
    return ngettext("%(num)d job.", "%(num)d jobs.", total) % {"num": total}


def _remark(wanted: JobFilter) -> str:
    """What an order leaves out: never silently."""
    if wanted.sort == "budget":
        return _("Highest budget first: only jobs with a budget in %(currency)s.") % {
            "currency": wanted.currency
        }
    if wanted.sort == "deadline":
        return _("Soonest day first: only jobs with a day.")
    return ""
