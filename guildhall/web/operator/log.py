"""The log of everything that happened."""

import json
from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guildhall.documents.csv import csv_lines
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import events_found
from guildhall.kernel.models import Event
from guildhall.kernel.paging import page_by_key
from guildhall.people.queries import people_with_ids, person_with_email
from guildhall.web.page import operator_only, page

_ASKED = ("name", "subject", "by")


@require_GET
@operator_only
def log(request: HallRequest) -> HttpResponse:
    """The newest first, narrowed by name, by thing, by person."""
    asked = _asked(request)
    found = page_by_key(_found(asked), by=["-id"], after=request.GET.get("after", ""))
    names = people_with_ids(event.by for event in found.rows if event.by)
    rows = [
        {
            "name": event.name,
            "at": event.at,
            "subject": event.subject_id,
            "by": event.by,
            "who": names[event.by].name if event.by in names else "",
            "facts": json.dumps(event.facts, ensure_ascii=False) if event.facts else "",
        }
        for event in found.rows
    ]
    query = urlencode({name: value for name, value in asked.items() if value})
    return page(request, "operator/log.html", {"found": found, "rows": rows, "asked": asked, "query": query})


@require_GET
@operator_only
def log_csv(request: HallRequest) -> StreamingHttpResponse:
    """The same as a file, all of it, the oldest first."""
    events = _found(_asked(request)).order_by("id")
    header = ["id", "at", "name", "subject", "by", "facts"]
    response = StreamingHttpResponse(
        csv_lines(header, _cells(events)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="guildhall-log.csv"'
    return response


def _cells(events: QuerySet[Event]) -> Iterator[list[str]]:
    for event in events.iterator(chunk_size=1000):
        yield [
            str(event.id),
            event.at.isoformat(),
            event.name,
            str(event.subject_id),
            str(event.by or ""),
            json.dumps(event.facts, ensure_ascii=False),
        ]


def _asked(request: HallRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip().replace("\0", "")[:200] for name in _ASKED}


def _found(asked: dict[str, str]) -> QuerySet[Event]:
    by = asked["by"]
    if "@" in by:
        known = person_with_email(by)
        if known is None:
            return Event.objects.none()
        by = str(known.id)
    return events_found(
        name=asked["name"], subject=_id(asked["subject"], field="subject"), by=_id(by, field="by")
    )


def _id(text: str, *, field: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Unfit(
            _("Write an id of 32 letters and digits, as the log shows it; for a person also their address."),
            field=field,
        ) from error
