"""Questions about savings, from the one who asks."""

from django.db.models import QuerySet, Sum

from guildhall.escrow.savings.models import ENDED, Saving, SavingsGoal
from guildhall.kernel.money import Money
from guildhall.people.models import Person


def goals_of(person: Person) -> QuerySet[SavingsGoal]:
    """What this person saves for, or has saved for."""
    return SavingsGoal.objects.filter(person=person)


def goals_kept_by(person: Person) -> QuerySet[SavingsGoal]:
    """Those that have not ended."""
    return goals_of(person).exclude(state=ENDED)


def savings_in(goal: SavingsGoal) -> QuerySet[Saving]:
    """What was kept for a goal that the asker has loaded, and what was taken."""
    return Saving.objects.filter(goal=goal).select_related("goal", "release__hold")


def sum_saved_by(person: Person, currency: str) -> Money:
    """What this person's goals hold of one currency."""
    kept = goals_kept_by(person).filter(currency=currency)
    return Money(int(kept.aggregate(sum=Sum("saved"))["sum"] or 0), currency)
