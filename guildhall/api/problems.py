"""What ninja raises, as problems: which field, which rule."""

import math
from http import HTTPStatus
from typing import Any, NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.types import DictStrAny

from guildhall.edge.handlers import not_found
from guildhall.edge.problems import problem, title_of

# pydantic's rules in the hall's words; what is not here keeps pydantic's own sentence.
_SENTENCES = {
    "missing": gettext_lazy("This field is missing."),
    "extra_forbidden": gettext_lazy("There is no such field here."),
    "string_type": gettext_lazy("This must be text."),
    "string_too_long": gettext_lazy("This is longer than %(max_length)s characters."),
    "too_long": gettext_lazy("This holds more than %(max_length)s entries."),
    "string_too_short": gettext_lazy("This is shorter than %(min_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This does not look as it should: %(pattern)s."),
    "int_type": gettext_lazy("This must be a whole number."),
    "int_parsing": gettext_lazy("This must be a whole number."),
    "int_from_float": gettext_lazy("This must be a whole number."),
    "greater_than_equal": gettext_lazy("This must be at least %(ge)s."),
    "less_than_equal": gettext_lazy("This must be at most %(le)s."),
    "uuid_parsing": gettext_lazy("This is not the id of anything."),
    "uuid_type": gettext_lazy("This is not the id of anything."),
    "date_from_datetime_parsing": gettext_lazy("Write the date as 2026-12-31."),
    "date_parsing": gettext_lazy("Write the date as 2026-12-31."),
    "bool_type": gettext_lazy("This must be true or false."),
    "list_type": gettext_lazy("This must be a list."),
}


class CarefulParser(Parser):
    """Reads JSON as it is standardised: no NaN, no infinite numbers, no text that no table can hold."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Parse, or fail with what ninja turns into a 400."""
        parsed: DictStrAny = super().parse_body(request)
        _check_text(parsed)
        return parsed


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        value.encode()  # half a surrogate pair is no text
        if "\0" in value:
            raise ValueError("text holds a NUL")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number of JSON")
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_text(name)
            _check_text(part)
    elif isinstance(value, list):
        for part in value:
            _check_text(part)


def answer_in_problems(api: NinjaAPI) -> None:
    """Make every error of this API a problem. Refusals go on to the edge, which knows them."""
    handlers: dict[type[Exception], Any] = {
        ValidationError: _unfit,
        HttpError: _failed,
        Http404: not_found,
        Exception: _go_on,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _go_on(request: HttpRequest, error: Exception) -> NoReturn:
    del request
    raise error


def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    del request
    fields = [_field(fault) for fault in error.errors]
    sentence = _("%(count)s of the fields do not fit.") % {"count": len(fields)}
    if len(fields) == 1:
        sentence = f"{fields[0]['field']}: {fields[0]['detail']}"
    return problem(422, sentence, code="unfit", errors=fields)


def _field(fault: dict[str, Any]) -> dict[str, str]:
    place = [str(part) for part in fault["loc"]]
    # ("body", "asked", "price", "amount"): the door and the argument's name are ours, not the sender's.
    ours = 2 if place[:1] == ["body"] else 1
    place = place[ours:] or place[-1:]
    rule = str(fault["type"])
    sentence = str(fault["msg"])
    if rule in _SENTENCES:
        sentence = str(_SENTENCES[rule]) % fault.get("ctx", {})
    return {"field": ".".join(place), "detail": sentence, "rule": rule}


def _failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    del request
    sentences = {
        400: _("The body of this request is not JSON that can be read."),
        401: _("Send a personal token, as in “Authorization: Bearer gh_…”, or sign in."),
        403: _("A write from a browser needs the token against forged requests (X-CSRFToken)."),
    }
    codes = {400: "malformed", 401: "not_signed_in", 403: "csrf"}
    status = error.status_code
    response = problem(status, sentences.get(status, title_of(status)), code=codes.get(status, "failed"))
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="guildhall"'
    return response
