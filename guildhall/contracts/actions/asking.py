"""What the client asks back of a milestone: one request at a time, frozen until it has its answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from guildhall.contracts.actions.moving import give_back, hold_of
from guildhall.contracts.events import REFUND_ASKED, facts_of_milestone
from guildhall.contracts.models import Milestone, Refund
from guildhall.contracts.rules import REFUND_DAYS
from guildhall.contracts.states import AGREED, ASKED, WITHDRAWN
from guildhall.escrow.actions import freeze_hold, thaw_hold
from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.people.models import Person


class AskedAlready(Refusal):
    """A request for this milestone still waits for its answer."""

    code = "asked_already"


def ask_back(
    milestone: Milestone,
    amount: Money,
    *,
    reason: str,
    answer_by: datetime | None = None,
    by: Person,
    at: datetime,
) -> Refund:
    """Ask the worker for an amount of a locked milestone, and freeze it until there is an answer."""
    if Refund.objects.filter(milestone=milestone, state=ASKED).exists():
        raise AskedAlready(_("You have asked already: your request waits for the worker's answer."))
    answer_by = answer_by or at + timedelta(days=rules_in_force()[REFUND_DAYS])
    refund = write_refund(milestone, amount, reason=reason, by=by, answer_by=answer_by, state=ASKED, at=at)
    freeze_hold(hold=hold_of(milestone), amount=amount, reason=f"refund:{refund.pk}", by=by.pk, at=at)
    record_event(
        REFUND_ASKED,
        subject=refund.pk,
        by=by.pk,
        at=at,
        **facts_of_refund(refund, milestone),
        answer_by=answer_by.isoformat(),
    )
    return refund


def ask_anew(milestone: Milestone, refunds: Sequence[Refund], *, by: UUID | None, at: datetime) -> Refund:
    """Ask again for what a case had taken over and the worker took back, with no more time to answer it.

    What the client asked for meanwhile becomes a part of it: one request at a time waits.
    """
    asked = [*refunds, *Refund.objects.filter(milestone=milestone, state=ASKED)]
    withdraw_asked(milestone, by=by, at=at)
    return ask_back(
        milestone,
        Money(sum(one.amount for one in asked), milestone.currency),
        reason="\n\n".join(one.reason for one in asked),
        answer_by=min(one.answer_by for one in asked),
        by=asked[0].by,
        at=at,
    )


def withdraw_asked(milestone: Milestone, *, by: UUID | None, at: datetime) -> None:
    """Take back what the client has asked of a locked milestone: they approve, or ask for all at once."""
    for refund in Refund.objects.filter(milestone=milestone, state=ASKED):
        thaw_asked(milestone, refund, by=by, at=at)
        move(refund, WITHDRAWN, by=by, at=at, **facts_of_refund(refund, milestone))


def agree_asked(milestone: Milestone, *, by: UUID | None, at: datetime) -> None:
    """Give back whatever the client has asked of a locked milestone, because the worker leaves."""
    for refund in Refund.objects.filter(milestone=milestone, state=ASKED):
        thaw_asked(milestone, refund, by=by, at=at)
        move(refund, AGREED, by=by, at=at, **facts_of_refund(refund, milestone))
        give_back(milestone, refund.sum, by=by, at=at, refund=str(refund.pk), asked=True)


def write_refund(
    milestone: Milestone,
    amount: Money,
    *,
    reason: str,
    by: Person,
    answer_by: datetime,
    state: str,
    at: datetime,
) -> Refund:
    """Write down what is asked for, or given."""
    return Refund.objects.create(
        milestone=milestone,
        by=by,
        amount=amount.minor,
        currency=amount.currency,
        reason=reason,
        asked_at=at,
        answer_by=answer_by,
        state=state,
        moved_at=at,
    )


def thaw_asked(milestone: Milestone, refund: Refund, *, by: UUID | None, at: datetime) -> None:
    """Let what a request asks for move again."""
    thaw_hold(hold=hold_of(milestone), amount=refund.sum, by=by, at=at)


def facts_of_refund(refund: Refund, milestone: Milestone) -> dict[str, object]:
    """Who, what and how much a request is about, for whoever hears of it."""
    return {**facts_of_milestone(milestone), "refund": str(refund.pk), "amount": refund.amount}
