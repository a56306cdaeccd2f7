"""Finding somebody, and giving or taking an office."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.events import events_found
from guildhall.kernel.paging import page_by_key
from guildhall.people.actions import set_roles
from guildhall.people.actions.roles import ROLES
from guildhall.people.queries import (
    decisions_waiting_for,
    people_found,
    people_with_ids,
    second_operators,
)
from guildhall.web.forms import HallForm
from guildhall.web.page import attempt, operator_only, page, person_of

_ROLES = {"": _("Everybody"), "operator": _("Operators"), "adjudicator": _("Adjudicators")}
_LAST_EVENTS = 10


class RolesForm(HallForm):
    """The two offices of the hall."""

    is_operator = forms.BooleanField(label=_("Runs the hall: rules, payouts, people"), required=False)
    is_adjudicator = forms.BooleanField(label=_("Rules on cases between others"), required=False)


@require_GET
@operator_only
def people(request: HallRequest) -> HttpResponse:
    """Everybody, or whoever matches the words."""
    words = request.GET.get("q", "")[:200].replace("\0", "")
    role = request.GET.get("role", "")
    found = page_by_key(people_found(words, role), by=["-id"], after=request.GET.get("after", ""))
    roles = [(code, name, code == role) for code, name in _ROLES.items()]
    url = f"{request.path}?{urlencode({'q': words, 'role': role})}"
    return page(
        request,
        "operator/people.html",
        {"found": found, "people": found.rows, "words": words, "role": role, "roles": roles, "list_url": url},
    )


@require_http_methods(["GET", "POST"])
@operator_only
def person(request: HallRequest, person_id: UUID) -> HttpResponseBase:
    """One person: who they are here, their offices, and what was last done about them and by them."""
    somebody = get_object_or_404(people_found(), pk=person_id)
    offices = {"is_operator": somebody.is_operator, "is_adjudicator": somebody.is_adjudicator}
    form = RolesForm(request.POST if request.method == "POST" else None, initial=offices)
    operator = person_of(request)
    if request.method == "POST":
        changed = attempt(
            form, lambda: set_roles(person=somebody, by=operator, at=request.at, **form.cleaned_data)
        )
        if changed:
            return redirect("operator:person", person_id=person_id)
    about = list(events_found(subject=person_id).order_by("-id")[:_LAST_EVENTS])
    names = people_with_ids(event.by for event in about if event.by)
    events = [
        {"name": event.name, "at": event.at, "who": names[event.by].name if event.by in names else ""}
        for event in about
    ]
    return page(
        request,
        "operator/person.html",
        {
            "form": form,
            "somebody": somebody,
            "events": events,
            "alone": not second_operators(operator, somebody).exists(),
            "waits": decisions_waiting_for(operator).filter(kind=ROLES, subject_id=person_id).exists(),
        },
        status=form.refusal_status,
    )
