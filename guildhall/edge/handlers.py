"""Django's own error handlers, answered in the hall's words. Named in `config.urls` and the settings."""

from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.edge.problems import is_api, problem, trouble

# Written out, because when everything is broken, templates may be too.
_LAST_WORDS = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Something broke on our side</title>
<h1>Something broke on our side</h1>
<p>Nothing that you did was lost or half done. Go back and try again in a minute.</p>
<p><a href="/">To the front door</a></p></html>"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a body beyond the limit."""
    if isinstance(exception, RequestDataTooBig):
        return trouble(
            request, 413, _("That is more than one request may carry. Send less at once."), code="too_large"
        )
    sentence = _("Something about this request is malformed. Go back and try again.")
    code = "suspicious" if isinstance(exception, SuspiciousOperation) else "malformed"
    return trouble(request, 400, sentence, code=code)


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """403."""
    del exception
    return trouble(request, 403, _("This is not yours to do."), code="forbidden")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from a page of the hall, or from one that has grown old."""
    del reason
    sentence = _(
        "This form has grown old, or cookies are switched off. Go back, reload the page and send it again."
    )
    return trouble(request, 403, sentence, code="csrf")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not for you; the two look the same."""
    del exception
    sentence = _("The page has moved, has gone, or is not for you to see.")
    if is_api(request):
        sentence = _("There is nothing at this address, or it is not for you to see.")
    return trouble(request, 404, sentence, code="not_found")


def broken(request: HttpRequest, *args: Any) -> HttpResponse:
    """500: says nothing about the inside and depends on nothing."""
    del args
    if is_api(request):
        return problem(500, "Something broke on our side. Nothing was changed.", code="broken")
    return HttpResponse(_LAST_WORDS, status=500)
