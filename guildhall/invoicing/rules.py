"""What a paper says: its kinds and numbers, who somebody is on it, and which VAT is in it. Pure decisions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guildhall.kernel.money import divide_by_weights, exponent_of


class Kind(StrEnum):
    """What a paper is for."""

    WORK = "work"  # the worker's, to the client
    WORKER_FEE = "worker_fee"  # the hall's, to the worker
    CLIENT_FEE = "client_fee"  # the hall's, to the client


class Category(StrEnum):
    """How VAT applies, by the codes of EN 16931 (UNTDID 5305)."""

    STANDARD = "S"
    REVERSE_CHARGE = "AE"
    NOT_SUBJECT = "O"
    EXEMPT = "E"


EU: Final = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT"}
    | {"LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)

STANDARD_RATES: Final[Mapping[str, int]] = {
    "AT": 2000,
    "BE": 2100,
    "BG": 2000,
    "CY": 1900,
    "CZ": 2100,
    "DE": 1900,
    "DK": 2500,
    "EE": 2400,
    "ES": 2100,
    "FI": 2550,
    "FR": 2000,
    "GR": 2400,
    "HR": 2500,
    "HU": 2700,
    "IE": 2300,
    "IT": 2200,
    "LT": 2100,
    "LU": 1700,
    "LV": 2100,
    "MT": 1800,
    "NL": 2100,
    "PL": 2300,
    "PT": 2300,
    "RO": 2100,
    "SE": 2500,
    "SI": 2200,
    "SK": 2300,
    "GB": 2000,
    "CH": 810,
    "NO": 2500,
}
"""Standard rates at the beginning of 2026, in basis points; they hold until an operator says otherwise."""

_SELLS_WITHOUT: Final = _("The seller is not registered for VAT: none is charged.")
_OUTSIDE: Final = _("Outside the scope of VAT: the service is taxed where its buyer is.")
_REVERSED: Final = _("Reverse charge: the buyer owes the VAT.")
_RATELESS: Final = _("Exempt: no VAT is charged on this service in the seller’s country.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody on a paper, as they were on its day."""

    name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    tax_id: str = ""
    is_business: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is kept on a paper."""
        return asdict(self)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """What `as_json` wrote."""
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Tax:
    """Which VAT is in a price, and why if none is."""

    category: Category
    basis_points: int
    reason: str | Promise = ""


def tax_on(*, seller: Identity, buyer: Identity, rates: Mapping[str, int]) -> Tax:
    """Which VAT a service between these two carries.

    A seller without a VAT number charges none. Within a country the country's rate is charged. Across a
    border to a business it is the buyer who owes it: by reverse charge within the EU, outside the scope
    elsewhere. A private buyer abroad pays the seller's rate.

    Args:
        seller: with a `tax_id` only if registered for VAT.
        buyer: the same.
        rates: basis points by country, as the operator keeps them.
    """
    if not seller.tax_id:
        return Tax(Category.NOT_SUBJECT, 0, _SELLS_WITHOUT)
    abroad = buyer.country != seller.country
    if abroad and buyer.is_business:
        if {seller.country, buyer.country} <= EU and buyer.tax_id:
            return Tax(Category.REVERSE_CHARGE, 0, _REVERSED)
        if buyer.country and not {seller.country, buyer.country} <= EU:
            return Tax(Category.NOT_SUBJECT, 0, _OUTSIDE)
    rate = rates.get(seller.country, 0)
    return Tax(Category.STANDARD, rate) if rate else Tax(Category.EXEMPT, 0, _RATELESS)


def reason_for(category: str, *, registered: bool) -> str:
    """Why a paper carries no VAT, in the language in force; empty where it does.

    Args:
        category: the paper's.
        registered: whether its seller has a VAT number.
    """
    reasons: dict[str, str | Promise] = {
        Category.REVERSE_CHARGE: _REVERSED,
        Category.EXEMPT: _RATELESS,
        Category.NOT_SUBJECT: _OUTSIDE if registered else _SELLS_WITHOUT,
    }
    return str(reasons.get(category, ""))


def tax_within(gross: int, basis_points: int) -> tuple[int, int]:
    """The net and the VAT that a price contains; they sum to it, the cent by largest remainder."""
    net, tax = divide_by_weights(gross, [10_000, basis_points])
    return net, tax


def number_of(issuer: str, year: int, serial: int) -> str:
    """A paper's number as people read it: whose series, its year, its place in it."""
    series = "H" if issuer == "hall" else issuer.replace("-", "")[-6:].upper()
    return f"{series}-{year}-{serial:05d}"


def whole_months(text: str) -> tuple[date, date] | None:
    """The first day of a month or year written ``2026-03`` or ``2026``, and the first day after it."""
    year, _dash, month = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4):  # noqa: PLR2004 - of digits in a year
        return None
    if not 1 <= int(year) <= 9998:  # noqa: PLR2004 - what a date can hold
        return None
    if not month:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    if not (month.isascii() and month.isdigit() and len(month) == 2 and 1 <= int(month) <= 12):  # noqa: PLR2004
        return None
    following = date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
    return date(int(year), int(month), 1), following


def fits_two_decimals(minor: int, currency: str) -> bool:
    """Whether an amount fits an e-invoice, whose sums have at most two decimals (EN 16931, BR-DEC)."""
    beyond = max(0, exponent_of(currency) - 2)
    return minor % int(10**beyond) == 0
