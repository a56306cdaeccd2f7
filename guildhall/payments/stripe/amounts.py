"""Sums as Stripe writes them: minor units of its own, for some currencies not those of ISO 4217.

Source: Stripe's page *Currencies*: no decimals for the zero-decimal currencies; ISK and UGX are written with
two decimals that must be zero; of three decimals the last must be zero.
"""

from typing import Final

from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money, exponent_of

_TWO_THAT_ARE_ZERO: Final = frozenset(("ISK", "UGX"))
_NONE: Final = frozenset(("MGA",))  # ISO 4217 gives it two
_THREE: Final = 3


class NotSayable(Unfit):
    """A sum that Stripe cannot take in this currency."""

    code = "not_depositable"


def to_stripe(money: Money) -> int:
    """The number that stands for this sum at Stripe.

    Raises:
        NotSayable: it has a decimal that Stripe does not take.
    """
    if money.currency in _TWO_THAT_ARE_ZERO:
        return money.minor * 100
    if money.currency in _NONE:
        return _whole(money, 100) // 100
    return _whole(money, 10) if exponent_of(money.currency) == _THREE else money.minor


def from_stripe(number: int, currency: str) -> Money:
    """The sum that a number of Stripe's stands for; a currency may be in small letters."""
    code = currency.upper()
    if code in _TWO_THAT_ARE_ZERO:
        return Money(number // 100, code)
    return Money(number * 100 if code in _NONE else number, code)


def _whole(money: Money, step: int) -> int:
    if money.minor % step:
        raise NotSayable(
            _("In %(currency)s this has a decimal too many for cards: let it end with a zero.")
            % {"currency": money.currency},
            field="amount",
        )
    return money.minor
