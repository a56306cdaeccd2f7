"""What is stuck: the hall itself, money that waits too long, events not taken in, letters refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from guildhall.edge.request import HallRequest
from guildhall.insights.signs import house_trouble_seen_by
from guildhall.kernel.delivery import deliveries_in_trouble, deliveries_overdue, retry_delivery
from guildhall.kernel.errors import NotFound
from guildhall.kernel.paging import page_by_key
from guildhall.notices.actions import retry_letter
from guildhall.notices.queries import letters_in_trouble
from guildhall.payments.queries import money_that_waits
from guildhall.people.models import Person
from guildhall.web.page import operator_only, page, person_of

_SHOWN = 20


@require_GET
@operator_only
def stuck(request: HallRequest) -> HttpResponse:
    """Each with its last trouble and a way to try it now."""
    operator = person_of(request)
    events = page_by_key(deliveries_in_trouble(), by=["-event_id"], after=request.GET.get("after", ""))
    letters = page_by_key(letters_in_trouble(), by=["-id"], after=request.GET.get("letters", ""))
    return page(
        request,
        "operator/stuck.html",
        {
            "events": events,
            "letters": letters,
            "overdue": deliveries_overdue(at=request.at),
            "house": house_trouble_seen_by(operator),
            "money": _money(operator, request.at),
        },
    )


def _money(operator: Person, at: datetime) -> dict[str, list[Any]]:
    """The oldest of each kind of money that waits too long."""
    waits = money_that_waits(operator, at=at)
    return {
        "payouts": list(waits.payouts[:_SHOWN]),
        "batches": list(waits.batches[:_SHOWN]),
        "deposits": list(waits.deposits.select_related("person")[:_SHOWN]),
        "notices": list(waits.notices[:_SHOWN]),
        "unknown_deposits": list(waits.unknown_deposits[:_SHOWN]),
        "unknown_refunds": list(waits.unknown_refunds[:_SHOWN]),
    }


@require_POST
@operator_only
def event_trial(request: HallRequest, event_id: UUID) -> HttpResponseBase:
    """Try an event at once."""
    if not retry_delivery(event=event_id, by=person_of(request).id, at=request.at):
        raise NotFound
    return redirect("operator:stuck")


@require_POST
@operator_only
def letter_trial(request: HallRequest, letter_id: UUID) -> HttpResponseBase:
    """Try a letter at once."""
    letter = get_object_or_404(letters_in_trouble(), pk=letter_id)
    retry_letter(letter=letter, by=person_of(request), at=request.at)
    return redirect("operator:stuck")
