"""Saying how it was."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from guildhall.contracts.queries import contracts_visible_to
from guildhall.edge.request import HallRequest
from guildhall.kernel.rules import rules_in_force
from guildhall.reputation.actions import leave_feedback
from guildhall.reputation.queries import feedback_on
from guildhall.reputation.rules import FEEDBACK_DAYS
from guildhall.web.contracts.forms import FeedbackForm
from guildhall.web.contracts.showing import Side
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def speak(request: HallRequest, contract_id: UUID) -> HttpResponse:
    """What one said, what the other said once it is shown, and room to say it."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    seen = feedback_on(contract, person)
    mine = seen.get("mine")
    form = FeedbackForm(
        request.POST if request.method == "POST" else None,
        initial={"stars": mine.stars, "text": mine.text} if mine else {},
    )
    if request.method == "POST":
        given = attempt(
            form,
            lambda: leave_feedback(
                contract=contract,
                stars=form.cleaned_data["stars"],
                text=form.cleaned_data["text"],
                by=person,
                at=request.at,
            ),
        )
        if given is not None:
            return redirect("contracts:feedback", contract_id=contract.pk)
    context = {
        "form": form,
        "contract": contract,
        "side": Side.of(contract, person),
        "mine": mine,
        "theirs": seen.get("theirs"),
        "days": rules_in_force()[FEEDBACK_DAYS],
    }
    return page(request, "contracts/feedback.html", context, status=form.refusal_status)
