"""Errors to status, for both doors: RFC 9457 problems under /api/, designed pages elsewhere."""

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kernel.errors import Refusal

API_PREFIX: Final = "/api/"
PROBLEM: Final = "application/problem+json"

_TITLES: Final = {
    400: gettext_lazy("This request cannot be read"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("You may not do this"),
    404: gettext_lazy("There is nothing here"),
    405: gettext_lazy("This address does not do that"),
    409: gettext_lazy("Things have moved on"),
    413: gettext_lazy("That is too large"),
    415: gettext_lazy("That format is not read here"),
    422: gettext_lazy("That does not fit the rules"),
    429: gettext_lazy("A little slower, please"),
    500: gettext_lazy("Something broke on our side"),
    503: gettext_lazy("The hall is not ready"),
}


def is_api(request: HttpRequest) -> bool:
    """Whether the JSON door was asked."""
    return request.path_info.startswith(API_PREFIX)


def title_of(status: int) -> str:
    """A short heading for a status, in the reader's language."""
    return str(_TITLES.get(status, _("This did not work")))


def problem(status: int, detail: str, *, code: str = "", **more: Any) -> HttpResponse:
    """An RFC 9457 answer. `code` is the stable word for programs; empty facts are left out."""
    facts = {"type": "about:blank", "title": title_of(status), "status": status, "detail": detail}
    facts |= {name: value for name, value in {"code": code, **more}.items() if value}
    return HttpResponse(json.dumps(facts, ensure_ascii=False), status=status, content_type=PROBLEM)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal that a view did not put on its own form."""
    if is_api(request):
        errors = [{"field": refusal.field, "detail": refusal.sentence}] if refusal.field else []
        return problem(refusal.status, refusal.sentence, code=refusal.code, rule=refusal.rule, errors=errors)
    return trouble(request, refusal.status, refusal.sentence, rule=refusal.rule)


def trouble(
    request: HttpRequest, status: int, sentence: str, *, code: str = "", rule: str = ""
) -> HttpResponse:
    """A designed page, or a problem for programs, that says what happened and what to do."""
    if is_api(request):
        return problem(status, sentence, code=code, rule=rule)
    context = {"status": status, "title": title_of(status), "sentence": sentence, "rule": rule}
    return HttpResponse(loader.render_to_string("errors/trouble.html", context, request), status=status)
