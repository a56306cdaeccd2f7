"""The hall's own money by hand, as JSON, for operators: each of these waits for a second one."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.decisions import DecisionShown, decision_shown
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Unfit
from guildhall.payments.actions import (
    correct_movement,
    end_own_transfer,
    fill_reserve_from_fees,
    give_credit,
    pay_tax,
    take_out_fees,
)
from guildhall.payments.actions.in_twos import TAX
from guildhall.payments.bank_queries import code_of_own_transfer
from guildhall.payments.models import OwnTransfer
from guildhall.payments.queries import hall_accounts_seen_by, own_transfers_seen_by
from guildhall.people.models import Decision, Person
from guildhall.people.queries import person_with_email

router = Router(tags=["operator"])


class HallAccountShown(Schema):
    """An account of the hall's own: `fees:<kind>` is income, `tax:<authority>:<kind>` is owed."""

    account: str
    held: Sum


class OwnTransferShown(Schema):
    """The hall's money on its way out: `sent`, `settled` or `returned`. Write `code` on it at the bank."""

    id: UUID
    account: str
    amount: Sum
    state: str
    holder: str
    number: str
    reason: str
    returned_because: str
    code: str
    sent_at: datetime


class OutAsked(Asked):
    """Out of which account, how much, to whom and what for."""

    account: str = Field(max_length=120)
    amount: Sum
    holder: str = Field(max_length=200)
    number: str = Field(max_length=80)
    reason: str = Field(max_length=400)


class EndAsked(Asked):
    """What the bank has done with it; why, if it came back."""

    end: Literal["arrived", "returned"]
    reason: str = Field("", max_length=400)


class KeepingAsked(Asked):
    """How much of which income becomes the reserve's."""

    account: str = Field(max_length=120)
    amount: Sum


class HallCreditAsked(Asked):
    """To whom, by the e-mail address by which the hall knows them; how much and why."""

    email: str = Field(max_length=254)
    amount: Sum
    reason: str = Field(max_length=400)


class CorrectionAsked(Asked):
    """The number of the movement that was an error, and what was wrong about it."""

    movement: int
    reason: str = Field(max_length=400)


@router.get("/operator/accounts", response=list[HallAccountShown], summary="Income, and what is owed")
@needs_scope("operate")
def list_accounts(request: HallRequest) -> list[HallAccountShown]:
    """Those that hold something, by name and currency."""
    held = hall_accounts_seen_by(operator_of(request))
    return [HallAccountShown(account=each.code, held=Sum.of(each.held)) for each in held]


@router.get("/operator/own_transfers", response=Listing[OwnTransferShown], summary="What went out")
@needs_scope("operate")
def list_own_transfers(request: HallRequest, after: str = "", size: int = 20) -> Listing[OwnTransferShown]:
    """The newest first."""
    return listed(own_transfers_seen_by(operator_of(request)), _transfer, after=after, size=size)


@router.get(
    "/operator/own_transfers/{own_transfer_id}", response=OwnTransferShown, summary="One that went out"
)
@needs_scope("operate")
def show_own_transfer(request: HallRequest, own_transfer_id: UUID) -> OwnTransferShown:
    """Where it is."""
    return _transfer(get_object_or_404(own_transfers_seen_by(operator_of(request)), pk=own_transfer_id))


@router.post("/operator/own_transfers", response={201: DecisionShown}, summary="Take income out, or pay tax")
@needs_scope("operate")
def ask_out(request: HallRequest, asked: OutAsked) -> Status[DecisionShown]:
    """It is on its way once a second operator has confirmed it."""
    operator = operator_of(request)
    verb = pay_tax if asked.account.startswith(TAX) else take_out_fees
    said = {name: getattr(asked, name) for name in ("account", "holder", "number", "reason")}
    return _waits(verb(amount=asked.amount.money(), by=operator, at=request.at, **said), operator)


@router.post(
    "/operator/own_transfers/{own_transfer_id}/end",
    response={201: DecisionShown},
    summary="Say what became of it",
)
@needs_scope("operate")
def ask_end(request: HallRequest, own_transfer_id: UUID, asked: EndAsked) -> Status[DecisionShown]:
    """It is written down once a second operator has confirmed it; a bank's statement needs neither."""
    operator = operator_of(request)
    transfer = get_object_or_404(own_transfers_seen_by(operator), pk=own_transfer_id)
    decision = end_own_transfer(
        transfer=transfer, arrived=asked.end == "arrived", reason=asked.reason, by=operator, at=request.at
    )
    return _waits(decision, operator)


@router.post("/operator/reserve/keepings", response={201: DecisionShown}, summary="Keep income as a reserve")
@needs_scope("operate")
def ask_keep(request: HallRequest, asked: KeepingAsked) -> Status[DecisionShown]:
    """It makes good the shortfall first, once a second operator has confirmed it."""
    operator = operator_of(request)
    decision = fill_reserve_from_fees(
        account=asked.account, amount=asked.amount.money(), by=operator, at=request.at
    )
    return _waits(decision, operator)


@router.post("/operator/credits", response={201: DecisionShown}, summary="Give somebody a credit")
@needs_scope("operate")
def ask_credit(request: HallRequest, asked: HallCreditAsked) -> Status[DecisionShown]:
    """Out of the reserve, once a second operator has confirmed it. Not to yourself."""
    operator = operator_of(request)
    person: Person | None = person_with_email(asked.email)
    if person is None:
        raise Unfit(_("Nobody here has this address."), field="email")
    decision = give_credit(
        person=person, amount=asked.amount.money(), reason=asked.reason, by=operator, at=request.at
    )
    return _waits(decision, operator)


@router.post("/operator/corrections", response={201: DecisionShown}, summary="Correct a movement")
@needs_scope("operate")
def ask_correction(request: HallRequest, asked: CorrectionAsked) -> Status[DecisionShown]:
    """A credit or a filling is moved back, whole, once a second operator has confirmed it."""
    operator = operator_of(request)
    decision = correct_movement(number=asked.movement, reason=asked.reason, by=operator, at=request.at)
    return _waits(decision, operator)


def _waits(decision: Decision, operator: Person) -> Status[DecisionShown]:
    return Status(201, decision_shown(decision, operator))


def _transfer(transfer: OwnTransfer) -> OwnTransferShown:
    return OwnTransferShown(
        id=transfer.pk,
        account=transfer.account,
        amount=Sum.of(transfer.money),
        state=transfer.state,
        holder=transfer.holder,
        number=transfer.number,
        reason=transfer.reason,
        returned_because=transfer.returned_because,
        code=code_of_own_transfer(transfer),
        sent_at=transfer.sent_at,
    )
