"""My work: what waits for one, and the contracts on both sides."""

import math
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildhall.contracts import states
from guildhall.contracts.models import Contract, Milestone, Refund
from guildhall.contracts.queries import (
    contracts_visible_to,
    milestones_of,
    milestones_visible_to,
    refunds_visible_to,
)
from guildhall.disputes.models import Case
from guildhall.disputes.queries import cases_visible_to
from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.people.models import Person
from guildhall.statements.timelines import timelines_of
from guildhall.web.contracts.showing import Side, State, room_at, state_of_contract, state_of_milestone
from guildhall.web.jobs.own import at_hand_for
from guildhall.web.money.timelines import where_now
from guildhall.web.page import page, person_of, signed_in
from guildhall.workroom.queries import unread_about

_MOST_WAITING = 20


@require_safe
@signed_in
def show_work(request: HallRequest) -> HttpResponse:
    """What waits for the person, then their contracts, newest first."""
    person = person_of(request)
    rows = contracts_visible_to(person)
    side = request.GET.get("as", "")
    if side == "client":
        rows = rows.filter(client=person)
    elif side == "worker":
        rows = rows.filter(worker=person)
    found = page_by_key(rows, by=("-opened_at", "-id"), after=request.GET.get("after", ""))
    milestones = _by_contract(milestones_of(found.rows))
    timelines = timelines_of([one for each in milestones.values() for one in each], person)
    unread = unread_about([f"contract:{contract.pk}" for contract in found.rows], person)
    context = {
        "side": side,
        "found": found,
        "contracts": [
            _shown(contract, person, milestones.get(contract.pk, []))
            | {
                "unread": unread.get(f"contract:{contract.pk}", 0),
                "places": where_now(
                    [timelines[one.pk] for one in milestones.get(contract.pk, []) if one.pk in timelines],
                    Side.of(contract, person),
                ),
            }
            for contract in found.rows
        ],
        "waiting": _waiting_for(person),
        **at_hand_for(person),
    }
    return page(request, "contracts/work.html", context)


def _by_contract(milestones: Iterable[Milestone]) -> dict[object, list[Milestone]]:
    grouped: dict[object, list[Milestone]] = {}
    for milestone in milestones:
        grouped.setdefault(milestone.contract_id, []).append(milestone)
    return grouped


def _shown(contract: Contract, person: Person, milestones: list[Milestone]) -> dict[str, Any]:
    side = Side.of(contract, person)
    in_hand = [one for one in milestones if one.state in states.HELD] or [
        one for one in milestones if one.state == states.PLANNED
    ]
    state = state_of_contract(contract)
    if contract.state != states.ENDED and in_hand:
        state = state_of_milestone(in_hand[0], side)
    return {
        "contract": contract,
        "side": side,
        "state": state,
        "paid": sum(one.released for one in milestones),
        "parts": len(milestones),
        "finished": sum(one.state in states.FINISHED for one in milestones),
    }


def _waiting_for(person: Person) -> list[dict[str, Any]]:
    """What only this person can move on, the most urgent first."""
    to_answer = Q(contract__client=person, state=states.DELIVERED, hold__left__gt=F("hold__frozen"))
    to_deliver = Q(contract__worker=person, state__in=[states.FUNDED, states.CHANGES_ASKED])
    mine = milestones_visible_to(person).filter(to_answer | to_deliver)
    soonest = mine.order_by("release_at", "due", "number")[:_MOST_WAITING]
    waiting = [_of_milestone(one, person) for one in soonest]
    asked = refunds_visible_to(person).filter(milestone__contract__worker=person, state=states.ASKED)
    waiting += [_of_refund(one) for one in asked.order_by("answer_by")[:_MOST_WAITING]]
    own = Q(milestone__contract__client=person) | Q(milestone__contract__worker=person)
    theirs = cases_visible_to(person).filter(own, state="open")
    waiting += [_of_case(one, person) for one in theirs.order_by("rule_by")[:_MOST_WAITING]]
    return sorted(waiting, key=lambda one: one["until"].timestamp() if one["until"] else math.inf)


def _of_milestone(milestone: Milestone, person: Person) -> dict[str, Any]:
    side = Side.of(milestone.contract, person)
    return {
        "kind": "delivered" if side.is_client else "work",
        "title": milestone.title,
        "contract": milestone.contract,
        "other": side.other,
        "sum": milestone.left,
        "state": state_of_milestone(milestone, side),
        "until": milestone.release_at if side.is_client else None,
        "due": milestone.due,
        "url": room_at(milestone),
    }


def _of_refund(refund: Refund) -> dict[str, Any]:
    contract = refund.milestone.contract
    return {
        "kind": "refund",
        "title": refund.milestone.title,
        "contract": contract,
        "other": contract.client,
        "sum": refund.sum,
        "state": State(_("A refund is asked of you"), "wait"),
        "until": refund.answer_by,
        "due": None,
        "url": f"/refunds/{refund.pk}",
    }


def _of_case(case: Case, person: Person) -> dict[str, Any]:
    contract = case.milestone.contract
    return {
        "kind": "case",
        "title": case.milestone.title,
        "contract": contract,
        "other": Side.of(contract, person).other,
        "sum": case.sum,
        "state": State(_("In a case"), "bad"),
        "until": case.rule_by,
        "due": None,
        "url": f"/cases/{case.pk}",
    }
