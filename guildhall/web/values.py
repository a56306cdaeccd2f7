"""How a number with a unit is written for people."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildhall.escrow.fees import Fees
from guildhall.kernel.money import Money
from guildhall.kernel.rules import Column, Row, Table

_MONEY = "minor units of "


def percent(basis_points: int) -> str:
    """A share in hundredths of a percent: 500 → ``5 %``, 125 → ``1.25 %``."""
    whole, rest = divmod(basis_points, 100)
    digits = f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"{digits}\u00a0%"


def worker_fee_of(fees: Fees, currency: str) -> str:
    """The worker's fee as a person says it: ``5 %``, or with its steps ``10 %, 5 % over 500.00 USD``."""
    said = percent(fees.worker_bp)
    for over, share in fees.steps:
        said = _("%(shares)s, %(share)s over %(sum)s") % {
            "shares": said,
            "share": percent(share),
            "sum": Money(over, currency),
        }
    return said


def levied_lines(levied: Iterable[tuple[str, int, Money]]) -> list[tuple[str, Money]]:
    """Levies as lines of a table of sums: what each takes, less than zero."""
    return [
        (_("%(name)s, %(share)s") % {"name": name, "share": percent(share)}, -taken)
        for name, share, taken in levied
    ]


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


def said_rows(table: Table, rows: Sequence[Row]) -> list[list[str]]:
    """The rows of a table as people read them."""
    return [[_said(column, row) for column in table.columns] for row in rows]


def _said(column: Column, row: Row) -> str:
    value = row[column.name]
    if column.kind == "basis points":
        return percent(value)
    if column.kind == "minor":
        return str(Money(value, row[column.of]))
    return str(value) or "–"


def table_in_a_line(table: Table, rows: Sequence[Row]) -> str:
    """A whole table in one line, for a history."""
    return " · ".join(", ".join(cells) for cells in said_rows(table, rows)) or "–"
