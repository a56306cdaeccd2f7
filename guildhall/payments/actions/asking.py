"""Asking rails outside, when no transaction is open: for a page, for a refund, and what became of either.

Each thing is put off until its next try, then its rail is asked, then the answer is kept. An answer that
got lost is asked for again under the same reference, ever more rarely. Money that may have moved, and of
which the rail does not say whether it did, is `pending_unknown` until it says so; the operators see it
for so long.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from guildhall.kernel.errors import NotFound
from guildhall.kernel.states import move
from guildhall.payments.actions.crediting import facts_of_deposit
from guildhall.payments.actions.receiving import follow_notice
from guildhall.payments.actions.refunding import lose_sight_of_refund, send_off_refund
from guildhall.payments.deposits import instruction_for, instruction_for_refund
from guildhall.payments.gateways import Answer, GatewaySilent, Notice, RailRefuses, gateway_for
from guildhall.payments.models import Deposit, DepositRefund
from guildhall.payments.queries import waits_too_long
from guildhall.payments.rules import DEPOSIT_LASTS
from guildhall.payments.states import CANCELLED, REQUESTED, SENT, STARTED, UNKNOWN

log = logging.getLogger(__name__)

_LONGEST_WAIT: Final = timedelta(minutes=10)
_FIRST_LOOK: Final = timedelta(minutes=5)
_LONGEST_LOOK: Final = timedelta(hours=1)
_AT_ONCE: Final = 100


def ask_gateways(*, at: datetime) -> int:
    """Ask rails for the pages of deposits that were begun, and to charge kept cards; how many answered."""
    due = Deposit.objects.filter(state__in=[STARTED, UNKNOWN], ask_at__lte=at).select_related("method")
    return sum(_ask_for_payment(deposit, at) for deposit in due.order_by("ask_at", "id")[:_AT_ONCE])


def _ask_for_payment(deposit: Deposit, at: datetime) -> bool:
    if not _put_off(deposit, at):
        return False
    instruction = instruction_for(deposit)
    try:
        gateway = gateway_for(deposit.rail)
        if deposit.is_in(UNKNOWN):
            word = gateway.outcome_of(instruction)
            if word is not None:
                follow_notice(rail=deposit.rail, notice=word, at=at)
                return True
        if gateway.remembers and at - deposit.started_at > gateway.remembers:
            return False  # it would be another payment: an operator has to look
        answer = gateway.start(instruction)
    except (GatewaySilent, NotFound) as silence:
        log.warning("%s is silent about deposit %s: %s", deposit.rail, deposit.pk, silence)
        if deposit.method_id:
            _change(deposit.pk, lambda now: _lose_sight(now, at))
        return False
    except RailRefuses as refusal:
        log.warning("%s refuses deposit %s: %s", deposit.rail, deposit.pk, refusal)
        follow_notice(rail=deposit.rail, notice=_refusal(deposit), at=at)
        return True
    _change(deposit.pk, lambda now: _take(now, answer, at))
    # Whoever was told that it is being checked has gone: a card that was refused after all has failed.
    word = answer.word or (_refusal(deposit) if answer.page and deposit.is_in(UNKNOWN) else None)
    if word:
        follow_notice(rail=deposit.rail, notice=word, at=at)
    return True


def _take(deposit: Deposit, answer: Answer, at: datetime) -> None:
    """Keep what the rail answered, unless its final word has come meanwhile."""
    if not (deposit.is_in(STARTED) or deposit.is_in(UNKNOWN)):
        return
    deposit.pay_url, deposit.payment = answer.page, answer.payment
    deposit.ask_at, deposit.look_at = None, at + _FIRST_LOOK
    deposit.save(update_fields=["pay_url", "payment", "ask_at", "look_at"])


def _lose_sight(deposit: Deposit, at: datetime) -> None:
    """A kept card may have been charged or not."""
    if deposit.is_in(STARTED):
        move(deposit, UNKNOWN, by=None, at=at, **facts_of_deposit(deposit))


def _refusal(deposit: Deposit) -> Notice:
    """The rail's no, as the word that it is."""
    return Notice(f"{deposit.pk} refused", 1, str(deposit.pk), "failed", deposit.money)


def look_after_deposits(*, at: datetime) -> int:
    """Ask about payments of which no word came by itself, for a notice may get lost; how many had one."""
    due = Deposit.objects.filter(state__in=[STARTED, UNKNOWN], look_at__lte=at).select_related("method")
    return sum(_look(deposit, at) for deposit in due.order_by("look_at", "id")[:_AT_ONCE])


def _look(deposit: Deposit, at: datetime) -> bool:
    waited = min(max(at - deposit.started_at, _FIRST_LOOK), _LONGEST_LOOK)
    mine = Deposit.objects.filter(pk=deposit.pk, look_at=deposit.look_at).update(look_at=at + waited)
    if not mine:
        return False  # another worker has taken it
    try:
        word = gateway_for(deposit.rail).outcome_of(instruction_for(deposit))
    except (GatewaySilent, RailRefuses, NotFound) as silence:
        log.warning("%s says nothing of deposit %s: %s", deposit.rail, deposit.pk, silence)
        if at - deposit.started_at > DEPOSIT_LASTS:
            _change(deposit.pk, lambda now: _lose_sight(now, at))
        return False
    if word is None:
        return False
    follow_notice(rail=deposit.rail, notice=word, at=at)
    return True


def give_up_old_deposits(*, at: datetime) -> int:
    """Cancel deposits of which nothing was heard for a day, or a transfer for a month; how many.

    Later money is still taken.

    What a rail outside has a page for is asked about first: only what it says is unpaid is given up.
    """
    old = Deposit.objects.filter(
        Q(look_at=None) | Q(look_at__gte=F("started_at") + DEPOSIT_LASTS + _LONGEST_LOOK),
        waits_too_long(at),
        state=STARTED,
    ).order_by("started_at")
    return sum(
        _change(pk, lambda now: _give_up(now, at)) for pk in old.values_list("pk", flat=True)[:_AT_ONCE]
    )


def _give_up(deposit: Deposit, at: datetime) -> bool:
    if not deposit.is_in(STARTED):
        return False  # its rail has spoken meanwhile
    Deposit.objects.filter(pk=deposit.pk).update(ask_at=None, look_at=None)
    move(deposit, CANCELLED, by=None, at=at, **facts_of_deposit(deposit))
    return True


def ask_for_refunds(*, at: datetime) -> int:
    """Hand refunds to their rails, and ask about those of which no final word has come; how many answered."""
    due = DepositRefund.objects.filter(ask_at__lte=at).select_related("deposit")
    return sum(_ask_for_refund(refund, at) for refund in due.order_by("ask_at", "id")[:_AT_ONCE])


def _ask_for_refund(refund: DepositRefund, at: datetime) -> bool:
    if not _put_off(refund, at):
        return False
    rail = refund.deposit.rail
    instruction = instruction_for_refund(refund)
    try:
        gateway = gateway_for(rail)
        forgotten = gateway.remembers is not None and at - refund.requested_at > gateway.remembers
        word = None if refund.is_in(REQUESTED) else gateway.outcome_of(instruction)
        if word is None and not forgotten:
            word = gateway.refund(instruction)
    except (GatewaySilent, RailRefuses, NotFound) as silence:
        log.warning("%s does not answer for refund %s: %s", rail, refund.pk, silence)
        _lose_sight_of(refund.pk, at)
        return False
    if word is None:
        return not forgotten and _accepted(refund.pk, at)
    follow_notice(rail=rail, notice=word, at=at)
    if word.outcome == "under_way":
        DepositRefund.objects.filter(pk=refund.pk, state=SENT).update(ask_at=at + _LONGEST_LOOK)
    return True


@transaction.atomic
def _accepted(refund_id: UUID, at: datetime) -> bool:
    """The rail has it, and says nothing yet."""
    refund = DepositRefund.objects.select_for_update(of=("self",)).select_related("deposit").get(pk=refund_id)
    return send_off_refund(refund, at)


@transaction.atomic
def _lose_sight_of(refund_id: UUID, at: datetime) -> None:
    refund = DepositRefund.objects.select_for_update(of=("self",)).select_related("deposit").get(pk=refund_id)
    lose_sight_of_refund(refund, at)


def _put_off[Row: (Deposit, DepositRefund)](row: Row, at: datetime) -> bool:
    """Put a thing off until its next try; False if another worker has taken it."""
    wait = min(timedelta(seconds=2 ** min(row.asks, 12)), _LONGEST_WAIT)
    mine = type(row)._base_manager.filter(pk=row.pk, ask_at=row.ask_at)
    return bool(mine.update(ask_at=at + wait, asks=row.asks + 1))


@transaction.atomic
def _change(deposit_id: UUID, change: Callable[[Deposit], object]) -> bool:
    return bool(change(Deposit.objects.select_for_update().get(pk=deposit_id)))
