"""Savings goals, and every sum that was kept for one or taken back."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.people.models import Person

OPEN: Final = "open"
REACHED: Final = "reached"
ENDED: Final = "ended"

# What is reached keeps nothing more, so that nothing is set aside beyond what was wanted.
GOAL_MOVES: Final[dict[str, set[str]]] = {OPEN: {REACHED, ENDED}, REACHED: {ENDED}, ENDED: set()}


class SavingsGoal(Stateful):
    """What somebody saves for: a share of what they earn in one currency, up to a sum, by a day."""

    MOVES = GOAL_MOVES
    NOUN = "savings_goal"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    share = models.PositiveIntegerField()  # basis points of each payment that becomes available
    target = models.BigIntegerField()  # minor units
    by_day = models.DateField()
    saved = models.BigIntegerField(default=0)  # what lies in its account
    set_at = models.DateTimeField()  # what was earned before is not touched
    warned_at = models.DateTimeField(null=True)  # when its owner was told that the day is near

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="goal_of_person"),
            models.Index(fields=["by_day"], condition=Q(state="open"), name="goal_by_day"),
        ]
        constraints = [
            states_check("savings_goal", GOAL_MOVES),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="goal_currency"),
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=10_000, target__gt=0, saved__gte=0)
                & Q(saved__lte=F("target")),
                name="goal_adds_up",
            ),
            models.CheckConstraint(condition=~Q(state="ended") | Q(saved=0), name="goal_ends_empty"),
        ]

    @property
    def account(self) -> str:
        """The ledger account that its money lies in."""
        return f"savings:person:{self.person_id}:{self.id}"

    @property
    def money_saved(self) -> Money:
        """What is kept now."""
        return Money(self.saved, self.currency)

    @property
    def money_target(self) -> Money:
        """What is wanted."""
        return Money(self.target, self.currency)

    @property
    def money_missing(self) -> Money:
        """What is still to come."""
        return Money(self.target - self.saved, self.currency)


class Saving(Identified):
    """A sum that was kept for a goal, or taken out again."""

    goal = models.ForeignKey(SavingsGoal, on_delete=models.PROTECT, related_name="savings")
    amount = models.BigIntegerField()  # above zero: kept; below: taken
    release = models.ForeignKey(  # the payment that it is a share of; null: the owner's own doing
        "escrow.Release", null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["goal", "-id"], name="saving_of_goal")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="saving_of_something"),
            models.CheckConstraint(
                condition=Q(release__isnull=True) | Q(amount__gt=0), name="saving_of_a_release_is_kept"
            ),
            models.UniqueConstraint(fields=["goal", "release"], name="saving_once_per_release"),
        ]

    @property
    def money(self) -> Money:
        """What it was, below zero where it was taken."""
        return Money(self.amount, self.goal.currency)

    @property
    def key(self) -> str:
        """The key of its movement."""
        return f"saving:{self.id}"
