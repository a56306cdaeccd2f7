"""Paying money in."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.payments.events import DEPOSIT_STARTED
from guildhall.payments.gateways import gateway_for
from guildhall.payments.models import Deposit
from guildhall.payments.practice.bank import PracticeBank
from guildhall.payments.rules import CURRENCIES
from guildhall.payments.states import STARTED
from guildhall.people.models import Person


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


@transaction.atomic
def start_deposit(*, by: Person, amount: Money, at: datetime, back_to: str = "/money") -> Deposit:
    """Begin to pay money in; the payer goes on at `pay_url`, and the processor's notice settles it.

    Args:
        by: who pays, into their own wallet.
        amount: how much.
        at: when.
        back_to: the path in the hall to which the payer returns.

    Raises:
        NotDepositable: the amount or its currency cannot be paid in.
    """
    sum_to_move(amount)
    gateway = gateway_for(PracticeBank.rail)
    deposit = Deposit(
        id=new_id(),
        person=by,
        rail=gateway.rail,
        amount=amount.minor,
        currency=amount.currency,
        started_at=at,
        state=STARTED,
        moved_at=at,
    )
    deposit.pay_url = gateway.start(
        reference=str(deposit.pk), amount=amount, back_to=f"{settings.GUILDHALL_BASE_URL}{back_to}", at=at
    )
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
