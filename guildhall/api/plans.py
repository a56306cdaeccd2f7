"""Where one is paid, and when without asking, as JSON: the pages' verbs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import MissingScope, needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.fresh import refuse_unless_fresh
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound
from guildhall.payments.actions import end_payout_plan, plan_payouts, set_payout_account, stop_payout_account
from guildhall.payments.models import PayoutAccount, PayoutPlan, PayoutTurn
from guildhall.payments.queries import payout_account_of, payout_plans_of, payout_turns_of

router = Router(tags=["money"])

type AnyCurrency = Annotated[str, Query(pattern="^([A-Z]{3})?$")]


class PlanShown(Schema):
    """When you are paid without asking: on a `day` of the week (Monday is 1) or month, from `least` on."""

    id: UUID
    rhythm: str
    day: int
    least: Sum
    next_on: date
    set_at: datetime


class PlanAsked(Asked):
    """`weekly`, `fortnightly` or `monthly`; the currency is that of the `least` sum."""

    rhythm: str = Field(max_length=12)
    day: int
    least: Sum


class TurnShown(Schema):
    """A day of a plan that has come: the `payout` that was asked for, or `why` not.

    `why` is `nothing`, `least`, `no_account`, `rests`, `locked`, `doubt`, `held` or `limit`, and `because`
    says it in words. `available` is what the wallet held.
    """

    due_on: date
    payout: UUID | None
    why: str
    because: str
    available: Sum


class PayoutAccountShown(Schema):
    """Where one is paid, in one currency or without one in all others; the number only by its end."""

    holder: str
    bank: str
    number: str
    currency: str
    method: str
    rests_until: datetime | None


class PayoutAccountAsked(Asked):
    """Where to be paid: an `iban`, a local `account` or a mobile `wallet`; without, as the number looks.

    With a `currency` only money of it goes there; without, all that has no account of its own.
    """

    holder: str = Field(max_length=200)
    bank: str = Field(max_length=200)
    number: str = Field(max_length=80)
    method: str = Field("", max_length=8)
    bic: str = Field("", max_length=14)
    currency: str = Field("", max_length=3)


class Stopped(Schema):
    """Payouts are locked since then, until the person signs in anew."""

    locked_at: datetime


@router.get("/money/plans", response=list[PlanShown], summary="When you are paid without asking")
@needs_scope("read")
def show_plans(request: HallRequest) -> list[PlanShown]:
    """By currency; empty where you ask by hand."""
    return [_plan(plan) for plan in payout_plans_of(person_of(request))]


@router.post("/money/plans", response={201: PlanShown}, summary="Be paid without asking")
@needs_scope("money")
def set_plan(request: HallRequest, asked: PlanAsked) -> Status[PlanShown]:
    """In the place of the plan for the same currency, if there is one."""
    plan = plan_payouts(
        by=person_of(request),
        rhythm=asked.rhythm,
        day=asked.day,
        least=asked.least.money("least"),
        at=request.at,
    )
    return Status(201, _plan(plan))


@router.post("/money/plans/{plan_id}/ending", response=PlanShown, summary="Ask by hand again")
@needs_scope("money")
def end_plan(request: HallRequest, plan_id: UUID) -> PlanShown:
    """What was asked for already goes its way."""
    person = person_of(request)
    plan = get_object_or_404(payout_plans_of(person), pk=plan_id)
    return _plan(end_payout_plan(plan=plan, by=person, at=request.at))


@router.get("/money/turns", response=Listing[TurnShown], summary="What became of the days of your plans")
@needs_scope("read")
def show_turns(request: HallRequest, after: str = "", size: int = 20) -> Listing[TurnShown]:
    """The newest first."""
    return listed(payout_turns_of(person_of(request)), _turn, after=after, size=size)


@router.post(
    "/money/stop/{stop}", response=Stopped, summary="Stop a payout account that is not yours", auth=None
)
def stop_account(request: HallRequest, stop: str) -> Stopped:
    """By what the link in the letter about it carries: whoever has the letter needs no other proof."""
    return Stopped(locked_at=stop_payout_account(secret=stop, at=request.at).locked_at)


@router.get("/money/account", response=PayoutAccountShown, summary="Where you are paid")
@needs_scope("read")
def show_payout_account(request: HallRequest, currency: AnyCurrency = "") -> PayoutAccountShown:
    """404 until you have said where. With a currency: where money of it goes."""
    person = person_of(request)
    account = payout_account_of(person, currency)
    if account is None:
        raise NotFound
    return _account(account)


@router.put("/money/account", response=PayoutAccountShown, summary="Say where you want to be paid")
def put_payout_account(request: HallRequest, asked: PayoutAccountAsked) -> PayoutAccountShown:
    """Only from a browser's session: a token that leaked must not be able to say where money goes.

    An account rests before anything is paid to it. Sign in shortly before.
    """
    if request.scopes is not None:
        raise MissingScope(_("A token cannot say where you are paid. Say it on your account page."))
    refuse_unless_fresh(request)
    account = set_payout_account(by=person_of(request), at=request.at, **asked.dict())
    return _account(account)


def _plan(plan: PayoutPlan) -> PlanShown:
    return PlanShown(
        id=plan.pk,
        rhythm=plan.rhythm,
        day=plan.day,
        least=Sum.of(plan.money_least),
        next_on=plan.next_on,
        set_at=plan.set_at,
    )


def _turn(turn: PayoutTurn) -> TurnShown:
    return TurnShown(
        due_on=turn.due_on,
        payout=turn.payout_id,
        why=turn.why,
        because=turn.get_why_display() if turn.why else "",
        available=Sum.of(turn.money_available),
    )


def _account(account: PayoutAccount) -> PayoutAccountShown:
    return PayoutAccountShown(
        holder=account.holder,
        bank=account.bank,
        number=account.masked,
        currency=account.currency,
        method=account.method,
        rests_until=account.rests_until,
    )
