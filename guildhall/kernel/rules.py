"""House rules: every number and every table that an operator may set, with its name, range and history."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import RuleChange


@dataclass(frozen=True, slots=True)
class Rule:
    """A number that the operator may set.

    Args:
        name: its stable name: ``worker_fee``.
        unit: ``basis points``, ``days``, ``minor units of USD`` …
        default: what holds until someone sets it.
        low, high: the range, both included.
        meaning: one sentence that says what it does, lazily translated.
    """

    name: str
    unit: str
    default: int
    low: int
    high: int
    meaning: str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a rule that is a table.

    Args:
        name: its stable name: ``over``.
        kind: what stands in it: a share in ``basis points``, ``minor`` units of the row's currency, a
            ``currency`` or a ``country`` by its capitals, a ``word`` of small letters, digits, colons and
            hyphens, or a ``name`` that people read.
        says: what people call it, lazily translated.
        low, high: the range of a number, both included.
        may_be_empty: whether nothing may stand there; of a word or a code that means *any*.
        of: the column that says in which currency a sum is.
    """

    name: str
    kind: Literal["basis points", "minor", "currency", "country", "word", "name"]
    says: str | Promise
    low: int = 0
    high: int = 10_000
    may_be_empty: bool = False
    of: str = "currency"

    @property
    def is_number(self) -> bool:
        """Whether a whole number stands in it."""
        return self.kind in {"basis points", "minor"}


type Row = Mapping[str, Any]
"""One row of a table: a whole number or a text for each column."""


def _anything_goes(rows: Sequence[Row]) -> None:
    """The rows need not fit each other."""


@dataclass(frozen=True, slots=True)
class Table:
    """A rule that is a table: rows that the operator writes. Nobody has written any: it has none.

    Args:
        name: its stable name: ``levies``.
        columns: what a row says.
        unique: the columns that together name a row; no two rows have the same.
        meaning: what it does, lazily translated.
        fit: raises Unfit when rows that are right each for itself do not fit each other.
    """

    name: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    meaning: str | Promise
    fit: Callable[[Sequence[Row]], None] = field(default=_anything_goes, compare=False)


_rules: dict[str, Rule] = {}
_tables: dict[str, Table] = {}
_MOST_ROWS: Final = 200
_ONE_AT_A_TIME = 0x72756C6573  # "rules": the advisory lock under which one change follows another


def house_rule(name: str, *, unit: str, default: int, low: int, high: int, meaning: str | Promise) -> Rule:
    """Declare a rule, once, in the `rules.py` of the package that decides by it."""
    assert low <= default <= high
    assert name not in _rules, f"rule {name} is declared twice"
    return _rules.setdefault(name, Rule(name, unit, default, low, high, meaning))


def house_table(
    name: str,
    *,
    columns: Sequence[Column],
    unique: Sequence[str],
    meaning: str | Promise,
    fit: Callable[[Sequence[Row]], None] = _anything_goes,
) -> Table:
    """Declare a rule that is a table, once, in the `rules.py` of the package that decides by it."""
    assert name not in _rules, f"rule {name} is declared twice"
    assert name not in _tables, f"rule {name} is declared twice"
    assert {*unique} <= {column.name for column in columns}
    return _tables.setdefault(name, Table(name, tuple(columns), tuple(unique), meaning, fit))


@dataclass(frozen=True, slots=True)
class HouseRules:
    """All rules as they stood at one version. A contract keeps the version it was signed under."""

    version: int
    values: dict[str, int]
    tables: dict[str, tuple[Row, ...]] = field(default_factory=dict)

    def rows_of(self, table: Table) -> tuple[Row, ...]:
        """The rows of a rule that is a table."""
        return self.tables.get(table.name, ())

    def every_table(self) -> Iterator[tuple[Table, tuple[Row, ...]]]:
        """Each rule that is a table, with its rows."""
        return ((_tables[name], self.rows_of(_tables[name])) for name in sorted(_tables))

    def __getitem__(self, rule: Rule) -> int:
        return self.values.get(rule.name, rule.default)

    def __iter__(self) -> Iterator[tuple[Rule, int]]:
        return ((rule, self[rule]) for rule in sorted(_rules.values(), key=lambda rule: rule.name))


def rules_in_force(*, version: int | None = None) -> HouseRules:
    """The rules that hold now, or that held at a version (the serial of the last change in it)."""
    changes = RuleChange.objects.all() if version is None else RuleChange.objects.filter(id__lte=version)
    last = list(changes.order_by("name", "-id").distinct("name"))
    return HouseRules(
        version=max((change.id for change in last), default=0),
        values={change.name: change.value for change in last if change.rows is None},
        tables={change.name: tuple(change.rows) for change in last if change.rows is not None},
    )


@transaction.atomic
def set_rule(*, name: str, value: Any, reason: str, by: UUID | None, at: datetime) -> RuleChange:
    """Set a rule from now on; contracts keep what they were signed under.

    Raises:
        Unfit: no such rule, a value outside its range, or no reason given.
    """
    rule = _rules.get(name)
    if rule is None:
        raise Unfit(_("There is no house rule of that name."), field="name")
    if type(value) is not int or not rule.low <= value <= rule.high:
        raise Unfit(
            _("%(name)s must be a whole number from %(low)s to %(high)s (%(unit)s).")
            % {"name": rule.name, "low": rule.low, "high": rule.high, "unit": rule.unit},
            field="value",
            rule=rule.name,
        )
    change = _write(name, value, None, reason, by=by, at=at)
    record_event("rule.changed", subject=new_id(), by=by, at=at, rule=name, value=value, reason=change.reason)
    return change


@transaction.atomic
def set_table(
    *, name: str, rows: Sequence[Mapping[str, Any]], reason: str, by: UUID | None, at: datetime
) -> RuleChange:
    """Write a rule that is a table anew, all its rows; contracts keep what they were signed under.

    Raises:
        Unfit: no such table, a cell that does not fit its column, two rows with one name, or no reason. Its
            field is ``<column>-<row>``, rows counted from 0, where it is about a cell.
    """
    table = _tables.get(name)
    if table is None:
        raise Unfit(_("There is no house rule of that name."), field="name")
    if len(rows) > _MOST_ROWS:
        raise Unfit(_("A table has at most %(most)s rows.") % {"most": _MOST_ROWS}, field="rows", rule=name)
    kept = [_read_row(table, row, place) for place, row in enumerate(rows)]
    _refuse_twins(table, kept)
    table.fit(kept)
    change = _write(name, len(kept), kept, reason, by=by, at=at)
    record_event("rule.changed", subject=new_id(), by=by, at=at, rule=name, rows=kept, reason=change.reason)
    return change


def _write(
    name: str, value: int, rows: list[dict[str, Any]] | None, reason: str, *, by: UUID | None, at: datetime
) -> RuleChange:
    if not reason.strip():
        raise Unfit(_("Say why the rule changes: everyone can read it."), field="reason", rule=name)
    with connection.cursor() as cursor:
        # Serials are given in the order of commits: a version never gains rows.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    return RuleChange.objects.create(name=name, value=value, rows=rows, by=by, at=at, reason=reason.strip())


_SHAPES: Final = {
    "currency": re.compile("[A-Z]{3}", re.ASCII),
    "country": re.compile("[A-Z]{2}", re.ASCII),
    "word": re.compile("[a-z0-9][a-z0-9:_-]{0,39}", re.ASCII),
    "name": re.compile(r"[^\W_](?:[^\x00-\x1f\x7f]{0,38}[^\x00-\x20\x7f])?"),
}


def _read_row(table: Table, row: Mapping[str, Any], place: int) -> dict[str, Any]:
    if set(row) != {column.name for column in table.columns}:
        named = ", ".join(column.name for column in table.columns)
        raise Unfit(_("A row has exactly these columns: %(names)s.") % {"names": named}, field="rows")
    for column in table.columns:
        cell = row[column.name]
        if column.is_number:
            fits = type(cell) is int and column.low <= cell <= column.high
        else:
            fits = type(cell) is str and bool(
                _SHAPES[column.kind].fullmatch(cell) if cell else column.may_be_empty
            )
        if not fits:
            raise Unfit(
                _sentence_on(column) % {"column": column.says, "low": column.low, "high": column.high},
                field=f"{column.name}-{place}",
                rule=table.name,
            )
    return {column.name: row[column.name] for column in table.columns}


def _sentence_on(column: Column) -> str:
    return {
        "basis points": _("%(column)s must be a whole number of basis points from %(low)s to %(high)s."),
        "minor": _("%(column)s must be a whole number of minor units from %(low)s to %(high)s."),
        "currency": _("%(column)s must be three capital letters, such as USD."),
        "country": _("%(column)s must be two capital letters, such as PK."),
        "word": _("%(column)s must be small letters, digits, colons and hyphens, at most 40."),
        "name": _("%(column)s must be a name of at most 40 characters."),
    }[column.kind]


def _refuse_twins(table: Table, rows: Sequence[Row]) -> None:
    seen = set()
    for place, row in enumerate(rows):
        named = tuple(row[name] for name in table.unique)
        if named in seen:
            raise Unfit(
                _("Row %(row)s says again what an earlier one says.") % {"row": place + 1},
                field=f"{table.unique[0]}-{place}",
                rule=table.name,
            )
        seen.add(named)
