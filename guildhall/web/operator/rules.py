"""The house rules from the operator's side: setting one, with its reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.models import RuleChange
from guildhall.kernel.paging import Page, page_by_key
from guildhall.kernel.rules import HouseRules, rules_in_force, set_rule, set_table
from guildhall.people.queries import people_with_ids
from guildhall.web.forms import HallForm
from guildhall.web.operator.tables import TableForm
from guildhall.web.page import attempt, operator_only, page, person_of
from guildhall.web.values import said_rows, value_with_unit


class RuleForm(HallForm):
    """A value and why."""

    value = forms.IntegerField(label=_("New value"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Everyone can read it beside the rule."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_GET
@operator_only
def rules(request: HallRequest) -> HttpResponse:
    """Every rule and what holds now."""
    in_force = rules_in_force()
    rows = [
        {
            "name": rule.name,
            "meaning": rule.meaning,
            "value": value_with_unit(value, rule.unit),
            "is_usual": value == rule.default,
        }
        for rule, value in in_force
    ]
    tables = [
        {
            "name": table.name,
            "meaning": table.meaning,
            "value": ngettext("%(count)s row", "%(count)s rows", len(written)) % {"count": len(written)},
            "is_usual": not written,
        }
        for table, written in in_force.every_table()
    ]
    return page(request, "operator/rules.html", {"rules": [*rows, *tables]})


@require_http_methods(["GET", "POST"])
@operator_only
def rule(request: HallRequest, rule_name: str) -> HttpResponseBase:
    """One rule: its range, its history, and a new value for it."""
    in_force = rules_in_force()
    known = {rule.name: (rule, value) for rule, value in in_force}
    if rule_name not in known:
        return _table(request, rule_name, in_force)
    found, value = known[rule_name]
    operator = person_of(request)
    form = RuleForm(request.POST or None, initial={"value": value})
    form.fields["value"].help_text = _("A whole number of %(unit)s, from %(low)s to %(high)s.") % {
        "unit": found.unit,
        "low": found.low,
        "high": found.high,
    }
    if request.method == "POST":
        change = attempt(
            form, lambda: set_rule(name=rule_name, by=operator.id, at=request.at, **form.cleaned_data)
        )
        if change:
            return redirect("operator:rule", rule_name=rule_name)
    changes, history = _history(request, found.name, lambda change: value_with_unit(change.value, found.unit))
    return page(
        request,
        "operator/rule.html",
        {
            "form": form,
            "rule": found,
            "value": value_with_unit(value, found.unit),
            "usual": value_with_unit(found.default, found.unit),
            "changes": changes,
            "history": history,
        },
        status=form.refusal_status,
    )


def _table(request: HallRequest, name: str, in_force: HouseRules) -> HttpResponseBase:
    """One rule that is a table: its rows, its history, and how it should be."""
    written = {table.name: (table, rows) for table, rows in in_force.every_table()}
    if name not in written:
        raise Http404
    table, rows = written[name]
    operator = person_of(request)
    form = TableForm(table, rows, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        change = attempt(
            form,
            lambda: set_table(
                name=name,
                rows=form.rows(),
                reason=form.cleaned_data["reason"],
                by=operator.id,
                at=request.at,
            ),
        )
        if change:
            return redirect("operator:rule", rule_name=name)
    changes, history = _history(
        request,
        name,
        lambda change: " · ".join(", ".join(cells) for cells in said_rows(table, change.rows or [])),
    )
    context = {
        "form": form,
        "rule": table,
        "columns": [column.says for column in table.columns],
        "rows": said_rows(table, rows),
        "changes": changes,
        "history": history,
    }
    return page(request, "operator/rule_table.html", context, status=form.refusal_status)


def _history(
    request: HallRequest, name: str, said: Callable[[RuleChange], str]
) -> tuple[Page[RuleChange], list[dict[str, Any]]]:
    """How a rule came about, the last change first."""
    changes = page_by_key(
        RuleChange.objects.filter(name=name), by=["-id"], after=request.GET.get("after", "")
    )
    names = people_with_ids(change.by for change in changes.rows if change.by)
    return changes, [
        {
            "value": said(change),
            "at": change.at,
            "who": names[change.by].name if change.by in names else "",
            "reason": change.reason,
        }
        for change in changes.rows
    ]
