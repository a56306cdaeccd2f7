"""The money timeline as every page shows it: a way of steps, or in one line where the money is now."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_safe

from guildhall.contracts.queries import milestones_visible_to
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.statements.timelines import Place, Step, Timeline, timelines_of
from guildhall.web.contracts.showing import Side, room_at
from guildhall.web.page import page, person_of, signed_in
from guildhall.web.rendering import money, say, shortly_seen

_ON_A_PAGE = 10


@require_safe
@signed_in
def show_timeline(request: HallRequest) -> HttpResponse:
    """Every milestone for which money was set aside, the newest first, and how far each has come."""
    person = person_of(request)
    rows = milestones_visible_to(person).filter(hold__isnull=False)
    found = page_by_key(rows, by=("-hold_id",), after=request.GET.get("after", ""), size=_ON_A_PAGE)
    timelines = timelines_of(found.rows, person)
    shown = []
    for milestone in found.rows:
        side = Side.of(milestone.contract, person)
        note = milestone.title if milestone.title != milestone.contract.title else ""
        shown.append(
            {
                "title": milestone.contract.title,
                "note": note,
                "url": room_at(milestone),
                "side": side,
                "steps": steps_shown(timelines[milestone.pk], side, request.at),
                "deductions": timelines[milestone.pk].deductions,
            }
        )
    return page(request, "money/timeline.html", {"found": found, "rows": shown})


def steps_shown(timeline: Timeline, side: Side, at: datetime, *, whole: bool = True) -> list[dict[str, Any]]:
    """The steps of a way for `show.path`.

    Args:
        timeline: of one milestone.
        side: who looks.
        at: now.
        whole: from the escrow on; else only what comes after it.
    """
    steps = timeline.steps if whole else [step for step in timeline.steps if step.place != Place.ESCROW]
    return [
        {
            "title": word_for_place(step.place, side),
            "status": step.status,
            "note": _note(step, timeline, at),
        }
        for step in steps
    ]


def where_now(timelines: Iterable[Timeline], side: Side) -> list[dict[str, Any]]:
    """In one line where the money of some milestones is now: a sum for each place that holds any."""
    here: dict[Place, Money] = {}
    until: dict[Place, datetime] = {}
    for timeline in timelines:
        for step in timeline.steps:
            if step.here:
                here[step.place] = here.get(step.place, step.here - step.here) + step.here
                if step.until:
                    until[step.place] = max(step.until, until.get(step.place, step.until))
    return [
        {"sum": here[place], "word": word_for_place(place, side), "until": until.get(place)}
        for place in Place
        if place in here
    ]


def word_for_place(place: Place, side: Side) -> str:
    """What a place is called by whoever looks."""
    if side.is_client:
        words = {
            Place.AVAILABLE: _("Free for %(name)s") % {"name": side.other.name},
            Place.RETURNED: _("Returned to you"),
        }
    else:
        words = {Place.RETURNED: _("Returned to the client")}
    return (
        words.get(place)
        or {
            Place.ESCROW: _("In escrow"),
            Place.CLEARING: _("Clearing"),
            Place.AVAILABLE: _("Available"),
            Place.ON_ITS_WAY: _("On its way"),
            Place.ARRIVED: _("Arrived"),
            Place.USED: _("Used here"),
        }[place]
    )


def _note(step: Step, timeline: Timeline, at: datetime) -> Any:
    """How much, and what is to be known of it."""
    if step.status == "todo":
        return ""
    facts: dict[str, Any] = {"sum": money(step.reached), "here": money(step.here)}
    banks = sorted({payout.account.masked for payout, _sum in timeline.payouts})
    sentence = "%(sum)s"
    if step.place == Place.CLEARING and step.here and step.until:
        sentence = marked("%(here)s until %(when)s")
        facts["when"] = shortly_seen(step.until, now=at)
    elif step.place == Place.ESCROW and timeline.frozen:
        sentence = marked("%(here)s, of which a case or a request holds %(frozen)s")
        facts["frozen"] = money(timeline.frozen)
    elif step.place == Place.ON_ITS_WAY and banks:
        sentence = marked("%(sum)s to %(account)s")
        facts["account"] = ", ".join(banks)
    elif step.status == "now" and step.here != step.reached:
        sentence = marked("%(here)s of %(sum)s is still here")
    elif step.at:
        sentence = marked("%(sum)s since %(day)s") if step.status == "now" else marked("%(sum)s on %(day)s")
        facts["day"] = shortly_seen(step.at, now=at, clock=False)
    return say(sentence, **facts)
