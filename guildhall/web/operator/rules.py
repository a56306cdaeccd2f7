"""The house rules from the operator's side: setting one, with its reason."""

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.models import RuleChange
from guildhall.kernel.paging import page_by_key
from guildhall.kernel.rules import rules_in_force, set_rule
from guildhall.people.queries import people_with_ids
from guildhall.web.forms import HallForm
from guildhall.web.page import attempt, operator_only, page, person_of
from guildhall.web.values import value_with_unit


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
    rows = [
        {
            "name": rule.name,
            "meaning": rule.meaning,
            "value": value_with_unit(value, rule.unit),
            "is_usual": value == rule.default,
        }
        for rule, value in rules_in_force()
    ]
    return page(request, "operator/rules.html", {"rules": rows})


@require_http_methods(["GET", "POST"])
@operator_only
def rule(request: HallRequest, rule_name: str) -> HttpResponseBase:
    """One rule: its range, its history, and a new value for it."""
    known = {rule.name: (rule, value) for rule, value in rules_in_force()}
    if rule_name not in known:
        raise Http404
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
    changes = page_by_key(
        RuleChange.objects.filter(name=rule_name), by=["-id"], after=request.GET.get("after", "")
    )
    names = people_with_ids(change.by for change in changes.rows if change.by)
    history = [
        {
            "value": value_with_unit(change.value, found.unit),
            "at": change.at,
            "who": names[change.by].name if change.by in names else "",
            "reason": change.reason,
        }
        for change in changes.rows
    ]
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
