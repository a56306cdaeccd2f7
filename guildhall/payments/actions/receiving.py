"""Following a processor's notice: the only way in which money comes into a wallet from outside."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, move_money
from guildhall.payments.actions.crediting import fail_deposit, settle_deposit
from guildhall.payments.events import DEPOSIT_UNMATCHED
from guildhall.payments.gateways import BadNotice, Notice, gateway_for
from guildhall.payments.models import Deposit, GatewayNotice, RefusedNotices

log = logging.getLogger(__name__)


def receive_notice(*, rail: str, body: bytes, signature: str, at: datetime) -> GatewayNotice | None:
    """Follow a processor's notice, once however often it comes, and the last word in whatever order.

    Args:
        rail: by which processor's door it came.
        body: its bytes as they came.
        signature: what stood beside them.
        at: when it came.

    Returns:
        The notice as it is kept; None if it is about nothing that concerns the hall.

    Raises:
        NotFound: no such processor.
        BadNotice: the signature does not fit the bytes or is too old. Only a counter remembers it.
    """
    try:
        notice = gateway_for(rail).parse_notice(body=body, signature=signature, at=at)
    except BadNotice:
        _count_refused(rail, at)
        raise
    if notice is None:
        return None
    try:
        return _follow(rail, notice, at)
    except IntegrityError:
        # The same word arrived twice at once and the other one was quicker.
        return GatewayNotice.objects.get(rail=rail, reference=notice.reference)


@transaction.atomic
def _count_refused(rail: str, at: datetime) -> None:
    RefusedNotices.objects.get_or_create(rail=rail, day=at.date())
    RefusedNotices.objects.filter(rail=rail, day=at.date()).update(count=F("count") + 1)


@transaction.atomic
def _follow(rail: str, notice: Notice, at: datetime) -> GatewayNotice:
    deposit = _deposit_of(rail, notice)
    earlier = GatewayNotice.objects.filter(rail=rail, reference=notice.reference).first()
    if earlier:
        return earlier
    if deposit is None or deposit.money != notice.amount:
        outcome = GatewayNotice.Outcome.UNMATCHED
    elif notice.serial <= deposit.serial:
        outcome = GatewayNotice.Outcome.OLDER
    else:
        outcome = GatewayNotice.Outcome.FOLLOWED
    kept = GatewayNotice(
        id=new_id(),
        rail=rail,
        reference=notice.reference,
        deposit=deposit,
        facts={
            "serial": notice.serial,
            "deposit": notice.deposit,
            "outcome": notice.outcome,
            "amount": notice.amount.minor,
            "currency": notice.amount.currency,
        },
        outcome=outcome,
        at=at,
    )
    kept.save(force_insert=True)
    if outcome == GatewayNotice.Outcome.UNMATCHED:
        _put_aside(kept, notice, at)
    elif deposit is not None and outcome == GatewayNotice.Outcome.FOLLOWED:
        deposit.serial = notice.serial
        deposit.save(update_fields=["serial"])
        if notice.outcome == "paid":
            settle_deposit(deposit, at)
        else:
            fail_deposit(deposit, at)
    return kept


def _deposit_of(rail: str, notice: Notice) -> Deposit | None:
    try:
        name = UUID(notice.deposit)
    except ValueError:
        return None
    return Deposit.objects.select_for_update().filter(pk=name, rail=rail).first()


def _put_aside(kept: GatewayNotice, notice: Notice, at: datetime) -> None:
    """Money that fits no deposit belongs to nobody until an operator has looked."""
    amount = notice.amount
    log.error("notice %s of %s fits no deposit: %s", notice.reference, kept.rail, amount)
    if notice.outcome == "paid" and amount.minor > 0:
        flow = Flow(f"outside:{kept.rail}", f"suspense:{kept.rail}", amount.minor, amount.currency)
        move_money(kind="deposit.unmatched", key=f"notice:{kept.pk}", flows=[flow], by=None, at=at)
    record_event(
        DEPOSIT_UNMATCHED,
        subject=kept.pk,
        by=None,
        at=at,
        rail=kept.rail,
        reference=notice.reference,
        person=str(kept.deposit.person_id) if kept.deposit else None,
        amount=amount.minor,
        currency=amount.currency,
    )
