"""Earnings whose days of clearing are over."""

import logging
from datetime import datetime

from django.db import transaction

from guildhall.escrow.models import Release
from guildhall.escrow.states import CLEARING, MATURED
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, Move, move_batch

log = logging.getLogger(__name__)

_AT_ONCE = 200


def mature_clearing(*, at: datetime) -> int:
    """Move what is due from clearing into the workers' wallets; returns how many releases that were.

    It goes in lots of some hundreds, each its own transaction, so that one killed half-way has lost nothing
    and the next run goes on where it stood.
    """
    count = 0
    while some := _mature_some(at):
        count += some
    return count


@transaction.atomic
def _mature_some(at: datetime) -> int:
    due = list(
        Release.objects.select_for_update(skip_locked=True)
        .filter(state=CLEARING, matures_at__lte=at)
        .order_by("matures_at", "id")[:_AT_ONCE]
    )
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
    return len(due) - len(outcome.refused)
