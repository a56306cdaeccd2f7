"""Keeping a contested part of a hold where it is."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.escrow.actions.leaving import NotInHold
from guildhall.escrow.actions.locking import facts_of_hold, lock_hold, minor_in
from guildhall.escrow.events import HOLD_FROZEN, HOLD_THAWED
from guildhall.escrow.models import Freeze, Hold
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money


@transaction.atomic
def freeze_hold(*, hold: Hold, amount: Money, reason: str, by: UUID | None, at: datetime) -> Hold:
    """Freeze a part of a hold until the case behind `reason` ends.

    Raises:
        NotInHold: less than that is left and not frozen already.
    """
    minor = minor_in(amount, hold.currency)
    locked = lock_hold(hold)
    if minor > locked.left - locked.frozen:
        raise NotInHold(
            _("Only %(free)s of this is left and not frozen already.") % {"free": locked.money_free},
            field="amount",
        )
    return _change(hold, locked, minor, reason, by=by, at=at)


@transaction.atomic
def thaw_hold(*, hold: Hold, amount: Money, by: UUID | None, at: datetime) -> Hold:
    """Let a frozen part of a hold move again.

    Raises:
        NotInHold: less than that is frozen.
    """
    minor = minor_in(amount, hold.currency)
    locked = lock_hold(hold)
    if minor > locked.frozen:
        raise NotInHold(_("Only %(frozen)s is frozen.") % {"frozen": locked.money_frozen}, field="amount")
    return _change(hold, locked, -minor, "thawed", by=by, at=at)


def _change(hold: Hold, locked: Hold, minor: int, reason: str, *, by: UUID | None, at: datetime) -> Hold:
    locked.frozen += minor
    locked.save(update_fields=["frozen"])
    Freeze.objects.create(hold=locked, amount=minor, reason=reason, by=by, at=at)
    facts = facts_of_hold(locked) | {"amount": abs(minor), "reason": reason}
    record_event(HOLD_FROZEN if minor > 0 else HOLD_THAWED, subject=locked.pk, by=by, at=at, **facts)
    hold.left, hold.frozen = locked.left, locked.frozen
    return hold
