"""Paying money in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.payments.actions.keeping import kept_method
from guildhall.payments.deposits import instruction_for
from guildhall.payments.events import DEPOSIT_STARTED
from guildhall.payments.gateways import Gateway, gateways_that_take
from guildhall.payments.models import Deposit, KeptMethod
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


def _payer_at(gateway: Gateway, method: KeptMethod | None, by: Person) -> str:
    """The rail's id of the payer, if it keeps or ever kept a card for them."""
    if method is not None:
        return method.payer
    if not gateway.can_keep:
        return ""
    known = KeptMethod.objects.filter(person=by, rail=gateway.rail).order_by("-id").first()
    return known.payer if known else ""


@transaction.atomic
def start_deposit(
    *,
    by: Person,
    amount: Money,
    at: datetime,
    back_to: str = "/money",
    rail: str = "",
    method: KeptMethod | None = None,
    keep: bool = False,
) -> Deposit:
    """Begin to pay money in; the payer goes on at `pay_url`, and the processor's notice settles it.

    This writes the intent. A processor outside is asked for its page afterwards, when no transaction is open.

    Args:
        by: who pays, into their own wallet.
        amount: how much.
        at: when.
        back_to: the path in the hall to which the payer returns.
        rail: through which of the hall's rails; empty for the first.
        method: a kept card to pay with at once; its rail is the deposit's.
        keep: whether the rail shall keep the card that is used.

    Raises:
        NotDepositable: the amount or its currency cannot be paid in.
        NoSuchRail: the hall takes no money through this one.
        MethodGone: the card is not theirs, or not kept any more.
    """
    sum_to_move(amount)
    if method is not None:
        method = kept_method(method, by)
    gateway = _gateway_named(method.rail if method else rail)
    deposit = Deposit(
        id=new_id(),
        person=by,
        rail=gateway.rail,
        amount=amount.minor,
        currency=amount.currency,
        back_to=back_to,
        started_at=at,
        ask_at=at,
        method=method,
        payer=_payer_at(gateway, method, by),
        keep=keep and gateway.can_keep and method is None,
        state=STARTED,
        moved_at=at,
    )
    gateway.refuse_amount(instruction_for(deposit))
    if not gateway.is_outside and method is None:
        deposit.pay_url = gateway.start(instruction_for(deposit)).page
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
