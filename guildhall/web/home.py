"""The front door: what this hall is and what is open now; for those inside, their work."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guildhall.contracts.rules import SILENCE_DAYS
from guildhall.edge.request import HallRequest
from guildhall.escrow.fees import CLEARING_DAYS, WORKER_FEE
from guildhall.insights.queries import hall_figures
from guildhall.jobs.finding import JobFilter, page_of_jobs
from guildhall.jobs.rules import least_price
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.web.jobs.showing import cards_of
from guildhall.web.page import page
from guildhall.web.values import percent

_SHOWN = 5


@require_safe
def show_home(request: HallRequest) -> HttpResponse:
    """Visitors see what the hall is; whoever is signed in goes on to what waits for them."""
    if request.person is not None:
        return redirect("/work")
    jobs = page_of_jobs(JobFilter(), size=_SHOWN, with_client=False).rows
    return page(request, "home.html", {"jobs": cards_of(jobs), "figures": _figures(), **_promises()})


def _figures() -> list[tuple[Money | int, str]]:
    """What the hall may say of its size: nothing that would give one of a few people away."""
    figures = hall_figures()
    said: list[tuple[Money | int, str]] = []
    if figures.open_jobs:
        said.append((figures.open_jobs, ngettext("open job", "open jobs", figures.open_jobs)))
    if figures.people:
        said.append((figures.people, _("people here, or a few more")))
    said += [(money, _("paid to workers so far, or a little more")) for money in figures.paid]
    return said


@require_safe
def show_help(request: HallRequest) -> HttpResponse:
    """How money, work and quarrels are handled here, with today's numbers."""
    return page(request, "help.html", _promises())


def _promises() -> dict[str, object]:
    """The numbers behind what we promise, as they stand today."""
    rules = rules_in_force()
    return {
        "fee": percent(rules[WORKER_FEE]),
        "silence_days": rules[SILENCE_DAYS],
        "clearing_days": rules[CLEARING_DAYS],
        "least": least_price("USD", rules),
    }
