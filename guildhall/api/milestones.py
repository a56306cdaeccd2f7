"""Milestones in JSON: funding, deliveries and the answers to them, refunds."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.messages import files_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.contracts.actions import answer_refund, fund_milestone, propose_refund, withdraw_refund
from guildhall.contracts.models import Milestone, Refund
from guildhall.contracts.queries import milestones_visible_to, refunds_visible_to
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.workroom.actions import approve_delivery, ask_for_changes, deliver_work
from guildhall.workroom.models import Delivery
from guildhall.workroom.queries import deliveries_visible_to

router = Router(tags=["contracts"])


class MilestoneShown(Schema):
    """One sum for one piece of the work. `left` has gone neither to the worker nor back."""

    id: UUID
    contract: UUID
    number: int
    title: str
    state: str
    amount: Sum
    left: Sum
    frozen: Sum
    released: Sum
    returned: Sum
    due: date | None
    delivered_at: datetime | None
    release_at: datetime | None = Field(description="When silence pays a delivery.")


class DeliveryShown(Schema):
    """One version of a milestone's work."""

    id: UUID
    milestone: UUID
    version: int
    note: str
    items: list[int]
    at: datetime


class RefundShown(Schema):
    """A request for a refund, or what was given back unasked."""

    id: UUID
    milestone: UUID
    state: str
    by: str
    amount: Sum
    reason: str
    answer: str
    asked_at: datetime
    answer_by: datetime


class DeliveryAsked(Asked):
    """A file, or a note with the items that it covers."""

    note: str = ""
    items: list[int] = Field([], max_length=100)
    files: list[UUID] = Field([], max_length=10)


class ChangesAsked(Asked):
    """What should change, by item of the terms."""

    items: dict[int, str] = Field({}, max_length=100)
    note: str = ""


class RefundAsked(Asked):
    """How much, and why."""

    amount: Sum
    reason: str


class AnswerAsked(Asked):
    """Yes, or no with a word why."""

    agree: bool
    answer: str = ""


@router.get("/milestones/{uuid:milestone_id}", response=MilestoneShown, summary="One milestone")
@needs_scope("read")
def show_milestone(request: HallRequest, milestone_id: UUID) -> MilestoneShown:
    """As it stands now."""
    return step_shown(_milestone(request, milestone_id))


@router.post("/milestones/{uuid:milestone_id}/funding", response=MilestoneShown, summary="Set money aside")
@needs_scope("money")
def funding(request: HallRequest, milestone_id: UUID) -> MilestoneShown:
    """From the client's wallet, before work begins."""
    fund_milestone(milestone=_milestone(request, milestone_id), by=person_of(request), at=request.at)
    return show_milestone(request, milestone_id)


@router.post(
    "/milestones/{uuid:milestone_id}/deliveries", response={201: DeliveryShown}, summary="Deliver work"
)
@needs_scope("work")
def deliver(request: HallRequest, milestone_id: UUID, asked: DeliveryAsked) -> Status[DeliveryShown]:
    """A version of the work; the client's time to answer begins."""
    delivery = deliver_work(
        milestone=_milestone(request, milestone_id),
        note=asked.note,
        items=asked.items,
        files=files_of(request, asked.files),
        by=person_of(request),
        at=request.at,
    )
    return Status(201, _delivery(delivery))


@router.get(
    "/milestones/{uuid:milestone_id}/deliveries", response=Listing[DeliveryShown], summary="Its versions"
)
@needs_scope("read")
def list_deliveries(
    request: HallRequest, milestone_id: UUID, after: str = "", size: int = 20
) -> Listing[DeliveryShown]:
    """The newest first."""
    milestone = _milestone(request, milestone_id)
    rows = deliveries_visible_to(person_of(request)).filter(milestone=milestone)
    return listed(rows, _delivery, by=("-version", "-id"), after=after, size=size)


@router.post("/deliveries/{uuid:delivery_id}/changes", response=MilestoneShown, summary="Ask for changes")
@needs_scope("work")
def changes(request: HallRequest, delivery_id: UUID, asked: ChangesAsked) -> MilestoneShown:
    """The clock stops until the next delivery."""
    person = person_of(request)
    delivery = get_object_or_404(deliveries_visible_to(person), pk=delivery_id)
    ask_for_changes(delivery=delivery, items=asked.items, note=asked.note, by=person, at=request.at)
    return show_milestone(request, delivery.milestone_id)


@router.post("/deliveries/{uuid:delivery_id}/approval", response=MilestoneShown, summary="Accept work")
@needs_scope("money")
def approval(request: HallRequest, delivery_id: UUID) -> MilestoneShown:
    """The milestone's money goes to the worker."""
    person = person_of(request)
    delivery = get_object_or_404(deliveries_visible_to(person), pk=delivery_id)
    approve_delivery(delivery=delivery, by=person, at=request.at)
    return show_milestone(request, delivery.milestone_id)


@router.post(
    "/milestones/{uuid:milestone_id}/refunds", response={201: RefundShown}, summary="Ask or give back"
)
@needs_scope("money")
def post_refund(request: HallRequest, milestone_id: UUID, asked: RefundAsked) -> Status[RefundShown]:
    """A client asks; a worker gives back at once."""
    refund = propose_refund(
        milestone=_milestone(request, milestone_id),
        amount=asked.amount.money("amount"),
        reason=asked.reason,
        by=person_of(request),
        at=request.at,
    )
    return Status(201, _refund(refund))


@router.get("/milestones/{uuid:milestone_id}/refunds", response=Listing[RefundShown], summary="Its requests")
@needs_scope("read")
def list_refunds(
    request: HallRequest, milestone_id: UUID, after: str = "", size: int = 20
) -> Listing[RefundShown]:
    """What was asked and given back of one milestone. The newest first."""
    rows = refunds_visible_to(person_of(request)).filter(milestone=_milestone(request, milestone_id))
    return refunds_listed(rows, after=after, size=size)


@router.get("/refunds/{uuid:refund_id}", response=RefundShown, summary="One request")
@needs_scope("read")
def show_refund(request: HallRequest, refund_id: UUID) -> RefundShown:
    """As it stands now."""
    return _refund(get_object_or_404(refunds_visible_to(person_of(request)), pk=refund_id))


@router.post("/refunds/{uuid:refund_id}/answer", response=RefundShown, summary="Answer a request")
@needs_scope("money")
def post_answer(request: HallRequest, refund_id: UUID, asked: AnswerAsked) -> RefundShown:
    """The worker's yes or no."""
    person = person_of(request)
    refund = get_object_or_404(refunds_visible_to(person), pk=refund_id)
    answer_refund(refund=refund, agree=asked.agree, answer=asked.answer, by=person, at=request.at)
    return show_refund(request, refund_id)


@router.post("/refunds/{uuid:refund_id}/withdrawal", response=RefundShown, summary="Take a request back")
@needs_scope("money")
def post_withdrawal(request: HallRequest, refund_id: UUID) -> RefundShown:
    """The client's own."""
    person = person_of(request)
    withdraw_refund(
        refund=get_object_or_404(refunds_visible_to(person), pk=refund_id), by=person, at=request.at
    )
    return show_refund(request, refund_id)


def _milestone(request: HallRequest, milestone_id: UUID) -> Milestone:
    return get_object_or_404(milestones_visible_to(person_of(request)), pk=milestone_id)


def step_shown(milestone: Milestone) -> MilestoneShown:
    """A milestone as programs read it."""
    currency, hold = milestone.currency, milestone.hold
    return MilestoneShown(
        id=milestone.pk,
        contract=milestone.contract_id,
        number=milestone.number,
        title=milestone.title,
        state=milestone.state,
        amount=Sum.of(milestone.sum),
        left=Sum.of(milestone.left),
        frozen=Sum.of(hold.money_frozen if hold else Money(0, currency)),
        released=Sum.of(Money(milestone.released, currency)),
        returned=Sum.of(Money(milestone.returned, currency)),
        due=milestone.due,
        delivered_at=milestone.delivered_at,
        release_at=milestone.release_at if milestone.state == "delivered" else None,
    )


def _delivery(delivery: Delivery) -> DeliveryShown:
    return DeliveryShown(
        id=delivery.pk,
        milestone=delivery.milestone_id,
        version=delivery.version,
        note=delivery.note,
        items=delivery.items,
        at=delivery.at,
    )


def refunds_listed(rows: QuerySet[Refund], *, after: str, size: int) -> Listing[RefundShown]:
    """A page of requests as programs read them."""
    return listed(rows, _refund, by=("-asked_at", "-id"), after=after, size=size)


def _refund(refund: Refund) -> RefundShown:
    return RefundShown(
        id=refund.pk,
        milestone=refund.milestone_id,
        state=refund.state,
        by=refund.by.name,
        amount=Sum.of(refund.sum),
        reason=refund.reason,
        answer=refund.answer,
        asked_at=refund.asked_at,
        answer_by=refund.answer_by,
    )
