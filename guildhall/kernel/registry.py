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
        broken: SQL that returns one row for each that breaks it: its name first, then what is wrong, and for
            a promise about money an array of the accounts concerned: ``{"wallet:person:… USD"}``.
        shares: named queries that several checks read: they are computed once for all of these.
        shares_since: the same from where the past was closed on: in old books as quick as in new ones.
        also: a function that yields such rows as well, for what SQL cannot recompute: a pure function of the
            house, bytes on the disk.
    """

    name: str
    formula: str
    count: str
    broken: str
    also: Callable[[], Iterable[tuple[str, str]]] | None = None
    shares: str = ""
    shares_since: str = ""

    @property
    def alone(self) -> str:
        """The query with what it shares, for one who asks for this check only."""
        return f"WITH {self.shares} {self.broken}" if self.shares else self.broken

    @property
    def alone_since(self) -> str:
        """The same from where the past was closed on."""
        return f"WITH {self.shares_since} {self.broken}"


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
    shares: str = "",
    shares_since: str = "",
) -> Check:
    """Add an invariant; called in a package's `checks.py`."""
    assert name not in _checks, f"check {name} is registered twice"
    return _checks.setdefault(name, Check(name, formula, count, broken, also, shares, shares_since))


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
