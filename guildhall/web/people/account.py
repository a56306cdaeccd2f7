"""One's own account: who one is here, the language, and what the hall holds."""

from datetime import timedelta

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal
from guildhall.kernel.registry import all_holdings
from guildhall.people.actions import choose_language, edit_person
from guildhall.people.queries import tokens_of
from guildhall.records.queries import take_out_of
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.people.choices import language_choices
from guildhall.web.people.forms import AccountForm

_A_YEAR = int(timedelta(days=365).total_seconds())


@require_GET
@signed_in
def account(request: HallRequest) -> HttpResponse:
    """Everything about oneself at a glance, each with its way to change it."""
    person = person_of(request)
    return page(
        request,
        "people/account.html",
        {
            "speaks": dict(language_choices()).get(person.language, person.language),
            "has_password": person.has_usable_password(),
            "tokens": tokens_of(person).count(),
            "messages": list(get_messages(request)),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def editing(request: HallRequest) -> HttpResponseBase:
    """Change name, country, town, language and time zone."""
    person = person_of(request)
    kept = {
        "name": person.name,
        "country": person.country,
        "town": person.town,
        "language": person.language,
        "timezone": person.timezone,
    }
    form = AccountForm(request.POST or None, initial=kept)
    if request.method == "POST":
        saved = attempt(form, lambda: edit_person(by=person, at=request.at, **form.cleaned_data))
        if saved:
            response = redirect("people:account")
            _remember_language(response, saved.language)
            return response
    return page(request, "people/editing.html", {"form": form}, status=form.refusal_status)


@require_POST
def language(request: HallRequest) -> HttpResponse:
    """Read the hall in another language, from the next page on."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    if chosen not in dict(settings.LANGUAGES):
        raise _UnknownLanguage(_("Choose one of the languages that this hall speaks."), field="language")
    if request.person:
        choose_language(by=request.person, language=chosen, at=request.at)
    # Not `redirect`, which takes a word without a slash for the name of a page and breaks when there is none.
    response = HttpResponseRedirect(back)
    _remember_language(response, chosen)
    return response


class _UnknownLanguage(Refusal):
    code = "unknown_language"
    status = 422


def _remember_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@require_GET
@signed_in
def records(request: HallRequest) -> HttpResponse:
    """What kinds of things the hall holds on the reader, and how to take them along."""
    held = [
        {"name": f"{each.package}.{each.what}", "kept_because": each.kept_because} for each in all_holdings()
    ]
    return page(request, "people/records.html", {"held": held})


@require_GET
@signed_in
def take_out(request: HallRequest) -> StreamingHttpResponse:
    """All of it, as one JSON file."""
    response = StreamingHttpResponse(
        take_out_of(person_of(request), at=request.at), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="guildhall-records.json"'
    response["Cache-Control"] = "private, no-store"
    return response
