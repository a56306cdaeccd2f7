"""A side's part in a case: opening and widening it, offering and accepting a division, taking it back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.contracts.queries import milestones_visible_to
from guildhall.contracts.states import HELD
from guildhall.disputes.actions import accept_offer, contest_more, offer_split, open_case, withdraw_case
from guildhall.disputes.queries import cases_of, cases_visible_to, offers_visible_to
from guildhall.disputes.rules import RULING_DAYS
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.web.contracts.cases import case_page
from guildhall.web.contracts.forms import CaseForm, DivisionForm, WideningForm
from guildhall.web.contracts.showing import Side
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def contest(request: HallRequest, milestone_id: UUID) -> HttpResponse:
    """Open a case about a part of a milestone."""
    person = person_of(request)
    rows = milestones_visible_to(person)
    milestone = get_object_or_404(rows, pk=milestone_id)
    hold = milestone.hold
    # A request for a refund that waits becomes part of the case, so what it froze can be contested.
    most = hold.money_left if hold and milestone.state in HELD else Money(0, milestone.currency)
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        currency=milestone.currency,
        initial={"contested": most},
    )
    if request.method == "POST":
        case = attempt(
            form,
            lambda: open_case(
                milestone=milestone,
                contested=form.cleaned_data["contested"],
                reason=form.cleaned_data["reason"],
                by=person,
                at=request.at,
            ),
        )
        if case is not None:
            return redirect("contracts:case", case_id=case.pk)
    context = {
        "form": form,
        "milestone": milestone,
        "contract": milestone.contract,
        "side": Side.of(milestone.contract, person),
        "most": most,
        "days": rules_in_force()[RULING_DAYS],
        "can": bool(most),
    }
    return page(request, "contracts/contesting.html", context, status=form.refusal_status)


@require_POST
@signed_in
def widen(request: HallRequest, case_id: UUID) -> HttpResponse:
    """Contest more of the milestone."""
    person = person_of(request)
    case = get_object_or_404(cases_of(person), pk=case_id)
    form = WideningForm(request.POST, currency=case.currency)
    added = attempt(
        form,
        lambda: contest_more(
            case=case,
            contested=form.cleaned_data["contested"],
            reason=form.cleaned_data["reason"],
            by=person,
            at=request.at,
        ),
    )
    if added is not None:
        return redirect("contracts:case", case_id=case.pk)
    return case_page(request, case, widening=form, status=form.refusal_status)


@require_POST
@signed_in
def offer(request: HallRequest, case_id: UUID) -> HttpResponse:
    """Offer a division."""
    person = person_of(request)
    case = get_object_or_404(cases_visible_to(person), pk=case_id)
    form = DivisionForm(request.POST, currency=case.currency)
    made = attempt(
        form,
        lambda: offer_split(
            case=case,
            to_worker=form.cleaned_data["to_worker"],
            seen=form.cleaned_data["seen"],
            by=person,
            at=request.at,
        ),
    )
    if made is not None:
        return redirect("contracts:case", case_id=case.pk)
    return case_page(request, case, division=form, status=form.refusal_status)


@require_POST
@signed_in
def accept(request: HallRequest, offer_id: UUID) -> HttpResponse:
    """Accept the other side's division."""
    person = person_of(request)
    offered = get_object_or_404(offers_visible_to(person), pk=offer_id)
    accept_offer(offer=offered, by=person, at=request.at)
    return redirect("contracts:case", case_id=offered.case_id)


@require_POST
@signed_in
def withdraw(request: HallRequest, case_id: UUID) -> HttpResponse:
    """Take one's own case back."""
    person = person_of(request)
    case = get_object_or_404(cases_visible_to(person), pk=case_id)
    withdraw_case(case=case, by=person, at=request.at)
    return redirect("contracts:case", case_id=case.pk)
