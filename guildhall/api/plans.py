"""Being paid without asking, and stopping a payout account, as JSON: the pages' verbs."""

from datetime import date, datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.payments.actions import end_payout_plan, plan_payouts, stop_payout_account
from guildhall.payments.models import PayoutPlan, PayoutTurn
from guildhall.payments.queries import payout_plans_of, payout_turns_of

router = Router(tags=["money"])


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
