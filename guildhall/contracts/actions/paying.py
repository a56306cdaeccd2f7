"""Delivered work is paid: because the client says so, or because the client has said nothing."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guildhall.contracts.actions.asking import withdraw_asked
from guildhall.contracts.actions.delivering import NothingDelivered
from guildhall.contracts.actions.locking import lock_milestone, must_be_client
from guildhall.contracts.actions.moving import hold_of, pay_worker
from guildhall.contracts.models import Milestone
from guildhall.contracts.states import CHANGES_ASKED, DELIVERED
from guildhall.escrow.models import Release
from guildhall.kernel.errors import Refusal
from guildhall.people.models import Person

log = logging.getLogger(__name__)


class AllContested(Refusal):
    """Everything that is left is frozen by a case."""

    code = "all_contested"


@transaction.atomic
def approve_milestone(*, milestone: Milestone, by: Person, at: datetime) -> Release:
    """Accept delivered work: what no case has frozen goes to the worker, a request for a refund is withdrawn.

    Raises:
        NothingDelivered: nothing was delivered, or it is paid already.
        AllContested: a case has frozen all that is left.
    """
    milestone = lock_milestone(milestone)
    must_be_client(milestone.contract, by)
    if milestone.state not in {DELIVERED, CHANGES_ASKED}:
        raise NothingDelivered(_("There is no delivery here that waits for your answer."))
    withdraw_asked(milestone, by=by.pk, at=at)
    free = hold_of(milestone).money_free
    if not free:
        raise AllContested(
            _("A case has frozen all that is left of this milestone. It is paid when the case ends.")
        )
    return pay_worker(milestone, free, by=by.pk, at=at, silent=False)


def release_silent_milestones(*, at: datetime) -> int:
    """Pay every delivery whose instant has come, each in its own transaction, and return how many.

    What a case or an unanswered request has frozen stays; the rest of its milestone is paid.

    Args:
        at: the database's clock, never a host's.
    """
    due = Milestone.objects.filter(
        state=DELIVERED, release_at__lte=at, hold__left__gt=F("hold__frozen")
    ).order_by("release_at", "pk")
    paid = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            paid += _release_if_silent(pk, at)
        except Exception:  # one milestone in trouble must not keep the others from being paid
            log.exception("milestone %s could not be released", pk)
    return paid


@transaction.atomic
def _release_if_silent(pk: UUID, at: datetime) -> bool:
    milestone = lock_milestone(Milestone.objects.get(pk=pk))
    if milestone.state != DELIVERED or milestone.release_at is None or milestone.release_at > at:
        return False
    free = hold_of(milestone).money_free
    if not free:
        return False
    pay_worker(milestone, free, by=None, at=at, silent=True, release_at=milestone.release_at.isoformat())
    return True
