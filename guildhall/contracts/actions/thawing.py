"""What a case had frozen goes its way again, without a decision."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guildhall.contracts.actions.asking import agree_asked, ask_anew
from guildhall.contracts.actions.locking import lock_milestone
from guildhall.contracts.actions.moving import give_back, give_hearing, hold_of
from guildhall.contracts.models import Contract, Milestone, Refund
from guildhall.contracts.states import CHANGES_ASKED, ENDING, FUNDED, HELD
from guildhall.escrow.actions import thaw_hold
from guildhall.kernel.money import Money


@transaction.atomic
def thaw_part(
    *, milestone: Milestone, amount: Money, refunds: Sequence[Refund] = (), by: UUID | None, at: datetime
) -> Milestone:
    """Let a frozen part go its way again: under its delivery's clock, or back if the worker has left.

    When the worker is who lets go of it, the client is where they were before: what they had asked back is
    asked again, and the clock leaves them time to object.

    Args:
        milestone: whose part.
        amount: what was frozen.
        refunds: the requests that the case had taken over.
        by: who takes the case back.
        at: when.
    """
    milestone = lock_milestone(milestone)
    contract = milestone.contract
    thaw_hold(hold=hold_of(milestone), amount=amount, by=by, at=at)
    if by == contract.worker_id:
        if refunds:
            ask_anew(milestone, refunds, by=by, at=at)
        give_hearing(milestone, at=at)
    if _was_left_by_worker(contract) and milestone.is_in(FUNDED, CHANGES_ASKED):
        return_undelivered(milestone, by=by, at=at)
    return milestone


def return_undelivered(milestone: Milestone, *, by: UUID | None, at: datetime) -> None:
    """Give back what no case has frozen of a locked milestone that nobody will work on any more."""
    agree_asked(milestone, by=by, at=at)
    if milestone.is_in(*HELD) and (free := hold_of(milestone).money_free):
        give_back(milestone, free, by=by, at=at, ended=True)


def _was_left_by_worker(contract: Contract) -> bool:
    return contract.state == ENDING and contract.ended_by_id == contract.worker_id
