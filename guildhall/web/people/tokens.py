"""One's own API tokens."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.people.actions import create_token, end_token
from guildhall.people.queries import tokens_of
from guildhall.people.rules import SCOPES
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.people.forms import TokenForm


@require_http_methods(["GET", "POST"])
@signed_in
def tokens(request: HallRequest) -> HttpResponse:
    """The tokens that work, and a new one, whose secret is shown on this answer and never again."""
    person = person_of(request)
    form = TokenForm(request.POST or None, operates=person.is_operator)
    made = None
    if request.method == "POST":
        made = attempt(form, lambda: create_token(by=person, at=request.at, **form.cleaned_data))
        if made:
            form = TokenForm(operates=person.is_operator)
    rows = [
        {
            "id": token.id,
            "name": token.name,
            "start": token.start,
            "made_at": token.made_at,
            "may": [SCOPES[scope] for scope in token.scopes if scope in SCOPES],
        }
        for token in tokens_of(person).order_by("-id")
    ]
    response = page(
        request,
        "people/tokens.html",
        {"form": form, "tokens": rows, "secret": made[1] if made else ""},
        status=form.refusal_status,
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@signed_in
def ending(request: HallRequest, token_id: UUID) -> HttpResponseBase:
    """End one of one's own tokens."""
    token = get_object_or_404(tokens_of(person_of(request)), pk=token_id)
    end_token(token=token, by=person_of(request), at=request.at)
    return redirect("people:tokens")
