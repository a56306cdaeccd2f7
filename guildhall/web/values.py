"""How a number with a unit is written for people."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildhall.kernel.money import Money

_MONEY = "minor units of "


def percent(basis_points: int) -> str:
    """A share in hundredths of a percent: 500 → ``5 %``, 125 → ``1.25 %``."""
    whole, rest = divmod(basis_points, 100)
    digits = f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"{digits}\u00a0%"


def value_with_unit(value: int, unit: str) -> str:
    """The value of a house rule as a person says it."""
    if unit == "basis points":
        return percent(value)
    if unit == "days":
        return ngettext("%(count)s day", "%(count)s days", value) % {"count": value}
    if unit == "hours":
        return ngettext("%(count)s hour", "%(count)s hours", value) % {"count": value}
    if unit.startswith(_MONEY):
        return str(Money(value, unit.removeprefix(_MONEY)))
    return _("%(value)s %(unit)s") % {"value": f"{value:,}".replace(",", "\u202f"), "unit": unit}
