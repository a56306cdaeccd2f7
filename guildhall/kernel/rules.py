"""House rules: every number that an operator may set, with its name, unit, range and history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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


_rules: dict[str, Rule] = {}
_ONE_AT_A_TIME = 0x72756C6573  # "rules": the advisory lock under which one change follows another


def house_rule(name: str, *, unit: str, default: int, low: int, high: int, meaning: str | Promise) -> Rule:
    """Declare a rule, once, in the `rules.py` of the package that decides by it."""
    assert low <= default <= high
    assert name not in _rules, f"rule {name} is declared twice"
    return _rules.setdefault(name, Rule(name, unit, default, low, high, meaning))


@dataclass(frozen=True, slots=True)
class HouseRules:
    """All rules as they stood at one version. A contract keeps the version it was signed under."""

    version: int
    values: dict[str, int]

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
        values={change.name: change.value for change in last},
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
    if not reason.strip():
        raise Unfit(_("Say why the rule changes: everyone can read it."), field="reason", rule=rule.name)
    with (
        connection.cursor() as cursor
    ):  # serials are given in the order of commits: a version never gains rows
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    change = RuleChange.objects.create(name=name, value=value, by=by, at=at, reason=reason.strip())
    record_event("rule.changed", subject=new_id(), by=by, at=at, rule=name, value=value, reason=change.reason)
    return change
