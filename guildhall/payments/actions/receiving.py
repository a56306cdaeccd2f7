"""Following a rail's word: the only way in which money of the outside world comes into the books."""

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, move_money
from guildhall.payments.actions.charging_back import follow_chargeback
from guildhall.payments.actions.crediting import fail_deposit, settle_deposit
from guildhall.payments.actions.keeping import keep_method
from guildhall.payments.actions.refunding import follow_refund
from guildhall.payments.deposits import instruction_for
from guildhall.payments.events import DEPOSIT_UNMATCHED
from guildhall.payments.gateways import BadNotice, GatewaySilent, Notice, gateway_for
from guildhall.payments.models import Chargeback, Deposit, DepositRefund, GatewayNotice, RefusedNotices
from guildhall.payments.states import GIVEN_BACK, SETTLED

log = logging.getLogger(__name__)

type Thing = Deposit | DepositRefund | Chargeback


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
        GatewaySilent: the processor had to be asked about it and did not answer. It will say it again.
    """
    try:
        notice = gateway_for(rail).parse_notice(body=body, signature=signature, at=at)
    except BadNotice:
        _count_refused(rail, at)
        raise
    return follow_notice(rail=rail, notice=notice, at=at) if notice else None


def follow_notice(*, rail: str, notice: Notice, at: datetime) -> GatewayNotice:
    """Follow what a rail said, however the hall came to hear it: at its door, or because it asked.

    Raises:
        GatewaySilent: the rail had to be asked about it and did not answer.
    """
    if notice.about == "chargeback":
        _hear_first_that_it_was_paid(rail, notice, at)
    try:
        return _follow(rail, notice, at)
    except IntegrityError:
        # The same word arrived twice at once and the other one was quicker.
        return GatewayNotice.objects.get(rail=rail, reference=notice.reference)


def _hear_first_that_it_was_paid(rail: str, notice: Notice, at: datetime) -> None:
    """What is taken back was paid before: should that word still be on its way, it is asked for."""
    deposit = _deposit_named(rail, notice.deposit)
    if deposit is None or deposit.is_in(SETTLED):
        return
    asked = replace(instruction_for(deposit), payment=notice.payment or deposit.payment)
    word = gateway_for(rail).outcome_of(asked)
    if word is None:
        raise GatewaySilent(f"{notice.subject} is about a payment that {rail} does not know as paid")
    follow_notice(rail=rail, notice=word, at=at)


@transaction.atomic
def _count_refused(rail: str, at: datetime) -> None:
    RefusedNotices.objects.get_or_create(rail=rail, day=at.date())
    RefusedNotices.objects.filter(rail=rail, day=at.date()).update(count=F("count") + 1)


@transaction.atomic
def _follow(rail: str, notice: Notice, at: datetime) -> GatewayNotice:
    deposit, thing = _things_of(rail, notice)
    if notice.kept and deposit is not None and deposit.keep:
        keep_method(notice.kept, rail=rail, person_id=deposit.person_id, at=at)
    earlier = GatewayNotice.objects.filter(rail=rail, reference=notice.reference).first()
    if earlier:
        return earlier
    outcome = _outcome_of(notice, deposit, thing)
    kept = GatewayNotice(
        id=new_id(),
        rail=rail,
        reference=notice.reference,
        deposit=deposit,
        facts={
            "about": notice.about,
            "subject": notice.subject,
            "serial": notice.serial,
            "deposit": str(deposit.pk) if deposit else notice.deposit,
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
    elif outcome == GatewayNotice.Outcome.FOLLOWED:
        assert deposit is not None, "what fits nothing is put aside"
        if isinstance(thing, DepositRefund):
            follow_refund(thing, notice, at)
        elif notice.about == "chargeback":
            follow_chargeback(deposit, notice, at)
        else:
            _follow_payment(deposit, notice, at)
    return kept


def _follow_payment(deposit: Deposit, notice: Notice, at: datetime) -> None:
    deposit.serial = notice.serial
    deposit.payment = notice.payment or deposit.payment
    deposit.ask_at = deposit.look_at = None
    deposit.save(update_fields=["serial", "payment", "ask_at", "look_at"])
    if notice.outcome == "paid":
        settle_deposit(deposit, at)
    else:
        fail_deposit(deposit, at)


def _things_of(rail: str, notice: Notice) -> tuple[Deposit | None, Thing | None]:
    """The deposit that a word is about, locked, and what of it: itself, a refund, or a chargeback."""
    if notice.about == "refund":
        refund = _refund_named(rail, notice.subject)
        return (refund.deposit, refund) if refund else (None, None)
    deposit = _deposit_named(rail, notice.deposit, lock=True)
    if notice.about == "chargeback":
        return deposit, Chargeback.objects.filter(rail=rail, reference=notice.subject).first()
    return deposit, deposit


def _outcome_of(notice: Notice, deposit: Deposit | None, thing: Thing | None) -> str:
    if deposit is None or not _fits(notice, deposit, thing):
        return GatewayNotice.Outcome.UNMATCHED
    if thing is None or notice.serial > thing.serial:
        return GatewayNotice.Outcome.FOLLOWED
    return GatewayNotice.Outcome.OLDER


def _fits(notice: Notice, deposit: Deposit, thing: Thing | None) -> bool:
    """Whether a word says what was intended. A deposit paid twice is money that nobody asked for."""
    if notice.about == "chargeback":
        known = thing.money if isinstance(thing, Chargeback) else notice.amount
        within = 0 < notice.amount.minor <= deposit.amount and notice.amount.currency == deposit.currency
        again = isinstance(thing, Chargeback) and thing.is_in(GIVEN_BACK) and notice.serial > thing.serial
        return deposit.is_in(SETTLED) and within and known == notice.amount and not again
    if isinstance(thing, DepositRefund):
        return thing.money == notice.amount
    paid_again = (
        notice.outcome == "paid"
        and deposit.is_in(SETTLED)
        and notice.payment != deposit.payment
        and notice.serial == deposit.serial
    )
    return deposit.money == notice.amount and not paid_again


def _deposit_named(rail: str, name: str, *, lock: bool = False) -> Deposit | None:
    deposits = Deposit.objects.select_for_update() if lock else Deposit.objects.all()
    pk = _uuid(name)
    return deposits.filter(pk=pk, rail=rail).first() if pk else None


def _refund_named(rail: str, name: str) -> DepositRefund | None:
    pk = _uuid(name)
    refunds = DepositRefund.objects.select_for_update().select_related("deposit")
    return refunds.filter(pk=pk, deposit__rail=rail).first() if pk else None


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _put_aside(kept: GatewayNotice, notice: Notice, at: datetime) -> None:
    """Money that fits no deposit belongs to nobody until an operator has looked."""
    amount = notice.amount
    log.error("notice %s of %s fits nothing of ours: %s", notice.reference, kept.rail, amount)
    if notice.about == "deposit" and notice.outcome == "paid" and amount.minor > 0:
        flow = Flow(f"outside:{kept.rail}", f"suspense:{kept.rail}", amount.minor, amount.currency)
        move_money(kind="deposit.unmatched", key=f"notice:{kept.pk}", flows=[flow], by=None, at=at)
    record_event(
        DEPOSIT_UNMATCHED,
        subject=kept.pk,
        by=None,
        at=at,
        rail=kept.rail,
        reference=notice.reference,
        about=notice.about,
        person=str(kept.deposit.person_id) if kept.deposit else None,
        amount=amount.minor,
        currency=amount.currency,
    )
