"""Earnings whose days of clearing are over."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from guildhall.escrow.models import Release
from guildhall.escrow.savings.keeping import keep_shares, lock_goals_of
from guildhall.escrow.states import CLEARING, MATURED
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, Move, move_batch

log = logging.getLogger(__name__)

_AT_ONCE = 200


def mature_clearing(*, at: datetime) -> int:
    """Move what is due from clearing into the workers' wallets; returns how many releases that were.

    It goes in lots of some hundreds, each its own transaction, so that one killed half-way has lost nothing
    and the next run goes on where it stood. One that the books contradict is passed over.
    """
    count = 0
    lot = _mature_some(Release.objects.all(), at)
    while lot:
        count += sum(release.state == MATURED for release in lot)
        last = lot[-1]
        later = Q(matures_at__gt=last.matures_at) | Q(matures_at=last.matures_at, id__gt=last.pk)
        lot = _mature_some(Release.objects.filter(later), at)
    return count


@transaction.atomic
def _mature_some(releases: QuerySet[Release], at: datetime) -> list[Release]:
    """One lot of what is due, each of it moved on unless it was refused, and the owners' shares saved."""
    due = list(
        releases.select_for_update(skip_locked=True)
        .filter(state=CLEARING, matures_at__lte=at)
        .order_by("matures_at", "id")[:_AT_ONCE]
    )
    goals = lock_goals_of(due)
    moves = [
        Move(
            kind="clearing.matured",
            key=f"matured:{release.pk}",
            flows=[
                Flow(f"clearing:{release.worker}", f"wallet:{release.worker}", release.net, release.currency)
            ],
        )
        for release in due
    ]
    outcome = move_batch(moves=moves, by=None, at=at, whole=False)
    for release in due:
        refusal = outcome.refused.get(f"matured:{release.pk}")
        if refusal:  # the books contradict the release: nobody else shall wait for that
            log.error("release %s does not mature: %s", release.pk, refusal.sentence)
            continue
        move(
            release,
            MATURED,
            by=None,
            at=at,
            worker=release.worker,
            net=release.net,
            currency=release.currency,
        )
    keep_shares([release for release in due if release.state == MATURED], goals, at=at)
    return due
