"""Asking for money back, giving it back, answering."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.contracts.actions import answer_refund, propose_refund, withdraw_refund
from guildhall.contracts.queries import milestones_visible_to, refunds_visible_to
from guildhall.contracts.rules import REFUND_DAYS
from guildhall.contracts.states import HELD
from guildhall.edge.request import HallRequest
from guildhall.kernel.rules import rules_in_force
from guildhall.web.contracts.forms import AnswerForm, PartForm
from guildhall.web.contracts.showing import Side, room_at, state_of_refund
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def propose(request: HallRequest, milestone_id: UUID) -> HttpResponse:
    """The client asks for a part or all of it; the worker gives it back at once."""
    person = person_of(request)
    rows = milestones_visible_to(person)
    milestone = get_object_or_404(rows, pk=milestone_id)
    hold = milestone.hold
    free = hold.money_free if hold else milestone.sum
    form = PartForm(
        request.POST if request.method == "POST" else None,
        currency=milestone.currency,
        initial={"amount": free},
    )
    if request.method == "POST":
        refund = attempt(
            form,
            lambda: propose_refund(
                milestone=milestone,
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                by=person,
                at=request.at,
            ),
        )
        if refund is not None:
            return redirect(room_at(milestone))
        milestone = rows.get(pk=milestone_id)
    context = {
        "form": form,
        "milestone": milestone,
        "contract": milestone.contract,
        "side": Side.of(milestone.contract, person),
        "free": free,
        "days": rules_in_force()[REFUND_DAYS],
        "can": milestone.state in HELD and bool(free),
    }
    return page(request, "contracts/refund.html", context, status=form.refusal_status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show_refund(request: HallRequest, refund_id: UUID) -> HttpResponse:
    """A request with its reason; the worker answers it here."""
    person = person_of(request)
    refund = get_object_or_404(refunds_visible_to(person), pk=refund_id)
    contract = refund.milestone.contract
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answered = attempt(
            form,
            lambda: answer_refund(
                refund=refund,
                agree=form.cleaned_data["agree"] == "yes",
                answer=form.cleaned_data["answer"],
                by=person,
                at=request.at,
            ),
        )
        if answered is not None:
            return redirect(room_at(refund.milestone))
        refund = refunds_visible_to(person).get(pk=refund_id)
    context = {
        "form": form,
        "refund": refund,
        "contract": contract,
        "side": Side.of(contract, person),
        "state": state_of_refund(refund),
        "unasked": refund.by_id == contract.worker_id,
    }
    return page(request, "contracts/refund_asked.html", context, status=form.refusal_status)


@require_POST
@signed_in
def withdraw(request: HallRequest, refund_id: UUID) -> HttpResponse:
    """Take one's own request back."""
    person = person_of(request)
    refund = get_object_or_404(refunds_visible_to(person), pk=refund_id)
    withdraw_refund(refund=refund, by=person, at=request.at)
    return redirect(room_at(refund.milestone))
