"""The workroom of a contract: where it stands, what was said, what can be done now."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guildhall.contracts import states
from guildhall.contracts.models import Contract
from guildhall.contracts.queries import (
    contracts_visible_to,
    milestones_of,
    refunds_asked_of,
    refunds_visible_to,
    terms_of,
    terms_row_of,
)
from guildhall.disputes.queries import open_cases_of
from guildhall.documents.markdown import html_from_markdown
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page, page_by_key
from guildhall.people.models import Person
from guildhall.reputation.queries import feedback_on
from guildhall.statements.timelines import timelines_of
from guildhall.web.contracts.forms import SayForm
from guildhall.web.contracts.showing import (
    Side,
    path_of,
    row_at_hand,
    rows_of,
    state_of_contract,
    state_of_refund,
    talk_of,
)
from guildhall.web.contracts.uploads import with_files
from guildhall.web.money.timelines import steps_shown
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.reading import mark_read
from guildhall.web.values import percent, worker_fee_of
from guildhall.workroom.actions import say
from guildhall.workroom.actions.delivering import room_of
from guildhall.workroom.models import Message
from guildhall.workroom.queries import changes_asked_in, conversations_of, last_deliveries, messages_in


@require_safe
@signed_in
def show_room(request: HallRequest, contract_id: UUID) -> HttpResponse:
    """The whole of one contract on one page."""
    contract = get_object_or_404(contracts_visible_to(person_of(request)), pk=contract_id)
    return page(request, "contracts/room.html", _context(request, contract, SayForm()))


@require_POST
@signed_in
def say_something(request: HallRequest, contract_id: UUID) -> HttpResponse:
    """Say something to the other side, with files."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    form = SayForm(request.POST, request.FILES)
    said = attempt(
        form,
        lambda: with_files(
            request,
            form.cleaned_data["files"],
            lambda files: say(
                conversation=room_of(contract, at=request.at),
                text=form.cleaned_data["text"],
                files=files,
                by=person,
                at=request.at,
            ),
        ),
    )
    if said is not None:
        return redirect(_address(request, contract))
    return page(request, "contracts/room.html", _context(request, contract, form), status=form.refusal_status)


@require_http_methods(["GET", "HEAD"])
@signed_in
def show_terms(request: HallRequest, contract_id: UUID) -> HttpResponse:
    """The terms in force, word for word, with their hash."""
    contract = get_object_or_404(contracts_visible_to(person_of(request)), pk=contract_id)
    row, terms = terms_row_of(contract), terms_of(contract)
    context = {
        "contract": contract,
        "terms": terms,
        "row": row,
        "brief": html_from_markdown(terms.brief),
        "fee": worker_fee_of(terms.fees, terms.currency),
        "levies": [(levy.name, percent(levy.basis_points)) for levy in terms.levies],
        "client_fee": percent(terms.client_fee_bp),
        "parts_agreed": [(one.title, one.due, Money(one.amount, terms.currency)) for one in terms.milestones],
    }
    return page(request, "contracts/terms.html", context)


def _context(request: HallRequest, contract: Contract, form: SayForm) -> dict[str, Any]:
    person = person_of(request)
    side = Side.of(contract, person)
    terms = terms_of(contract)
    cases = list(open_cases_of(contract))
    rows = rows_of(milestones_of([contract]), side, cases=cases, terms=terms)
    at_hand = row_at_hand(rows, side, step=request.GET.get("step", ""))
    delivery = last_deliveries([at_hand.milestone.pk]).get(at_hand.milestone.pk)
    said = _said(request, contract, person)
    returns = page_by_key(
        refunds_visible_to(person).filter(milestone=at_hand.milestone),
        by=("-asked_at", "-id"),
        after=request.GET.get("returns", ""),
        size=5,
    )
    paid = any(row.milestone.released for row in rows)
    timeline = timelines_of([at_hand.milestone], person).get(at_hand.milestone.pk)
    gone = timeline if timeline and timeline.gross else None
    return {
        "contract": contract,
        "side": side,
        "state": state_of_contract(contract),
        "terms": terms,
        "rows": rows,
        "at_hand": at_hand,
        "delivery": delivery,
        "path": path_of(at_hand, delivery=delivery, terms=terms),
        "way": steps_shown(gone, side, request.at) if gone else [],
        "way_ends": at_hand.milestone.state in states.FINISHED,
        "from_a_pot": gone is not None and bool(gone.payouts),
        "refunds": list(refunds_asked_of(contract)),
        "cases": cases,
        "returns": returns,
        "given": [(refund, state_of_refund(refund)) for refund in returns.rows],
        "ender": contract.client if contract.ended_by_id == contract.client_id else contract.worker,
        "said": said,
        "messages": talk_of(said.rows, person, changes_asked_in(list(said.rows))),
        "address": _address(request, contract),
        "form": form,
        "may_speak_of_it": paid or contract.state == states.ENDED,
        "feedback": feedback_on(contract, person),
    }


def _address(request: HallRequest, contract: Contract) -> str:
    """The room as it was asked for: at a milestone of the reader's choice, or where the hall opens it."""
    step = request.GET.get("step", "")
    room = f"/contracts/{contract.pk}"
    return f"{room}?step={step}" if step.isascii() and step.isdigit() else room


def _said(request: HallRequest, contract: Contract, person: Person) -> Page[Message]:
    """The last of what was said, newest first; nothing where nobody has spoken."""
    conversation = conversations_of(person).filter(subject=f"contract:{contract.pk}").first()
    if conversation is None:
        return Page([], "")
    rows = messages_in(conversation, person)
    said = page_by_key(rows, by=("-at", "-id"), after=request.GET.get("after", ""), size=30)
    mark_read(request, said)
    return said
