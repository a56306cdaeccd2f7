"""Decisions on plain values that briefs and offers share: floors, bands, reasons, days and lengths."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import LARGEST_MINOR, Money, exponent_of
from guildhall.kernel.rules import Column, HouseRules, house_rule, house_table
from guildhall.payments.rules import CURRENCIES as PAID_IN

MINIMUM_FIXED = house_rule(
    "minimum_fixed",
    unit="minor units of USD",
    default=500,
    low=0,
    high=100_000,
    meaning=gettext_lazy(
        "The least that a fixed-price job or a proposal for one may cost. In another currency the floor is "
        "this sum by the hall’s published table of round rates."
    ),
)

# Thousandths of one unit of each currency that count as one US dollar for floors, and for floors alone: round
# on purpose, so that a floor does not move with the market. Nothing is ever exchanged by this table.
_PER_DOLLAR: Final = {
    "USD": 1_000, "EUR": 900, "GBP": 800, "CHF": 900, "CAD": 1_400, "AUD": 1_500, "NZD": 1_700, "SGD": 1_300,
    "AED": 3_700, "BDT": 120_000, "BRL": 5_500, "CLP": 950_000, "COP": 4_000_000, "CZK": 23_000,
    "DKK": 7_000, "EGP": 50_000, "GHS": 12_000, "HUF": 360_000, "IDR": 16_000_000, "INR": 85_000,
    "JOD": 700, "JPY": 150_000, "KES": 130_000, "KRW": 1_400_000, "KWD": 300, "LKR": 300_000, "MAD": 10_000,
    "MXN": 20_000, "MYR": 4_500, "NGN": 1_500_000, "NOK": 11_000, "NPR": 135_000, "PEN": 3_700,
    "PHP": 57_000, "PKR": 280_000, "PLN": 4_000, "RON": 4_500, "SAR": 3_750, "SEK": 10_500, "THB": 35_000,
    "TND": 3_000, "TRY": 40_000, "TZS": 2_600_000, "UAH": 41_000, "UGX": 3_700_000, "VND": 25_000_000,
    "XAF": 600_000, "XOF": 600_000, "ZAR": 18_000,
}  # fmt: skip

CURRENCIES: Final = tuple(code for code in PAID_IN if code in _PER_DOLLAR)
"""What a job can be posted in: what money can be paid in, since else nobody could ever be chosen."""

MOST_TRIES: Final = 3
"""How often somebody may propose to one job, counting what they took back."""

LONGEST_NOTE: Final = 1_000
_FURTHEST: Final = timedelta(days=5 * 366)

_BANDS: Final = ((50, "50+"), (20, "20–49"), (10, "10–19"), (5, "5–9"), (0, "0–4"))

DECLINE_REASONS: Final = {
    "price": gettext_lazy("The price is above what I can pay"),
    "timing": gettext_lazy("The dates do not suit"),
    "skills": gettext_lazy("I look for other skills or experience"),
    "unclear": gettext_lazy("The proposal does not answer the brief"),
    "other_chosen": gettext_lazy("I chose somebody else"),
    "changed_plans": gettext_lazy("My plans have changed"),
    "other": gettext_lazy("Another reason, in the note"),
}
"""What a client may give as the reason for declining."""

HALL_REASONS: Final = {
    "filled": gettext_lazy("The job was given to somebody else"),
    "closed": gettext_lazy("The client closed the job"),
    "expired": gettext_lazy("The job’s date passed before anybody was chosen"),
}
"""The reasons that the hall gives when a job ends with proposals still open."""


class BelowFloor(Unfit):
    """A price below the floor of the house rules."""

    code = "below_floor"


FLOORS_BY_CURRENCY = house_table(
    "minimum_fixed_by_currency",
    columns=[
        Column("currency", "currency", gettext_lazy("Currency")),
        Column("least", "minor", gettext_lazy("The least"), low=0, high=LARGEST_MINOR),
    ],
    unique=["currency"],
    meaning=gettext_lazy(
        "The least that a fixed price may be in a currency, instead of what follows from the sum in USD."
    ),
)


def least_price(currency: str, rules: HouseRules) -> Money:
    """The floor in a currency: the one of its own, else that in US cents, rounded up to its minor unit."""
    own = next((row for row in rules.rows_of(FLOORS_BY_CURRENCY) if row["currency"] == currency), None)
    if own:
        return Money(own["least"], currency)
    scaled = rules[MINIMUM_FIXED] * _PER_DOLLAR[currency] * 10 ** exponent_of(currency)
    return Money(-(-scaled // 100_000), currency)


def refuse_below_floor(money: Money, rules: HouseRules, *, field: str) -> None:
    """Refuse a price below the floor, naming the rule.

    Raises:
        BelowFloor: it is.
    """
    floor = least_price(money.currency, rules)
    if money < floor:
        raise BelowFloor(
            _("%(money)s is below the least that a fixed price may be here: %(floor)s (house rule %(rule)s).")
            % {"money": money, "floor": floor, "rule": MINIMUM_FIXED.name},
            field=field,
            rule=MINIMUM_FIXED.name,
        )


def bands() -> Iterator[tuple[int, str]]:
    """The least number of people who proposed of each band, and its name, highest first.

    The question behind a job makes the band of it: nobody but the client learns more.
    """
    return iter(_BANDS)


def tidy_line(text: str) -> str:
    """One line as it is kept: no control or direction-override characters, single spaces."""
    return " ".join(tidy_text(text).split())


def tidy_text(text: str) -> str:
    """Text as it is kept: valid Unicode, plain line ends, none of the characters that hide or turn others."""
    whole = text.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", re.sub("[\u202d\u202e]", "", kept)).strip()


def refuse_bad_day(day: date, *, at: datetime, field: str) -> None:
    """Refuse a day that has passed (a day ends at midnight UTC) or that lies more than five years ahead.

    Raises:
        Unfit: it does.
    """
    if day < at.date():
        raise Unfit(_("That day has passed: choose today or a later one."), field=field)
    if day > at.date() + _FURTHEST:
        raise Unfit(_("That day is more than five years ahead."), field=field)


def refuse_longer(text: str, most: int, *, field: str) -> None:
    """Refuse text that is too long, saying by how much.

    Raises:
        Unfit: it is.
    """
    if len(text) > most:
        over = len(text) - most
        raise Unfit(
            ngettext(
                "This is %(over)d character too long (at most %(most)d).",
                "This is %(over)d characters too long (at most %(most)d).",
                over,
            )
            % {"over": over, "most": most},
            field=field,
        )


def refuse_more(count: int, most: int, *, field: str) -> None:
    """Refuse a list that is too long.

    Raises:
        Unfit: it is.
    """
    if count > most:
        raise Unfit(
            _("That is %(count)d; at most %(most)d fit.") % {"count": count, "most": most}, field=field
        )
