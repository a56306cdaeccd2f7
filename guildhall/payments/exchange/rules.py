"""What the hall gives for what: the table of rates, and the arithmetic of a quote. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.kernel.rules import Column, HouseRules, Row, house_rule, house_table

_WHOLE: Final = 10_000  # basis points
_LARGEST_SIDE: Final = 10**12  # of a rate, in minor units

QUOTE_HOLDS = house_rule(
    "exchange_quote_holds",
    unit="minutes",
    default=5,
    low=1,
    high=60,
    meaning=gettext_lazy("How long a quote for an exchange of currencies can be accepted."),
)


def _refuse_wrong_rates(rows: Sequence[Row]) -> None:
    """A pair has two currencies, and no way around through the table brings back more than it took."""
    for place, row in enumerate(rows):
        if row["currency"] == row["to"]:
            raise Unfit(
                _("Money is exchanged for money of another currency."),
                field=f"to-{place}",
                rule="exchange_rates",
            )
    if gains_by_going_around(rows):
        raise Unfit(
            _(
                "By these rates somebody could exchange there and back and have more than before. Raise a "
                "spread, or give less."
            ),
            field="rows",
            rule="exchange_rates",
        )


EXCHANGE_RATES = house_table(
    "exchange_rates",
    columns=[
        Column("currency", "currency", gettext_lazy("From")),
        Column("to", "currency", gettext_lazy("To")),
        Column("per", "minor", gettext_lazy("For so much"), low=1, high=_LARGEST_SIDE),
        Column("gives", "minor", gettext_lazy("the hall gives"), low=1, high=_LARGEST_SIDE, of="to"),
        Column("spread", "basis points", gettext_lazy("less a spread of"), high=_WHOLE - 1),
        Column("most", "minor", gettext_lazy("Most per person and day"), low=1, high=LARGEST_MINOR),
    ],
    unique=["currency", "to"],
    meaning=gettext_lazy(
        "What the hall gives of one currency for another. A pair that has no row is not exchanged here."
    ),
    fit=_refuse_wrong_rates,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """What the hall gives for money of one currency in money of another.

    Args:
        source, target: the currencies, ISO 4217.
        per: for so many minor units of the source
        gives: the hall gives so many of the target,
        spread: less so many basis points.
        most: minor units of the source that one person may exchange on a day.
    """

    source: str
    target: str
    per: int
    gives: int
    spread: int
    most: int

    def reached_by(self, minor: int) -> int:
        """Minor units of the target for so many of the source, rounded down.

        What the division leaves is less than one minor unit; it stays in the hall's position.
        """
        return minor * self.gives * (_WHOLE - self.spread) // (self.per * _WHOLE)

    @property
    def factor(self) -> Fraction:
        """Minor units of the target for one of the source, the spread taken off."""
        return Fraction(self.gives * (_WHOLE - self.spread), self.per * _WHOLE)

    @property
    def money_per(self) -> Money:
        """The source's side of the rate."""
        return Money(self.per, self.source)

    @property
    def money_given(self) -> Money:
        """The target's side of the rate, before the spread."""
        return Money(self.gives, self.target)


def _read(row: Row) -> Rate:
    return Rate(row["currency"], row["to"], row["per"], row["gives"], row["spread"], row["most"])


def rates_under(rules: HouseRules) -> list[Rate]:
    """Every pair that is exchanged here."""
    return [_read(row) for row in rules.rows_of(EXCHANGE_RATES)]


def rate_between(rules: HouseRules, source: str, target: str) -> Rate | None:
    """The rate of one pair; None if it is not exchanged here."""
    return next((rate for rate in rates_under(rules) if (rate.source, rate.target) == (source, target)), None)


def gains_by_going_around(rows: Sequence[Row]) -> bool:
    """Whether some way through the table that ends where it began brings back more than it took.

    The best that one minor unit of anything can become is found by following every row as often as there are
    currencies; whatever still grows after that goes around. Fractions, so that it is exact.
    """
    rates = [_read(row) for row in rows]
    best = {code: Fraction(1) for rate in rates for code in (rate.source, rate.target)}
    for _turn in range(len(best)):
        grown = False
        for rate in rates:
            reached = best[rate.source] * rate.factor
            if reached > best[rate.target]:
                best[rate.target], grown = reached, True
        if not grown:
            return False
    return bool(best)
