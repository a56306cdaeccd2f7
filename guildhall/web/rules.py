"""The house rules as everyone can read them: today, at any version, and how they came about."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.models import RuleChange
from guildhall.kernel.paging import page_by_key
from guildhall.kernel.rules import Rule, Table, rules_in_force
from guildhall.screening.rules import PUBLISHED
from guildhall.web.page import page
from guildhall.web.values import said_rows, table_in_a_line, value_with_unit

_LARGEST_ID = 2**63 - 1
_LONGEST_ID = 19  # digits


@require_safe
def show_rules(request: HallRequest) -> HttpResponse:
    """Every rule with its value, unit, range and reason; the changes below, newest first."""
    version = _version(request.GET.get("version", ""))
    rules = rules_in_force(version=version)
    if version is not None and rules.version != version:
        raise NotFound
    known = {rule.name: rule for rule, _value in rules}
    known_tables = {table.name: table for table, _rows in rules.every_table()}
    changes = page_by_key(RuleChange.objects.all(), by=("-id",), after=request.GET.get("after", ""))
    return page(
        request,
        "rules.html",
        {
            "rules": [_shown(rule, value) for rule, value in rules],
            "tables": [
                {
                    "name": table.name,
                    "meaning": table.meaning,
                    "columns": [column.says for column in table.columns],
                    "rows": said_rows(table, rows),
                }
                for table, rows in rules.every_table()
            ],
            "words": PUBLISHED,
            "version": rules.version,
            "is_past": version is not None,
            "changes": changes,
            "history": [
                _change(change, known.get(change.name), known_tables.get(change.name))
                for change in changes.rows
            ],
        },
    )


def _version(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID) or int(text) > _LARGEST_ID:
        raise Unfit(_("A version of the rules is a whole number."), field="version")
    return int(text)


def _shown(rule: Rule, value: int) -> dict[str, object]:
    return {
        "name": rule.name,
        "meaning": rule.meaning,
        "value": value_with_unit(value, rule.unit),
        "low": value_with_unit(rule.low, rule.unit),
        "high": value_with_unit(rule.high, rule.unit),
        "usual": value_with_unit(rule.default, rule.unit),
    }


def _change(change: RuleChange, rule: Rule | None, table: Table | None) -> dict[str, object]:
    became: object = value_with_unit(change.value, rule.unit) if rule else change.value
    if table:
        became = table_in_a_line(table, change.rows or [])
    return {
        "version": change.pk,
        "name": change.name,
        "value": became,
        "at": change.at,
        "reason": change.reason,
    }
