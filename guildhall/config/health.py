"""Whether the hall lives, and whether it can do everything: for whatever watches over it."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from guildhall.config.migrating import is_migrated
from guildhall.insights.signs import worker_is_alive
from guildhall.search.actions import standing_of
from guildhall.search.index import folder_of, serial_in
from guildhall.search.plans import SOURCES

_QUIET_AFTER = timedelta(seconds=60)

_migrated = False


def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    del request
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every part is ready, 503 with the parts that are not."""
    del request
    parts = parts_ready()
    answer = JsonResponse(parts, status=200 if all(parts.values()) else 503)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - "not yet" is no error
    return answer


def parts_ready() -> dict[str, bool]:
    """Each part by name; what depends on the database is not asked when it does not answer."""
    try:
        parts = {"database": True, "migrated": _is_migrated()}
        if not parts["migrated"]:
            return parts
        parts["worker"] = worker_is_alive(quiet_after=_QUIET_AFTER)
        parts["search"] = _search_is_ready()
        if settings.GUILDHALL_KIND == "demo":
            from guildhall import demo  # noqa: PLC0415 - a hall of one's own need not carry it

            parts["sample"] = demo.is_built()
    except DatabaseError:
        return {"database": False}
    return parts


def _is_migrated() -> bool:
    """Asked of the database until it is so; it stays so for as long as this process runs."""
    global _migrated  # noqa: PLW0603 - a fact about this process
    _migrated = _migrated or is_migrated()
    return _migrated


def _search_is_ready() -> bool:
    """Whether there is an index of each kind, whether or not it has caught up with the last second."""
    for kind in SOURCES:
        shelf, _is_current = standing_of(kind)
        if shelf is None or serial_in(folder_of(kind, shelf.generation)) is None:
            return False
    return True
