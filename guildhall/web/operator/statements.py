"""Somebody's statement for an operator, who has first said why; that person reads it."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal
from guildhall.people.models import Person
from guildhall.people.queries import people_found
from guildhall.statements.actions import open_statement
from guildhall.statements.looks import may_look
from guildhall.web.forms import HallForm
from guildhall.web.money.statements import Question
from guildhall.web.page import attempt, operator_only, page, person_of


class LookForm(HallForm):
    """Why one has to look."""

    reason = forms.CharField(
        label=_("Why do you have to see it?"),
        max_length=300,
        help_text=_("The person is told that you looked, and reads this. It is open to you for an hour."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def statement(request: HallRequest, person_id: UUID) -> HttpResponseBase:
    """Ask why (GET), write it down (POST), show it (GET, for an hour)."""
    somebody = get_object_or_404(people_found(), pk=person_id)
    operator = person_of(request)
    form = LookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        said = attempt(
            form,
            lambda: open_statement(
                person=somebody, reason=form.cleaned_data["reason"], by=operator, at=request.at
            ),
        )
        if said:
            return redirect("operator:statement", person_id=person_id)
    elif may_look(somebody, operator, at=request.at):
        return _shown(request, somebody, Question.of(request, somebody))
    context = {"somebody": somebody, "look": form}
    return page(request, "operator/statement.html", context, status=form.refusal_status)


@require_safe
@operator_only
def statement_file(request: HallRequest, person_id: UUID, form: str) -> HttpResponseBase:
    """The same for a spreadsheet or on paper; whoever has not said why is asked first."""
    somebody = get_object_or_404(people_found(), pk=person_id)
    if not may_look(somebody, person_of(request), at=request.at):
        return redirect("operator:statement", person_id=person_id)
    asked = Question.of(request, somebody)
    if asked.form.is_valid():
        try:
            return asked.csv() if form == "csv" else asked.pdf(request.locale)
        except Refusal as refusal:
            asked.form.refuse(refusal)
    return _shown(request, somebody, asked)


def _shown(request: HallRequest, somebody: Person, asked: Question) -> HttpResponse:
    context = {"somebody": somebody, **asked.context(f"/operator/people/{somebody.pk}/statement")}
    return page(request, "operator/statement.html", context, status=asked.status)


def _file_as(form: str) -> URLPattern:
    return path(
        f"operator/people/<uuid:person_id>/statement.{form}",
        statement_file,
        {"form": form},
        name=f"statement_{form}",
    )


statement_urls: list[URLPattern] = [
    path("operator/people/<uuid:person_id>/statement", statement, name="statement"),
    _file_as("csv"),
    _file_as("pdf"),
]
