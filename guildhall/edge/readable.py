"""The outermost door: what nothing behind it could take in is turned away before anybody is asked for."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from guildhall.edge.handlers import bad_request
from guildhall.edge.request import HallRequest
from guildhall.files.rules import FILE_MEGABYTES
from guildhall.kernel.rules import rules_in_force
from guildhall.workroom.rules import MOST_FILES

_MEGABYTE = 2**20
_DIGITS = 18  # of a size that may be one


class ReadableMiddleware:
    """Stands before the session is read, for a cookie is the first thing that reaches a table."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let through what can be read."""
        if _holds_a_nul(request):
            return bad_request(request, BadRequest())
        if _size_of(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and _size_of(request) > _most():
            return bad_request(request, RequestDataTooBig())
        return self.get_response(request)


def too_large_for_a_visitor(request: HallRequest) -> HttpResponse | None:
    """413 for a visitor's body beyond what a form holds: files are for people to send."""
    if request.person is None and _size_of(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return bad_request(request, RequestDataTooBig())
    return None


def _holds_a_nul(request: HttpRequest) -> bool:
    """No table can hold a NUL, so neither an address nor a cookie may carry one."""
    return (
        "\0" in request.path
        or "%00" in request.META.get("QUERY_STRING", "")
        or any("\0" in value for value in request.COOKIES.values())
    )


def _size_of(request: HttpRequest) -> int:
    """What the sender says: the server hands on no more, and nothing of a body that does not say."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not (said.isascii() and said.isdigit()):
        return 0
    return int(said) if len(said) <= _DIGITS else sys.maxsize


def _most() -> int:
    """As many files as a message takes, each as large as may be, and a form around them."""
    files: int = MOST_FILES * rules_in_force()[FILE_MEGABYTES] * _MEGABYTE
    return files + int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
