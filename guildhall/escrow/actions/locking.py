"""A hold, locked, and amounts that fit it."""

from typing import Any

from django.utils.translation import gettext as _

from guildhall.escrow.models import Hold
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import LARGEST_MINOR, Money


class WrongCurrency(Unfit):
    """The money is of another currency than the hold."""

    code = "wrong_currency"


class NotAnAmount(Unfit):
    """The amount is zero, negative or beyond all measure."""

    code = "not_an_amount"


def lock_hold(hold: Hold) -> Hold:
    """The hold as it stands now, kept from everybody else until the transaction ends."""
    return Hold.objects.select_for_update().get(pk=hold.pk)


def minor_in(amount: Money, currency: str, *, least: int = 1) -> int:
    """The minor units of an amount of this currency.

    Raises:
        WrongCurrency: it is of another one.
        NotAnAmount: it is less than `least`, or more than a hall can hold.
    """
    if amount.currency != currency:
        raise WrongCurrency(
            _("This money is kept in %(own)s: an amount in %(other)s cannot be taken from it.")
            % {"own": currency, "other": amount.currency},
            field="amount",
        )
    if not least <= amount.minor <= LARGEST_MINOR:
        raise NotAnAmount(_("The amount must be more than zero."), field="amount")
    return amount.minor


def facts_of_hold(hold: Hold) -> dict[str, Any]:
    """What every event of a hold says about it."""
    return {
        "hold": str(hold.pk),
        "purpose": hold.purpose,
        "worker": hold.worker,
        "payers": list(hold.parts.order_by("number").values_list("party", flat=True)),
        "currency": hold.currency,
    }
