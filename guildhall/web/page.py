"""Answering with a page, saying who may see it, and trying a verb for a form."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.notices.actions import mark_read
from guildhall.notices.queries import MOST_COUNTED, places_unread_by, unread_count
from guildhall.people.models import Person
from guildhall.web.forms import HallForm
from guildhall.web.rendering import one_language

type View[**P] = Callable[Concatenate[HallRequest, P], HttpResponseBase]


class QueryInTemplate(AssertionError):  # noqa: N818 - it says what happened
    """A template asked the database something: its view must load what the page shows."""


def page(
    request: HallRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template of ours as the answer.

    Every page gets ``person``, ``at`` and ``locale`` besides its own context.
    """
    found = loader.get_template(template)
    if request.person is not None:
        request.unread = _unread_after_this(request, request.person, status)
    facts = {
        "person": request.person,
        "at": request.at,
        "locale": request.locale,
        **(context or {}),
    }
    may_ask = getattr(settings, "GUILDHALL_TEMPLATES_MAY_ASK", not settings.DEBUG)
    with one_language(), nullcontext() if may_ask else asking_nothing(template):
        return HttpResponse(found.render(facts, request), status=status)


def _unread_after_this(request: HallRequest, person: Person, status: int) -> int:
    """How many notices are new. Whoever reads the page that some lead to has read those: the next is news."""
    places = places_unread_by(person)
    is_read = status == HTTPStatus.OK and request.method == "GET"
    lead_here = any(urlsplit(place).path == request.path for place in places) or len(places) > MOST_COUNTED
    if is_read and lead_here and mark_read(by=person, at=request.at, place=request.path):
        return unread_count(person)
    return len(places)


@contextmanager
def asking_nothing(template: str) -> Iterator[None]:
    """Fail on any query inside: for development and tests."""

    def fail(_execute: Any, sql: str, *_rest: Any) -> NoReturn:
        raise QueryInTemplate(f"{template} asks the database: {sql[:300]}")

    with connection.execute_wrapper(fail):
        yield


def person_of(request: HallRequest) -> Person:
    """Who asks, inside a view that only signed-in people reach."""
    assert request.person is not None, "the view is for signed-in people"
    return request.person


def signed_in[**P](view: View[P]) -> View[P]:
    """Let signed-in people through; send others to sign in and back again."""

    @wraps(view)
    def guarded(request: HallRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.person is None:
            return redirect_to_login(_way_back(request))
        return view(request, *args, **kwargs)

    return guarded


def operator_only[**P](view: View[P]) -> View[P]:
    """Let the hall's operators through; for everybody else there is nothing here."""
    return _only(view, "is_operator")


def adjudicator_only[**P](view: View[P]) -> View[P]:
    """Let adjudicators through; for everybody else there is nothing here."""
    return _only(view, "is_adjudicator")


def _only[**P](view: View[P], role: str) -> View[P]:
    @wraps(view)
    def guarded(request: HallRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.person is None:
            return redirect_to_login(_way_back(request))
        if not getattr(request.person, role):
            raise NotFound
        return view(request, *args, **kwargs)

    return guarded


def _way_back(request: HallRequest) -> str:
    """Where to go after signing in: this page, or for a POST the page it was sent from."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referrer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(referrer).path or "/"
    return "/"


def attempt[T](form: HallForm, verb: Callable[[], T]) -> T | None:
    """Call a verb with what a form holds, if the form fits; else put the sentence on the form.

    Returns:
        What the verb returns (make sure that is not None), or None: then answer with the same page and
        ``status=form.refusal_status``.
    """
    if not form.is_valid():
        form.refusal_status = 422
        return None
    try:
        return verb()
    except Refusal as refusal:
        form.refuse(refusal)
        return None
