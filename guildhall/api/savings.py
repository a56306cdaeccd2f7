"""Savings goals as JSON: the same verbs as the pages."""

from datetime import date, datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.escrow.savings.goals import end_goal, put_into_savings, set_goal, take_savings
from guildhall.escrow.savings.models import Saving, SavingsGoal
from guildhall.escrow.savings.queries import goals_of, savings_in

router = Router(tags=["money"])


class GoalShown(Schema):
    """A share (basis points) of each payment, kept until `saved` is `target`.

    `state` is `open`, `reached` when it keeps nothing more, or `ended`.
    """

    id: UUID
    name: str
    state: str
    share: int
    saved: Sum
    target: Sum
    by_day: date
    set_at: datetime


class GoalAsked(Asked):
    """What for, how much, what share of each payment in basis points, and by which day."""

    name: str = Field(max_length=200)
    target: Sum
    share: int
    by_day: date


class SavingsAsked(Asked):
    """A sum in the currency of the goal."""

    amount: Sum


class SavingShown(Schema):
    """What was kept, or taken where it is below zero. `release` is the payment that it is a share of."""

    amount: Sum
    release: UUID | None
    at: datetime


@router.get("/money/savings", response=Listing[GoalShown], summary="What you save for")
@needs_scope("read")
def show_goals(request: HallRequest, after: str = "", size: int = 20) -> Listing[GoalShown]:
    """The newest first, those that have ended as well."""
    return listed(goals_of(person_of(request)), _goal, after=after, size=size)


@router.post("/money/savings", response={201: GoalShown}, summary="Begin to save for something")
@needs_scope("money")
def begin_goal(request: HallRequest, asked: GoalAsked) -> Status[GoalShown]:
    """The share is kept of each payment in that currency that you earn from now on."""
    goal = set_goal(
        name=asked.name,
        target=asked.target.money("target"),
        share=asked.share,
        by_day=asked.by_day,
        by=person_of(request),
        at=request.at,
    )
    return Status(201, _goal(goal))


@router.get("/money/savings/{goal_id}", response=GoalShown, summary="One savings goal")
@needs_scope("read")
def show_goal(request: HallRequest, goal_id: UUID) -> GoalShown:
    """How far it is."""
    return _goal(_own(request, goal_id))


@router.get(
    "/money/savings/{goal_id}/history", response=Listing[SavingShown], summary="What was kept and taken"
)
@needs_scope("read")
def show_history(
    request: HallRequest, goal_id: UUID, after: str = "", size: int = 20
) -> Listing[SavingShown]:
    """The newest first."""
    return listed(savings_in(_own(request, goal_id)), _saving, after=after, size=size)


@router.post("/money/savings/{goal_id}/takings", response=GoalShown, summary="Take savings out")
@needs_scope("money")
def take_out(request: HallRequest, goal_id: UUID, asked: SavingsAsked) -> GoalShown:
    """Into your wallet, at any time."""
    goal = _own(request, goal_id)
    return _goal(take_savings(goal=goal, amount=asked.amount.money(), by=person_of(request), at=request.at))


@router.post("/money/savings/{goal_id}/additions", response=GoalShown, summary="Put more into savings")
@needs_scope("money")
def put_in(request: HallRequest, goal_id: UUID, asked: SavingsAsked) -> GoalShown:
    """Out of your wallet, besides the share of each payment."""
    goal, amount = _own(request, goal_id), asked.amount.money()
    return _goal(put_into_savings(goal=goal, amount=amount, by=person_of(request), at=request.at))


@router.post("/money/savings/{goal_id}/ending", response=GoalShown, summary="End a savings goal")
@needs_scope("money")
def end_one(request: HallRequest, goal_id: UUID) -> GoalShown:
    """Nothing more is kept, and all of it goes into your wallet."""
    return _goal(end_goal(goal=_own(request, goal_id), by=person_of(request), at=request.at))


def _own(request: HallRequest, goal_id: UUID) -> SavingsGoal:
    goal: SavingsGoal = get_object_or_404(goals_of(person_of(request)), pk=goal_id)
    return goal


def _goal(goal: SavingsGoal) -> GoalShown:
    return GoalShown(
        id=goal.pk,
        name=goal.name,
        state=goal.state,
        share=goal.share,
        saved=Sum.of(goal.money_saved),
        target=Sum.of(goal.money_target),
        by_day=goal.by_day,
        set_at=goal.set_at,
    )


def _saving(saving: Saving) -> SavingShown:
    return SavingShown(amount=Sum.of(saving.money), release=saving.release_id, at=saving.at)
