"""Being paid without asking: choosing when and from what sum, and asking on the days that have come."""

import logging
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.actions.requesting import (
    AccountRests,
    MoneyRests,
    NewAccountLimit,
    NoPayoutAccount,
    PayoutsLocked,
    PayoutStopped,
    ask_for_payout,
)
from guildhall.payments.events import PAYOUT_PLAN_ENDED, PAYOUT_PLAN_SET, PAYOUT_TURN_SKIPPED
from guildhall.payments.models import Payout, PayoutPlan, PayoutTurn, Rhythm
from guildhall.payments.paying_out.dates import next_after
from guildhall.payments.paying_out.holding import allowance_of, payable_by
from guildhall.people.models import Person

log = logging.getLogger(__name__)

_AT_ONCE: Final = 500
_DAYS: Final = {Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 7, Rhythm.MONTHLY: 31}
_WHY: Final[dict[type[Refusal], str]] = {
    NoPayoutAccount: PayoutTurn.Why.NO_ACCOUNT,
    AccountRests: PayoutTurn.Why.RESTS,
    PayoutsLocked: PayoutTurn.Why.LOCKED,
    PayoutStopped: PayoutTurn.Why.DOUBT,
    MoneyRests: PayoutTurn.Why.HELD,
    NewAccountLimit: PayoutTurn.Why.LIMIT,
}


class NotAPlan(Unfit):
    """Not a day on which money could be due."""

    code = "not_a_plan"


@transaction.atomic
def plan_payouts(*, by: Person, rhythm: str, day: int, least: Money, at: datetime) -> PayoutPlan:
    """Be paid without asking from now on, in the currency of the least sum.

    Args:
        by: who.
        rhythm: ``weekly``, ``fortnightly`` or ``monthly``.
        day: of the week, Monday is 1; or of the month, of which one that is too short pays on its last.
        least: from what sum on.
        at: when; the first day is a later one, in UTC.

    Raises:
        NotAPlan: there is no such rhythm or day.
        NotDepositable: the least sum is none.
    """
    sum_to_move(least)
    if rhythm not in Rhythm.values:
        raise NotAPlan(_("Choose how often: %(ways)s.") % {"ways": ", ".join(Rhythm.values)}, field="rhythm")
    if not 1 <= day <= _DAYS[Rhythm(rhythm)]:
        raise NotAPlan(_("Choose a day from 1 to %(last)s.") % {"last": _DAYS[Rhythm(rhythm)]}, field="day")
    Person.objects.select_for_update().get(pk=by.pk)
    earlier = PayoutPlan.objects.filter(person=by, currency=least.currency, ended_at=None).first()
    if earlier and (earlier.rhythm, earlier.day, earlier.least) == (rhythm, day, least.minor):
        return earlier
    if earlier:
        PayoutPlan.objects.filter(pk=earlier.pk).update(ended_at=at)
    plan = PayoutPlan(
        id=new_id(),
        person=by,
        currency=least.currency,
        rhythm=rhythm,
        day=day,
        least=least.minor,
        set_at=at,
        next_on=next_after(at.astimezone(UTC).date(), rhythm, day),
    )
    plan.save(force_insert=True)
    record_event(
        PAYOUT_PLAN_SET,
        subject=plan.pk,
        by=by.pk,
        at=at,
        person=str(by.pk),
        rhythm=rhythm,
        day=day,
        amount=least.minor,
        currency=least.currency,
        next_on=plan.next_on.isoformat(),
    )
    return plan


@transaction.atomic
def end_payout_plan(*, plan: PayoutPlan, by: Person, at: datetime) -> PayoutPlan:
    """Ask by hand again. Of a plan that has ended nothing more can be ended."""
    plan = PayoutPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.ended_at is None:
        plan.ended_at = at
        plan.save(update_fields=["ended_at"])
        facts = {"person": str(plan.person_id), "currency": plan.currency}
        record_event(PAYOUT_PLAN_ENDED, subject=plan.pk, by=by.pk, at=at, **facts)
    return plan


def ask_by_plan(*, at: datetime) -> int:
    """Ask for what is due by the plans whose day has come; returns how many plans had their turn.

    Each is a transaction of its own: one killed half-way has lost nothing and repeats nothing, and one that
    fails is passed over. Of days that were missed only one is made good.
    """
    today = at.astimezone(UTC).date()
    due = PayoutPlan.objects.filter(ended_at=None, next_on__lte=today).order_by("next_on", "id")
    return sum(_take_turn(key, at) for key in list(due.values_list("pk", flat=True)[:_AT_ONCE]))


def _take_turn(key: UUID, at: datetime) -> int:
    try:
        with transaction.atomic():
            return _ask_once(key, at)
    except Exception:
        log.exception("plan %s could not have its turn", key)
        return 0


def _ask_once(key: UUID, at: datetime) -> int:
    today = at.astimezone(UTC).date()
    # The person first, as every payout does: two that wait for each other would both be lost.
    Person.objects.select_for_update().filter(pk__in=PayoutPlan.objects.filter(pk=key).values("person")).get()
    plan = PayoutPlan.objects.select_for_update(of=("self",)).select_related("person").get(pk=key)
    if plan.ended_at or plan.next_on > today:
        return 0  # another worker was quicker
    due_on, plan.next_on = plan.next_on, plan.after(today)
    plan.save(update_fields=["next_on"])
    if PayoutTurn.objects.filter(person=plan.person, currency=plan.currency, due_on=due_on).exists():
        return 0  # an earlier plan of theirs had this day
    payable = payable_by(plan.person, plan.currency, at=at)
    payout, why = _ask(plan, at)
    turn = PayoutTurn(
        id=new_id(),
        plan=plan,
        person=plan.person,
        currency=plan.currency,
        due_on=due_on,
        at=at,
        payout=payout,
        why=why,
        available=payable.free.minor,
    )
    turn.save(force_insert=True)
    if why and why != PayoutTurn.Why.NOTHING:
        record_event(
            PAYOUT_TURN_SKIPPED,
            subject=turn.pk,
            by=None,
            at=at,
            person=str(plan.person_id),
            why=why,
            amount=turn.available,
            currency=plan.currency,
        )
    return 1


def _ask(plan: PayoutPlan, at: datetime) -> tuple[Payout | None, str]:
    payable = payable_by(plan.person, plan.currency, at=at)
    if not payable.free:
        return None, PayoutTurn.Why.NOTHING
    if payable.free < plan.money_least:
        return None, PayoutTurn.Why.LEAST
    if payable.now < plan.money_least:
        return None, PayoutTurn.Why.HELD
    most = allowance_of(plan.person, plan.currency, at=at).most
    amount = payable.now if most is None else min(payable.now, most)
    if amount < plan.money_least:
        return None, PayoutTurn.Why.LIMIT
    try:
        with transaction.atomic():
            return ask_for_payout(plan.person, amount, by=None, at=at), ""
    except tuple(_WHY) as refusal:
        return None, _WHY[type(refusal)]
