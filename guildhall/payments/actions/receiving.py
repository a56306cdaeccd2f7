"""Following a processor's notice: the only way in which money comes into a wallet from outside."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balances_of
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.events import DEPOSIT_UNMATCHED
from guildhall.payments.gateways import BadNotice, Notice, gateway_for
from guildhall.payments.models import Deposit, GatewayNotice, RefusedNotices
from guildhall.payments.states import FAILED, SETTLED

log = logging.getLogger(__name__)

_TRIES = 5


def receive_notice(*, rail: str, body: bytes, signature: str, at: datetime) -> GatewayNotice:
    """Follow a processor's notice, once however often it comes, and the last word in whatever order.

    Args:
        rail: by which processor's door it came.
        body: its bytes as they came.
        signature: what stood beside them.
        at: when it came.

    Raises:
        NotFound: no such processor.
        BadNotice: the signature does not fit the bytes or is too old. Only a counter remembers it.
    """
    try:
        notice = gateway_for(rail).parse_notice(body=body, signature=signature, at=at)
    except BadNotice:
        _count_refused(rail, at)
        raise
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
            _settle(deposit, at)
        else:
            _fail(deposit, at)
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


def _settle(deposit: Deposit, at: datetime) -> None:
    if deposit.is_in(SETTLED):
        return
    wallet = f"wallet:person:{deposit.person_id}"
    move_money(
        kind="deposit.settled",
        key=f"deposit:{deposit.pk}:{deposit.serial}",
        flows=[Flow(f"outside:{deposit.rail}", wallet, deposit.amount, deposit.currency)],
        by=None,
        at=at,
    )
    move(deposit, SETTLED, by=None, at=at, **_facts(deposit))


def _fail(deposit: Deposit, at: datetime) -> None:
    if deposit.is_in(FAILED):
        return
    taken_back = deposit.is_in(SETTLED)
    if taken_back:
        _take_back(deposit, at)
    move(deposit, FAILED, by=None, at=at, **_facts(deposit), taken_back=taken_back)


def _take_back(deposit: Deposit, at: datetime) -> None:
    """The processor has the money again: out of the wallet as far as it reaches, then at the hall's cost."""
    wallet = f"wallet:person:{deposit.person_id}"
    outside = f"outside:{deposit.rail}"
    for attempt in range(_TRIES):
        held = balances_of([wallet, "reserve"], deposit.currency)
        from_wallet = min(deposit.amount, held[wallet].minor)
        from_reserve = min(deposit.amount - from_wallet, held["reserve"].minor)
        parts = {
            wallet: from_wallet,
            "reserve": from_reserve,
            "shortfall": deposit.amount - from_wallet - from_reserve,
        }
        try:
            move_money(
                kind="chargeback.taken",
                key=f"chargeback:{deposit.pk}:{deposit.serial}",
                flows=[
                    Flow(source, outside, part, deposit.currency) for source, part in parts.items() if part
                ],
                by=None,
                at=at,
            )
        except Overdraft:
            if attempt == _TRIES - 1:
                raise
            continue  # somebody spent between the look and the movement
        if parts["shortfall"]:
            log.error("taking back deposit %s left the hall short of %s", deposit.pk, parts["shortfall"])
        return


def _facts(deposit: Deposit) -> dict[str, object]:
    return {
        "person": str(deposit.person_id),
        "amount": deposit.amount,
        "currency": deposit.currency,
        "rail": deposit.rail,
    }
