"""The client hears in time that silence will pay."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from guildhall.contracts.actions.locking import lock_milestone
from guildhall.contracts.actions.moving import hold_of
from guildhall.contracts.events import RELEASE_NEAR, facts_of_milestone
from guildhall.contracts.models import Milestone
from guildhall.contracts.rules import WARNING_DAYS, warning_due
from guildhall.contracts.states import DELIVERED
from guildhall.kernel.events import record_event

log = logging.getLogger(__name__)


def warn_of_silence(*, at: datetime) -> int:
    """Announce each delivery that silence will pay in a few days, once for each warning; how many.

    Args:
        at: the database's clock, never a host's.
    """
    soon = Milestone.objects.filter(
        Q(warned__isnull=True) | Q(warned__gt=min(WARNING_DAYS)),
        state=DELIVERED,
        release_at__gt=at,
        release_at__lte=at + timedelta(days=max(WARNING_DAYS)),
        hold__left__gt=F("hold__frozen"),
    ).order_by("release_at", "pk")
    told = 0
    for milestone in list(soon):
        if _days_left(milestone, at) is None:
            continue
        try:
            told += _warn(milestone.pk, at)
        except Exception:  # one milestone in trouble must not keep the others' clients from hearing
            log.exception("nobody could be warned about milestone %s", milestone.pk)
    return told


@transaction.atomic
def _warn(pk: UUID, at: datetime) -> bool:
    milestone = lock_milestone(Milestone.objects.get(pk=pk))
    if milestone.state != DELIVERED or (days := _days_left(milestone, at)) is None:
        return False
    free = hold_of(milestone).money_free
    if not free:
        return False
    milestone.warned = days
    milestone.save(update_fields=["warned"])
    assert milestone.release_at is not None
    facts = {**facts_of_milestone(milestone), "amount": free.minor}
    until = milestone.release_at.isoformat()
    record_event(RELEASE_NEAR, subject=milestone.pk, by=None, at=at, **facts, days=days, release_at=until)
    return True


def _days_left(milestone: Milestone, at: datetime) -> int | None:
    assert milestone.delivered_at is not None
    assert milestone.release_at is not None
    return warning_due(
        delivered_at=milestone.delivered_at,
        release_at=milestone.release_at,
        warned=milestone.warned,
        at=at,
    )
