"""What every package answers for across the house: its invariants and what it holds on a person."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Check:
    """An invariant as a query that returns the rows that break it.

    Args:
        name: its id in the list of invariants, or ``package.what`` for others.
        formula: what must hold, in one line.
        count: how many rows it looks at.
        broken: SQL that returns one row for each that breaks it: its name first, then what is wrong.
        also: a function that yields such rows as well, for what SQL cannot recompute: a pure function of the
            house, bytes on the disk.
    """

    name: str
    formula: str
    count: str
    broken: str
    also: Callable[[], Iterable[tuple[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one package holds on a person, for take-out.

    Args:
        package: the package's name.
        what: the kind of rows: ``proposals``.
        rows: a function from a person's id to JSON-ready rows.
        kept_because: why it outlives the person's account, or empty if it may be erased.
    """

    package: str
    what: str
    rows: Callable[[UUID], Iterable[dict[str, Any]]]
    kept_because: str = ""


_checks: dict[str, Check] = {}
_holdings: dict[tuple[str, str], Holding] = {}


def register_check(
    name: str,
    *,
    formula: str,
    count: str,
    broken: str,
    also: Callable[[], Iterable[tuple[str, str]]] | None = None,
) -> Check:
    """Add an invariant; called in a package's `checks.py`."""
    assert name not in _checks, f"check {name} is registered twice"
    return _checks.setdefault(name, Check(name, formula, count, broken, also))


def register_holding(holding: Holding) -> Holding:
    """Add what a package holds on a person; called in a package's `records.py`."""
    key = holding.package, holding.what
    assert key not in _holdings, f"holding {key} is registered twice"
    return _holdings.setdefault(key, holding)


def all_checks() -> Iterator[Check]:
    """Every registered invariant, by name."""
    return iter(sorted(_checks.values(), key=lambda check: check.name))


def all_holdings() -> Iterator[Holding]:
    """Everything the packages hold on a person, by package."""
    return iter(sorted(_holdings.values(), key=lambda holding: (holding.package, holding.what)))
