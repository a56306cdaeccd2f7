"""What the owner of savings does: set a goal, put more in, take out, end it."""

from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from guildhall.escrow.actions.locking import minor_in
from guildhall.escrow.savings.keeping import facts_of_goal, record_savings
from guildhall.escrow.savings.models import ENDED, OPEN, REACHED, Saving, SavingsGoal
from guildhall.escrow.savings.rules import DAY_IS_NEAR, MOST_GOALS, WHOLE
from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.refusals import BatchRefused, Overdraft
from guildhall.people.models import Person

_LONGEST_NAME = 60


class GoalNotFit(Unfit):
    """What was typed about a goal does not fit."""

    code = "goal_not_fit"


class GoalsExceedAll(Refusal):
    """The shares of all goals together would be more than a payment."""

    code = "goals_exceed_all"


class NotInSavings(Refusal):
    """Less is kept."""

    code = "not_in_savings"


class GoalNeedsLess(Refusal):
    """The goal lacks less, or nothing more."""

    code = "goal_needs_less"


class ShortForSaving(Refusal):
    """The wallet holds less."""

    code = "more_than_available"


@transaction.atomic
def set_goal(*, name: str, target: Money, share: int, by_day: date, by: Person, at: datetime) -> SavingsGoal:
    """Begin to keep a share of each payment in the target's currency that is earned from now on.

    Args:
        name: what it is for, in the owner's words.
        target: how much is wanted; when it is there, nothing more is kept.
        share: basis points of each payment.
        by_day: until when; after today, in UTC.
        by: whose.
        at: when.

    Raises:
        GoalNotFit: one of these does not fit.
        GoalsExceedAll: with the other goals in this currency it would be more than a whole payment.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise GoalNotFit(_("Say what it is for, in at most 60 characters."), field="name")
    if not 1 <= share <= WHOLE:
        raise GoalNotFit(_("The share is more than nothing and at most 100 %."), field="share")
    if not 0 < target.minor <= LARGEST_MINOR:
        raise GoalNotFit(_("The sum must be more than zero."), field="target")
    if by_day <= at.astimezone(UTC).date():
        raise GoalNotFit(_("The day must be in the future."), field="by_day")
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs: the second sees the first's goal
    under_way = SavingsGoal.objects.filter(person=by, state=OPEN)
    if under_way.count() >= MOST_GOALS:
        raise GoalsExceedAll(_("At most %(most)s goals can be under way at once.") % {"most": MOST_GOALS})
    taken = under_way.filter(currency=target.currency).aggregate(sum=Sum("share", default=0))["sum"]
    if taken + share > WHOLE:
        raise GoalsExceedAll(
            _("Your goals in %(currency)s may together keep at most 100 %%; %(left)s %% is left.")
            % {"currency": target.currency, "left": f"{(WHOLE - taken) / 100:g}"},
            field="share",
        )
    goal = SavingsGoal(
        id=new_id(),
        person=by,
        name=name,
        currency=target.currency,
        share=share,
        target=target.minor,
        by_day=by_day,
        set_at=at,
        state=OPEN,
        moved_at=at,
    )
    goal.save(force_insert=True)
    record_event("savings_goal.set", subject=goal.pk, by=by.pk, at=at, share=share, **facts_of_goal(goal))
    return goal


@transaction.atomic
def put_into_savings(*, goal: SavingsGoal, amount: Money, by: Person, at: datetime) -> SavingsGoal:
    """Put more out of the wallet into a goal, besides its share.

    Raises:
        NotFound: it is somebody else's.
        GoalNeedsLess: it lacks less than that, or takes no more.
        ShortForSaving: the wallet holds less.
        WrongCurrency, NotAnAmount: the amount does not fit.
    """
    goal = _lock_own(goal, by)
    minor = minor_in(amount, goal.currency)
    if not goal.is_in(OPEN) or minor > goal.target - goal.saved:
        raise GoalNeedsLess(
            _("This goal lacks %(missing)s: it takes no more than that.")
            % {"missing": goal.money_missing if goal.is_in(OPEN) else Money(0, goal.currency)},
            field="amount",
        )
    goal.saved += minor
    try:
        record_savings([Saving(id=new_id(), goal=goal, amount=minor, at=at)], at=at)
    except BatchRefused as refused:
        (reason,) = refused.refused.values()
        if not isinstance(reason, Overdraft):
            raise
        raise ShortForSaving(
            _("That is %(missing)s more than is available.") % {"missing": reason.missing}, field="amount"
        ) from refused
    return goal


@transaction.atomic
def take_savings(*, goal: SavingsGoal, amount: Money, by: Person, at: datetime) -> SavingsGoal:
    """Take money out of a goal into the wallet, whenever its owner likes: it is theirs.

    A goal that was reached and is taken out whole has come to its end.

    Raises:
        NotFound: it is somebody else's.
        NotInSavings: less is kept.
        WrongCurrency, NotAnAmount: the amount does not fit.
    """
    goal = _lock_own(goal, by)
    _take(goal, minor_in(amount, goal.currency), by=by, at=at)
    if goal.is_in(REACHED) and not goal.saved:
        move(goal, ENDED, by=by.pk, at=at, **facts_of_goal(goal))
    return goal


@transaction.atomic
def end_goal(*, goal: SavingsGoal, by: Person, at: datetime) -> SavingsGoal:
    """Keep nothing more for a goal, and put all that was kept into the wallet.

    Raises:
        NotFound: it is somebody else's.
        ForbiddenMove: it has ended.
    """
    goal = _lock_own(goal, by)
    if goal.saved:
        _take(goal, goal.saved, by=by, at=at)
    move(goal, ENDED, by=by.pk, at=at, **facts_of_goal(goal))
    return goal


def warn_of_goal_days(*, at: datetime) -> int:
    """Tell once, some days before, whose goal is not reached; how many that were."""
    today = at.astimezone(UTC).date()
    due = SavingsGoal.objects.filter(state=OPEN, warned_at=None, by_day__lte=today + DAY_IS_NEAR)
    count = 0
    for goal_id in list(due.order_by("by_day", "id").values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            goal = SavingsGoal.objects.select_for_update().get(pk=goal_id)
            if goal.is_in(OPEN) and goal.warned_at is None:
                goal.warned_at = at
                goal.save(update_fields=["warned_at"])
                facts = facts_of_goal(goal) | {"amount": goal.target - goal.saved}
                record_event("savings_goal.day_near", subject=goal.pk, by=None, at=at, **facts)
                count += 1
    return count


def _lock_own(goal: SavingsGoal, by: Person) -> SavingsGoal:
    if goal.person_id != by.pk:
        raise NotFound
    return SavingsGoal.objects.select_for_update(of=("self",)).select_related("person").get(pk=goal.pk)


def _take(goal: SavingsGoal, minor: int, *, by: Person, at: datetime) -> None:
    if minor > goal.saved:
        raise NotInSavings(_("Only %(saved)s is kept here.") % {"saved": goal.money_saved}, field="amount")
    saving = Saving(id=new_id(), goal=goal, amount=-minor, at=at)
    flow = Flow(goal.account, f"wallet:{by.party}", minor, goal.currency)
    move_money(kind="saving.taken", key=saving.key, flows=[flow], by=by.pk, at=at)
    saving.save(force_insert=True)
    goal.saved -= minor
    goal.save(update_fields=["saved"])
    facts = facts_of_goal(goal) | {"amount": minor}
    record_event("savings_goal.taken_from", subject=goal.pk, by=by.pk, at=at, **facts)
