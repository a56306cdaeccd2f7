"""Sending payouts to the bank as JSON, for operators: the pages' verbs."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.decisions import DecisionShown, waiting_about
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.payments.actions import (
    open_payout_batch,
    return_payout,
    send_payout_batch,
    settle_payout,
    settle_payout_batch,
    take_out_stopped,
    write_batch_as,
)
from guildhall.payments.actions.batching import has_stopped
from guildhall.payments.bank_queries import sheets_in_force_seen_by
from guildhall.payments.bankfile import file_of_batch, written_as
from guildhall.payments.models import Payout, PayoutBatch
from guildhall.payments.queries import (
    own_under_way_in,
    payout_batches_seen_by,
    payouts_seen_by,
    payouts_waiting_for,
    sums_of_batch,
)
from guildhall.people.models import Person

router = Router(tags=["operator"])


class PayoutToSend(Schema):
    """Somebody's payout."""

    id: UUID
    person: UUID
    name: str
    amount: Sum
    state: str
    bank: str
    account: str
    batch: UUID | None
    reason: str
    requested_at: datetime


class ReturnHeard(PayoutToSend):
    """It came back; or it is as it was, and the `decision` waits until a second operator has confirmed it."""

    decision: DecisionShown | None


class Batch(Schema):
    """Payouts that go to one bank or company in one file, `written_as`; `own` of those under way pay you.

    One that is `stopped` holds payouts of accounts about which something does not fit: take them out.
    """

    id: UUID
    state: str
    method: str
    written_as: str
    opened_at: datetime
    count: int
    under_way: int
    own: int
    stopped: bool
    totals: list[Sum]


class BatchAsked(Asked):
    """Of which payouts: `iban`, `account` or `wallet`, and one currency; without, as the oldest."""

    method: str = Field("", pattern="^(iban|account|wallet)?$")
    currency: str = Field("", pattern="^([A-Z]{3})?$")


class WritingAsked(Asked):
    """What file it becomes: a `sheet` of `/operator/sheets`, or none: the order or list for the bank."""

    sheet: UUID | None = None


class ReturnSaid(Asked):
    """What the bank says."""

    reason: str = Field(max_length=400)


@router.get("/operator/payouts", response=Listing[PayoutToSend], summary="Payouts that wait to be sent")
@needs_scope("operate")
def list_waiting(request: HallRequest, after: str = "", size: int = 20) -> Listing[PayoutToSend]:
    """The oldest first."""
    return listed(payouts_waiting_for(operator_of(request)), _payout, by=("id",), after=after, size=size)


@router.post("/operator/batches", response={201: Batch}, summary="Open a batch with what waits")
@needs_scope("operate")
def open_batch(request: HallRequest, asked: BatchAsked | None = None) -> Status[Batch]:
    """One way and one currency. Your own payouts stay for another operator."""
    operator = operator_of(request)
    way = asked.dict() if asked else {}
    return Status(201, _batch(open_payout_batch(by=operator, at=request.at, **way), operator))


@router.get("/operator/batches", response=Listing[Batch], summary="Batches")
@needs_scope("operate")
def list_batches(request: HallRequest, after: str = "", size: int = 20) -> Listing[Batch]:
    """The newest first."""
    operator = operator_of(request)
    rows = payout_batches_seen_by(operator)
    return listed(rows, lambda batch: _batch(batch, operator), after=after, size=size)


@router.get(
    "/operator/batches/{batch_id}/payouts", response=Listing[PayoutToSend], summary="What a batch pays"
)
@needs_scope("operate")
def list_batch(
    request: HallRequest, batch_id: UUID, after: str = "", size: int = 20
) -> Listing[PayoutToSend]:
    """The oldest first."""
    operator = operator_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    rows = payouts_seen_by(operator).filter(batch=batch)
    return listed(rows, _payout, by=("id",), after=after, size=size)


@router.post("/operator/batches/{batch_id}/taking_out", response=Batch, summary="Take out what is stopped")
@needs_scope("operate")
def take_out(request: HallRequest, batch_id: UUID) -> Batch:
    """Payouts of accounts about which something does not fit wait again; then download the file anew."""
    operator = operator_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    take_out_stopped(batch=batch, by=operator, at=request.at)
    return _batch(batch, operator)


@router.post("/operator/batches/{batch_id}/writing", response=Batch, summary="Choose a batch's file")
@needs_scope("operate")
def write_batch(request: HallRequest, batch_id: UUID, asked: WritingAsked) -> Batch:
    """While it has not gone."""
    operator = operator_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    sheet = None
    if asked.sheet:
        sheet = get_object_or_404(sheets_in_force_seen_by(operator), pk=asked.sheet)
    return _batch(write_batch_as(batch=batch, sheet=sheet, by=operator, at=request.at), operator)


@router.get("/operator/batches/{batch_id}/file", summary="Fetch a batch's file")
@needs_scope("operate")
def get_batch_file(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """Its bytes: pain.001, a company's sheet, or a list as CSV. The same batch gives the same bytes."""
    batch = get_object_or_404(payout_batches_seen_by(operator_of(request)), pk=batch_id)
    file = file_of_batch(batch)
    answer = HttpResponse(file.content, content_type=file.kind)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@router.post("/operator/batches/{batch_id}/sending", response=Batch, summary="Say that a batch was sent")
@needs_scope("operate")
def send_batch(request: HallRequest, batch_id: UUID) -> Batch:
    """Its file has gone to the bank."""
    operator = operator_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    return _batch(send_payout_batch(batch=batch, by=operator, at=request.at), operator)


@router.post("/operator/batches/{batch_id}/arrivals", response=Batch, summary="Say that a batch has arrived")
@needs_scope("operate")
def settle_batch(request: HallRequest, batch_id: UUID) -> Batch:
    """All that is under way in it; `own` counts what stays for another operator."""
    operator = operator_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    settle_payout_batch(batch=batch, by=operator, at=request.at)
    return _batch(batch, operator)


@router.post(
    "/operator/payouts/{payout_id}/settlement", response=PayoutToSend, summary="Say that a payout has arrived"
)
@needs_scope("operate")
def settle_one(request: HallRequest, payout_id: UUID) -> PayoutToSend:
    """Not one that pays you."""
    operator = operator_of(request)
    payout = get_object_or_404(payouts_seen_by(operator), pk=payout_id)
    settle_payout(payout=payout, by=operator, at=request.at)
    return _payout(payouts_seen_by(operator).get(pk=payout_id))


@router.post(
    "/operator/payouts/{payout_id}/return", response=ReturnHeard, summary="Say that a payout came back"
)
@needs_scope("operate")
def return_one(request: HallRequest, payout_id: UUID, asked: ReturnSaid) -> ReturnHeard:
    """A second operator confirms it where there is one."""
    operator = operator_of(request)
    payout = get_object_or_404(payouts_seen_by(operator), pk=payout_id)
    return_payout(payout=payout, reason=asked.reason, by=operator, at=request.at)
    shown = _payout(payouts_seen_by(operator).get(pk=payout_id))
    return ReturnHeard(**shown.dict(), decision=waiting_about(payout_id, operator))


def _payout(payout: Payout) -> PayoutToSend:
    return PayoutToSend(
        id=payout.pk,
        person=payout.person_id,
        name=payout.person.name,
        amount=Sum.of(payout.money),
        state=payout.state,
        bank=payout.account.bank,
        account=payout.account.masked,
        batch=payout.batch_id,
        reason=payout.reason,
        requested_at=payout.requested_at,
    )


def _batch(batch: PayoutBatch, operator: Person) -> Batch:
    sums = sums_of_batch(batch)
    return Batch(
        id=batch.pk,
        state=batch.state,
        method=batch.method,
        written_as=written_as(batch),
        opened_at=batch.opened_at,
        count=sums.count,
        under_way=sums.under_way,
        own=own_under_way_in(batch, operator),
        stopped=has_stopped(batch),
        totals=[Sum.of(money) for money in sums.totals],
    )
