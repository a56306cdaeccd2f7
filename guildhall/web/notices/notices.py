"""What somebody was told, the newest first."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.notices.actions import mark_read
from guildhall.notices.queries import MOST_COUNTED, notices_of, unread_count
from guildhall.notices.words import say
from guildhall.web.page import page, person_of, signed_in


@require_GET
@signed_in
def notices(request: HallRequest) -> HttpResponse:
    """One page of notices, each a sentence and the way to its thing."""
    person = person_of(request)
    found = page_by_key(notices_of(person), by=["-id"], after=request.GET.get("after", ""))
    rows = [
        {
            "id": row.id,
            "sentence": say(row.kind, row.facts),
            "made_at": row.made_at,
            "is_new": row.read_at is None,
        }
        for row in found.rows
    ]
    facts = {
        "found": found,
        "rows": rows,
        "unread": unread_count(person),
        "most": MOST_COUNTED,
        "is_first": not request.GET.get("after"),
    }
    return page(request, "notices/notices.html", facts)


@require_POST
@signed_in
def readings(request: HallRequest) -> HttpResponseBase:
    """Mark everything as read."""
    mark_read(by=person_of(request), at=request.at)
    return redirect("notices:notices")


@require_GET
@signed_in
def notice(request: HallRequest, notice_id: UUID) -> HttpResponseBase:
    """Go to the thing, and with that the notice is read: following it is what reading means."""
    person = person_of(request)
    row = get_object_or_404(notices_of(person), pk=notice_id)
    mark_read(by=person, at=request.at, only=row.pk)
    return redirect(row.url)
