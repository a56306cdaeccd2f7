"""Decisions for two as JSON: what one operator has asked for and a second one confirms or refuses."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.shapes import Listing, Sum
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import confirm_decision
from guildhall.payments.queries import payouts_seen_by
from guildhall.people.actions import drop_decision
from guildhall.people.models import Decision, Person
from guildhall.people.queries import decisions_seen_by, decisions_waiting_for

router = Router(tags=["operator"])


class DecisionShown(Schema):
    """A decision for two. It waits while its state is `asked`; then it is `confirmed` or `dropped`.

    `kind` is roles, payout_return, deposit_match, reserve_fill, chargeback_recovery, exchange_fund,
    own_transfer, own_transfer_end, credit or correction, and `subject` the person, payout, suspended payment,
    chargeback or transfer that it is about. `account` is the hall's own that it takes from, `holder` and
    `number` say to whom, `end` whether it arrived, and `movement` which one is corrected; `way` is in or out
    for money to exchange with. Whom it `concerns`, and who asked, cannot confirm it.
    """

    id: UUID
    kind: str
    state: str
    subject: UUID
    concerns: UUID | None
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    amount: Sum | None
    reason: str
    reference: str
    way: str
    is_operator: bool | None
    is_adjudicator: bool | None
    account: str = ""
    holder: str = ""
    number: str = ""
    end: str = ""
    movement: int | None = None


@router.get("/operator/decisions", response=Listing[DecisionShown], summary="Decisions for two that wait")
@needs_scope("operate")
def list_decisions(request: HallRequest, after: str = "", size: int = 20) -> Listing[DecisionShown]:
    """The newest first."""
    operator = operator_of(request)
    page = page_by_key(decisions_waiting_for(operator), by=("-id",), after=after, size=size)
    return Listing(items=_shown(page.rows, operator), next=page.next)


@router.get("/operator/decisions/{decision_id}", response=DecisionShown, summary="One decision")
@needs_scope("operate")
def show_decision(request: HallRequest, decision_id: UUID) -> DecisionShown:
    """Also when it is decided: what has become of what you asked for."""
    operator = operator_of(request)
    return decision_shown(_decision(operator, decision_id), operator)


@router.post(
    "/operator/decisions/{decision_id}/confirmation", response=DecisionShown, summary="Confirm a decision"
)
@needs_scope("operate")
def confirm_one(request: HallRequest, decision_id: UUID) -> DecisionShown:
    """As the second operator: what was asked for is done at once. Your token speaks for you."""
    operator = operator_of(request)
    decision = _decision(operator, decision_id)
    return decision_shown(confirm_decision(decision=decision, by=operator, at=request.at), operator)


@router.post("/operator/decisions/{decision_id}/refusal", response=DecisionShown, summary="Drop a decision")
@needs_scope("operate")
def refuse_one(request: HallRequest, decision_id: UUID) -> DecisionShown:
    """Say no to what another has asked for, or take back what you have."""
    operator = operator_of(request)
    decision = _decision(operator, decision_id)
    return decision_shown(drop_decision(decision=decision, by=operator, at=request.at), operator)


def waiting_about(subject: UUID, operator: Person) -> DecisionShown | None:
    """What waits for a second operator about a thing, for the answer to whoever has asked for it."""
    waiting = decisions_waiting_for(operator).filter(subject_id=subject).first()
    return decision_shown(waiting, operator) if waiting else None


def decision_shown(decision: Decision, operator: Person) -> DecisionShown:
    """One decision, for an operator."""
    return _shown([decision], operator)[0]


def _decision(operator: Person, decision_id: UUID) -> Decision:
    return get_object_or_404(decisions_seen_by(operator), pk=decision_id)


def _shown(decisions: Iterable[Decision], operator: Person) -> list[DecisionShown]:
    decisions = list(decisions)
    payouts = payouts_seen_by(operator).in_bulk([each.subject_id for each in decisions])
    sums = {payout.pk: payout.money for payout in payouts.values()} | {
        each.subject_id: Money(each.facts["amount"], each.facts["currency"])
        for each in decisions
        if "amount" in each.facts
    }
    return [
        DecisionShown(
            id=each.pk,
            kind=each.kind,
            state=each.state,
            subject=each.subject_id,
            concerns=each.concerns_id,
            asked_by=each.asked_by_id,
            asked_at=each.asked_at,
            decided_by=each.decided_by_id,
            amount=Sum.of(sums[each.subject_id]) if each.subject_id in sums else None,
            reason=each.facts.get("reason", ""),
            reference=each.facts.get("reference", ""),
            way=each.facts.get("way", ""),
            is_operator=each.facts.get("is_operator"),
            is_adjudicator=each.facts.get("is_adjudicator"),
            account=each.facts.get("account", ""),
            holder=each.facts.get("holder", ""),
            number=each.facts.get("number", ""),
            end=each.facts.get("end", ""),
            movement=each.facts.get("movement"),
        )
        for each in decisions
    ]
