"""Paying money in."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.kernel.states import move
from guildhall.payments.actions.crediting import facts_of_deposit
from guildhall.payments.events import DEPOSIT_STARTED
from guildhall.payments.gateways import (
    Answer,
    Gateway,
    GatewaySilent,
    Instruction,
    gateway_for,
    gateways_that_take,
)
from guildhall.payments.models import Deposit
from guildhall.payments.rules import CURRENCIES, DEPOSIT_LASTS
from guildhall.payments.states import CANCELLED, STARTED
from guildhall.people.models import Person

log = logging.getLogger(__name__)

_LONGEST_WAIT: Final = timedelta(minutes=10)
_AT_ONCE: Final = 100


class NotDepositable(Unfit):
    """Not an amount that can be paid in."""

    code = "not_depositable"


def sum_to_move(amount: Money) -> Money:
    """An amount that can be paid in or out.

    Raises:
        NotDepositable: it is zero, negative, too large, or of a currency that the hall does not take.
    """
    if amount.currency not in CURRENCIES:
        raise NotDepositable(
            _("This hall takes %(currencies)s.") % {"currencies": ", ".join(CURRENCIES)}, field="currency"
        )
    if not 0 < amount.minor <= LARGEST_MINOR:
        raise NotDepositable(_("The amount must be more than zero."), field="amount")
    return amount


class NoSuchRail(Unfit):
    """Not a way to pay in here."""

    code = "no_such_rail"


def _gateway_named(rail: str) -> Gateway:
    ways = gateways_that_take()
    if not ways:
        raise NoSuchRail(_("This hall takes no money at the moment. Write to its operator."), field="rail")
    found = [each for each in ways if each.rail == rail] if rail else ways
    if not found:
        names = ", ".join(each.rail for each in ways)
        raise NoSuchRail(
            _("Choose one of the ways to pay that this hall has: %(names)s.") % {"names": names}, field="rail"
        )
    return found[0]


@transaction.atomic
def start_deposit(
    *, by: Person, amount: Money, at: datetime, back_to: str = "/money", rail: str = ""
) -> Deposit:
    """Begin to pay money in; the payer goes on at `pay_url`, and the processor's notice settles it.

    This writes the intent. A processor outside is asked for its page afterwards, when no transaction is open.

    Args:
        by: who pays, into their own wallet.
        amount: how much.
        at: when.
        back_to: the path in the hall to which the payer returns.
        rail: through which of the hall's rails; empty for the first.

    Raises:
        NotDepositable: the amount or its currency cannot be paid in.
        NoSuchRail: the hall takes no money through this one.
    """
    sum_to_move(amount)
    gateway = _gateway_named(rail)
    deposit = Deposit(
        id=new_id(),
        person=by,
        rail=gateway.rail,
        amount=amount.minor,
        currency=amount.currency,
        back_to=back_to,
        started_at=at,
        ask_at=at,
        state=STARTED,
        moved_at=at,
    )
    gateway.refuse_amount(_instruction(deposit))
    if not gateway.is_outside:
        deposit.pay_url = _ask(deposit).page
        deposit.ask_at = None
    deposit.save(force_insert=True)
    record_event(
        DEPOSIT_STARTED,
        subject=deposit.pk,
        by=by.pk,
        at=at,
        person=str(by.pk),
        amount=amount.minor,
        currency=amount.currency,
    )
    return deposit


def ask_gateways(*, at: datetime) -> int:
    """Ask processors for the pages of deposits that were begun; how many answered.

    No transaction is open during a call: a deposit is put off until its next try, then its processor is
    asked, then the answer is kept. An answer that got lost is asked for again under the same reference.
    """
    due = Deposit.objects.filter(state=STARTED, ask_at__lte=at).order_by("ask_at", "id")
    return sum(_ask_for_page(deposit, at) for deposit in due[:_AT_ONCE])


def _ask_for_page(deposit: Deposit, at: datetime) -> bool:
    wait = min(timedelta(seconds=2 ** min(deposit.asks, 12)), _LONGEST_WAIT)
    mine = Deposit.objects.filter(pk=deposit.pk, ask_at=deposit.ask_at).update(
        ask_at=at + wait, asks=deposit.asks + 1
    )
    if not mine:
        return False  # another worker has taken it
    try:
        answer = _ask(deposit)
    except GatewaySilent as silence:
        log.warning("%s does not answer for deposit %s: %s", deposit.rail, deposit.pk, silence)
        return False
    return bool(Deposit.objects.filter(pk=deposit.pk).update(pay_url=answer.page, ask_at=None))


def _ask(deposit: Deposit) -> Answer:
    return gateway_for(deposit.rail).start(_instruction(deposit))


def _instruction(deposit: Deposit) -> Instruction:
    return Instruction(
        reference=str(deposit.pk),
        amount=deposit.money,
        at=deposit.started_at,
        back_to=f"{settings.GUILDHALL_BASE_URL}{deposit.back_to}",
        person=str(deposit.person_id),
    )


def give_up_old_deposits(*, at: datetime) -> int:
    """Cancel deposits of which nothing was heard for a day; how many. Later money is still taken."""
    old = Deposit.objects.filter(state=STARTED, started_at__lt=at - DEPOSIT_LASTS).order_by("started_at")
    return sum(_give_up(pk, at) for pk in list(old.values_list("pk", flat=True)[:_AT_ONCE]))


@transaction.atomic
def _give_up(pk: UUID, at: datetime) -> bool:
    deposit = Deposit.objects.select_for_update().get(pk=pk)
    if not deposit.is_in(STARTED):
        return False  # its processor has spoken meanwhile
    move(deposit, CANCELLED, by=None, at=at, **facts_of_deposit(deposit))
    return True
