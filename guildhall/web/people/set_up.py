"""The first page of a new hall: whoever holds the link becomes its operator."""

from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.people.actions import LinkSpent, use_set_up_link
from guildhall.people.queries import set_up_link_holds
from guildhall.web.page import attempt, page
from guildhall.web.people.forms import SetUpForm


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def set_up(request: HallRequest, secret: str) -> HttpResponseBase:
    """Name the operator of this hall, once."""
    if not set_up_link_holds(secret, request.at):
        raise LinkSpent(
            _("This link does not work any more. The command create-operator makes an operator without it.")
        )
    form = SetUpForm(request.POST or None)
    if request.method == "POST":
        person = attempt(form, lambda: use_set_up_link(secret=secret, at=request.at, **form.cleaned_data))
        if person:
            login(request, person)
            return redirect("operator:overview")
    response: HttpResponse = page(request, "people/set_up.html", {"form": form}, status=form.refusal_status)
    # The address of this page is a secret, which the hall's policy, same-origin, tells nobody else. Under
    # no-referrer the browser would send our own form from "Origin: null", and it would be refused.
    response["Cache-Control"] = "private, no-store"
    return response
