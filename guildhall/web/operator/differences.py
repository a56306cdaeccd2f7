"""What does not fit: every open difference and what was found out about the closed ones."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.ledger.differences import LONGEST_ANSWER
from guildhall.ledger.states import CLOSED, OPENED
from guildhall.payments.actions import answer_difference
from guildhall.payments.queries import differences_seen_by, owner_of_account
from guildhall.people.queries import people_with_ids
from guildhall.web.forms import HallForm
from guildhall.web.page import attempt, operator_only, page, person_of


class AnswerForm(HallForm):
    """What it was, and what was done about it."""

    answer = forms.CharField(
        label=gettext_lazy("What was it, and what did you do about it?"),
        max_length=LONGEST_ANSWER,
        help_text=gettext_lazy("It is kept for whoever audits the hall. Payouts of the account go on then."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_GET
@operator_only
def differences(request: HallRequest) -> HttpResponse:
    """Those that wait for an answer, or with `?state=closed` those that have one; the newest first."""
    state = CLOSED if request.GET.get("state") == CLOSED else OPENED
    found = page_by_key(
        differences_seen_by(person_of(request)).filter(state=state),
        by=["-id"],
        after=request.GET.get("after", ""),
    )
    return page(request, "operator/differences.html", {"found": found, "state": state})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def difference(request: HallRequest, difference_id: UUID) -> HttpResponse:
    """One of them: what does not fit, whose payouts wait, and the answer or the form for it."""
    operator = person_of(request)
    found = get_object_or_404(differences_seen_by(operator), pk=difference_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: answer_difference(
                difference=found, answer=form.cleaned_data["answer"], by=operator, at=request.at
            ),
        )
        if done is not None:
            return redirect("operator:differences")
    concerned = owner_of_account(found.account)
    named = people_with_ids({each for each in (concerned, found.closed_by) if each})
    facts: dict[str, Any] = {str(key): value for key, value in found.facts.items() if key != "wrong"}
    context = {
        "found": found,
        "form": form,
        "facts": list(facts.items()),
        "concerned": named.get(concerned) if concerned else None,
        "answered_by": named[found.closed_by].name if found.closed_by in named else _("the hall"),
        "own": concerned == operator.pk,
    }
    return page(request, "operator/difference.html", context, status=form.refusal_status)
