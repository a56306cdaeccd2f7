"""Keeping the shares of what has just become available, in the transaction that made it so."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guildhall.escrow.models import Release
from guildhall.escrow.savings.models import OPEN, REACHED, Saving, SavingsGoal
from guildhall.escrow.savings.rules import shares_of
from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, Move, move_batch

type GoalsByWallet = dict[tuple[str, str], list[SavingsGoal]]
"""The open goals of each party in each currency."""


def lock_goals_of(releases: Sequence[Release]) -> GoalsByWallet:
    """The open goals of those who earned something, kept from everybody else until the transaction ends.

    They are taken before any account, as the owner's own verbs do it.
    """
    people = {person for release in releases if (person := _person_of(release.worker))}
    found: GoalsByWallet = defaultdict(list)
    goals = SavingsGoal.objects.select_for_update(of=("self",)).select_related("person")
    for goal in goals.filter(person_id__in=people, state=OPEN).order_by("id"):
        found[f"person:{goal.person_id}", goal.currency].append(goal)
    return found


def _person_of(party: str) -> UUID | None:
    """Only persons save; others that earn have no goals."""
    kind, _colon, name = party.partition(":")
    try:
        return UUID(name) if kind == "person" else None
    except ValueError:
        return None


def keep_shares(releases: Sequence[Release], goals: GoalsByWallet, *, at: datetime) -> None:
    """Keep what the goals are due of payments that have just reached the wallets.

    What was earned before a goal was set is not touched by it.
    """
    kept: list[Saving] = []
    for release in releases:
        open_goals = [
            goal
            for goal in goals.get((release.worker, release.currency), [])
            if goal.set_at < release.at and goal.saved < goal.target
        ]
        lacking = [(goal.share, goal.target - goal.saved) for goal in open_goals]
        for goal, amount in zip(open_goals, shares_of(release.net, lacking), strict=True):
            if amount:
                goal.saved += amount
                kept.append(Saving(id=new_id(), goal=goal, amount=amount, release=release, at=at))
    if kept:
        record_savings(kept, at=at)


def record_savings(kept: Sequence[Saving], *, at: datetime) -> None:
    """Move what is kept out of the wallets, write it down, and see which goals are reached by it."""
    moves = [
        Move(
            kind="saving.kept",
            key=saving.key,
            flows=[
                Flow(
                    f"wallet:{saving.goal.person.party}",
                    saving.goal.account,
                    saving.amount,
                    saving.goal.currency,
                )
            ],
        )
        for saving in kept
    ]
    move_batch(moves=moves, by=None, at=at)
    Saving.objects.bulk_create(kept)
    for goal in {saving.goal.pk: saving.goal for saving in kept}.values():
        goal.save(update_fields=["saved"])
        if goal.saved == goal.target:
            move(goal, REACHED, by=None, at=at, **facts_of_goal(goal))


def facts_of_goal(goal: SavingsGoal) -> dict[str, object]:
    """What every event of a goal says about it."""
    return {
        "person": str(goal.person_id),
        "goal_name": goal.name,
        "amount": goal.target,
        "saved": goal.saved,
        "currency": goal.currency,
        "by_day": goal.by_day.isoformat(),
    }
