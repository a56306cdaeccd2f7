"""The one middleware of the hall: every request goes through here before it reaches a view."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guildhall.edge.actors import actor_of
from guildhall.edge.handlers import forbidden, not_found
from guildhall.edge.idempotency import answer_once, key_of
from guildhall.edge.limits import limits_of, may_pass, sender_of
from guildhall.edge.problems import is_api, refused, trouble
from guildhall.edge.readable import too_large_for_a_visitor
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound, Refusal

type View = Callable[..., HttpResponseBase]

_WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class EdgeMiddleware:
    """Sets the actor, the instant and the language; keeps limits and keys; turns refusals into answers."""

    def __init__(self, get_response: Callable[[HallRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HallRequest) -> HttpResponseBase:
        """Prepare the request, let it through, and say who may keep the answer."""
        request.at = _instant(request)
        request.person, request.scopes = actor_of(request)
        request.locale = _speak(request)
        try:
            response = too_large_for_a_visitor(request) or _too_many(request) or self.get_response(request)
        finally:
            timezone.deactivate()
        return _private(request, response)

    def process_view(
        self, request: HallRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Answer a mutating request that carries a key at most once."""
        if request.method not in _WRITING or request.person is None or _is_for_machines(request, view):
            return None
        try:
            key = key_of(request)
            if not key:
                return None
            return answer_once(request, key, lambda: view(request, *args, **kwargs))
        except (Refusal, NotFound, Http404, PermissionDenied) as error:
            # Raised through the transaction, so that nothing of it stays.
            return self.process_exception(request, error)

    def process_exception(self, request: HallRequest, exception: Exception) -> HttpResponse | None:
        """Turn what a view raised into its answer; anything unknown is a bug and goes on as a 500."""
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if isinstance(exception, NotFound | Http404):
            return not_found(request, exception)
        if isinstance(exception, PermissionDenied):
            return forbidden(request, exception)
        return None


def _is_for_machines(request: HallRequest, view: View) -> bool:
    """A door such as the processors': whose browser knocks there means nothing, and it reads the raw body."""
    return getattr(view, "csrf_exempt", False) and not is_api(request)


def _instant(request: HallRequest) -> datetime:
    """The one reading of the clock.

    Whatever is written bears the time of the database, by which the worker goes: an instant that money waits
    for is right even while the clock of this machine is wrong. Who only reads need not ask for it.
    """
    if request.method not in _WRITING:
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (instant,) = cursor.fetchone()
    return cast("datetime", instant)


def _speak(request: HallRequest) -> str:
    """The person's own language and zone, else what the browser asked for."""
    person = request.person
    if person is not None:
        if person.language in dict(settings.LANGUAGES):
            translation.activate(person.language)
        try:
            timezone.activate(zoneinfo.ZoneInfo(person.timezone))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            timezone.activate(zoneinfo.ZoneInfo("UTC"))
    return translation.get_language() or settings.LANGUAGE_CODE


def _too_many(request: HallRequest) -> HttpResponse | None:
    limits = limits_of(request, is_api=is_api(request), is_write=request.method in _WRITING)
    limit = next((each for each in limits if not may_pass(each, sender_of(request))), None)
    if limit is None:
        return None
    seconds = max(1, round(1 / limit.rate))
    sentence = _("Too many requests at once. Wait a moment and send it again.")
    response = trouble(request, 429, sentence, code="too_many")
    response["Retry-After"] = str(seconds)
    return response


def _private(request: HallRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What somebody sees is nobody else's: no cache keeps it, unless the view said how long."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store" if request.person else "private, no-cache"
    return response
