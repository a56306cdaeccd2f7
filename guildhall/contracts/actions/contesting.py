"""What a case does to a milestone's money. Only `disputes` calls these."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.locking import lock_milestone
from guildhall.contracts.actions.moving import divide, hold_of
from guildhall.contracts.models import Milestone
from guildhall.contracts.states import HELD
from guildhall.escrow.actions import freeze_hold
from guildhall.escrow.models import Release
from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.money import Money


class NothingHeld(Refusal):
    """No money of this milestone is left to speak about."""

    code = "nothing_held"


class MoreThanLeft(Unfit):
    """The amount is more than what is left and not frozen."""

    code = "more_than_left"


def check_part(milestone: Milestone, amount: Money, *, field: str) -> None:
    """Refuse an amount that this milestone cannot give now.

    Raises:
        NothingHeld: no money is held for it.
        MoreThanLeft: it is nothing, of another currency, or more than what is free.
    """
    if milestone.state not in HELD:
        raise NothingHeld(_("No money is held for this milestone any more, or none was set aside yet."))
    if amount.currency != milestone.currency:
        raise MoreThanLeft(
            _("This milestone is in %(currency)s.") % {"currency": milestone.currency}, field=field
        )
    free = hold_of(milestone).money_free
    if amount.minor <= 0 or amount > free:
        raise MoreThanLeft(
            _("Name an amount above zero and up to %(most)s: that is what is left and not frozen.")
            % {"most": str(free)},
            field=field,
        )


@transaction.atomic
def freeze_part(
    *, milestone: Milestone, amount: Money, reason: str, by: UUID | None, at: datetime
) -> Milestone:
    """Keep a part of a milestone where it is until a case ends.

    Raises:
        NothingHeld, MoreThanLeft: there is not so much to freeze.
    """
    milestone = lock_milestone(milestone)
    check_part(milestone, amount, field="contested")
    freeze_hold(hold=hold_of(milestone), amount=amount, reason=reason, by=by, at=at)
    return milestone


@transaction.atomic
def divide_part(
    *,
    milestone: Milestone,
    to_worker: Money,
    to_client: Money,
    key: UUID,
    by: UUID | None,
    at: datetime,
    **facts: Any,
) -> Release:
    """Send a frozen part to both sides, as they agreed or as it was ruled.

    Args:
        milestone: whose part.
        to_worker: of what was frozen.
        to_client: the rest of it.
        key: the id of the offer or the ruling that divides it; it moves money once.
        by: who accepted or ruled.
        at: when.
        facts: for whoever hears of it.
    """
    milestone = lock_milestone(milestone)
    return divide(milestone, to_worker=to_worker, to_client=to_client, key=key, by=by, at=at, **facts)
