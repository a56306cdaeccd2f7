"""Money as an exact number of minor units with a currency. No float comes near it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal

LARGEST_MINOR: Final = 10**15
"""The largest sum that one amount may be: ten thousand billion units of a two-digit currency."""

# ISO 4217 exponents that differ from 2.
_EXPONENTS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,15})(?:\.([0-9]{1,3}))?", re.ASCII)


class NotMoney(Refusal):
    """What was typed is not an amount of money in this currency."""

    code = "not_money"
    status = 422


def exponent_of(currency: str) -> int:
    """How many decimal digits a currency's minor unit has (ISO 4217): JPY 0, USD 2, KWD 3."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units and its ISO 4217 currency.

    Adding, subtracting or comparing two currencies is a bug, not a refusal.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        assert type(self.minor) is int, "money is an integer of minor units"
        assert _CURRENCY.fullmatch(self.currency), "a currency is three capital letters"

    @classmethod
    def parse(cls, text: str, currency: str, *, field: str = "") -> Self:
        """Read what a person typed: plain ASCII digits, a point, no sign, no thousands mark.

        Raises:
            NotMoney: for anything else, including too many decimals for the currency.
        """
        found = _AMOUNT.fullmatch(text.strip(" "))
        places = exponent_of(currency)
        decimals = (found[2] or "") if found else ""
        if not found or len(decimals) > places:
            example = cls(12_345 if places else 123, currency).amount
            raise NotMoney(
                _("Write the amount in digits like %(example)s, without signs or thousands marks.")
                % {"example": example},
                field=field,
            )
        minor = int(found[1]) * 10**places + int(decimals.ljust(places, "0") or 0)
        if minor > LARGEST_MINOR:
            raise NotMoney(_("That amount is larger than this hall can hold."), field=field)
        return cls(minor, currency)

    @property
    def amount(self) -> str:
        """The amount alone, in plain digits: ``120.00``."""
        places = exponent_of(self.currency)
        sign = "-" if self.minor < 0 else ""
        digits = str(abs(self.minor)).rjust(places + 1, "0")
        return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: "Money") -> int:
        assert self.currency == other.currency, f"{self.currency} is not {other.currency}"
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0


def basis_points_of(minor: int, basis_points: int) -> int:
    """A share of ``minor`` in basis points (1/100 %), rounded down to a whole minor unit."""
    assert minor >= 0
    assert basis_points >= 0
    return minor * basis_points // 10_000


def divide_by_weights(minor: int, weights: Sequence[int]) -> list[int]:
    """Divide ``minor`` in proportion to ``weights``; what rounding leaves goes to the largest remainders.

    The parts always sum to ``minor``. Ties go to the earlier weight, so the answer never depends on chance.
    """
    total = sum(weights)
    assert minor >= 0
    assert total > 0
    assert all(weight >= 0 for weight in weights)
    parts = [minor * weight // total for weight in weights]
    left = minor - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(minor * weights[i] % total), i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return parts
