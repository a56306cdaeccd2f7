"""Savings: goals with how far they are, and what their owner does with them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.escrow.savings.goals import end_goal, put_into_savings, set_goal, take_savings
from guildhall.escrow.savings.models import SavingsGoal
from guildhall.escrow.savings.queries import goals_of, savings_in
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.ledger.queries import balance_of
from guildhall.payments.rules import CURRENCIES
from guildhall.web.fields import DayField
from guildhall.web.forms import HallForm, MoneyField
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.values import percent

_WHOLE = 100


class GoalForm(HallForm):
    """What for, how much, until when, and what share of each payment."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=60,
        help_text=gettext_lazy("In your own words, such as: the fee of the next semester. Only you see it."),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("In which currency?"), choices=[(code, code) for code in CURRENCIES]
    )
    target = MoneyField(label=gettext_lazy("How much do you need?"))
    share = forms.DecimalField(
        label=gettext_lazy("What share of each payment?"),
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("In percent, such as 20."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    by_day = DayField(label=gettext_lazy("By which day?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted, field = self["currency"].value(), self.fields["target"]
        assert isinstance(field, MoneyField)
        if wanted in CURRENCIES:
            field.currency = wanted


class SumForm(HallForm):
    """A sum in the currency of a goal."""

    amount = MoneyField(label=gettext_lazy("How much?"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        assert isinstance(field, MoneyField)
        field.currency = currency


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def savings(request: HallRequest) -> HttpResponse:
    """All goals, and setting another."""
    person = person_of(request)
    asked = request.GET.get("currency", "")
    form = GoalForm(request.POST or None, initial={"currency": asked if asked in CURRENCIES else "USD"})
    if request.method == "POST":
        goal = attempt(
            form,
            lambda: set_goal(
                name=form.cleaned_data["name"],
                target=form.cleaned_data["target"],
                share=_basis_points(form.cleaned_data["share"]),
                by_day=form.cleaned_data["by_day"],
                by=person,
                at=request.at,
            ),
        )
        if goal is not None:
            return redirect("money:goal", goal_id=goal.pk)
    found = page_by_key(goals_of(person), by=("-id",), after=request.GET.get("after", ""))
    rows = [_shown(goal) for goal in found.rows]
    context = {"form": form, "found": found, "rows": rows}
    return page(request, "money/savings.html", context, status=form.refusal_status)


@require_http_methods(["GET", "HEAD"])
@signed_in
def goal(request: HallRequest, goal_id: UUID) -> HttpResponse:
    """One goal: how far it is and what was kept; with ``amount`` asks whether to take that out."""
    found = _own(request, goal_id)
    form = SumForm(request.GET if "amount" in request.GET else None, currency=found.currency)
    wanted = None
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data["amount"]
        if not Money(0, found.currency) < wanted <= found.money_saved:
            form.add_error("amount", _("Only %(saved)s is kept here.") % {"saved": found.money_saved})
            wanted = None
    status = 422 if form.is_bound and wanted is None else 200
    return _goal_page(request, found, {"take": form, "wanted": wanted}, status)


@require_POST
@signed_in
def goal_taking(request: HallRequest, goal_id: UUID) -> HttpResponseBase:
    """Take a sum out."""
    found = _own(request, goal_id)
    form = SumForm(request.POST, currency=found.currency)
    return _after(
        request, found, form, "take",
        lambda: take_savings(
            goal=found, amount=form.cleaned_data["amount"], by=person_of(request), at=request.at
        ),
    )  # fmt: skip


@require_POST
@signed_in
def goal_addition(request: HallRequest, goal_id: UUID) -> HttpResponseBase:
    """Put a sum in."""
    found = _own(request, goal_id)
    form = SumForm(request.POST, currency=found.currency)
    return _after(
        request, found, form, "put",
        lambda: put_into_savings(
            goal=found, amount=form.cleaned_data["amount"], by=person_of(request), at=request.at
        ),
    )  # fmt: skip


@require_POST
@signed_in
def goal_ending(request: HallRequest, goal_id: UUID) -> HttpResponseBase:
    """Keep nothing more, and put everything into the wallet."""
    found = _own(request, goal_id)
    form = HallForm(request.POST)
    return _after(
        request, found, form, "end", lambda: end_goal(goal=found, by=person_of(request), at=request.at)
    )


def _after(
    request: HallRequest, found: SavingsGoal, form: HallForm, name: str, verb: Callable[[], SavingsGoal]
) -> HttpResponseBase:
    if attempt(form, verb) is not None:
        return redirect("money:goal", goal_id=found.pk)
    found.refresh_from_db()
    return _goal_page(request, found, {name: form}, form.refusal_status)


def _goal_page(
    request: HallRequest, found: SavingsGoal, forms_asked: dict[str, Any], status: int
) -> HttpResponse:
    kept = page_by_key(savings_in(found), by=("-id",), after=request.GET.get("after", ""))
    free = balance_of(f"wallet:{person_of(request).party}", found.currency)
    context = {
        "goal": found,
        "shown": _shown(found),
        "free": free,
        "found": kept,
        "lines": [
            {"at": one.at, "change": one.money, "word": _word(one.amount, shared=one.release_id is not None)}
            for one in kept.rows
        ],
        "take": SumForm(None, currency=found.currency),
        "put": SumForm(None, currency=found.currency, prefix=None),
        "end": None,
        "wanted": None,
        **forms_asked,
    }
    return page(request, "money/goal.html", context, status=status)


def _own(request: HallRequest, goal_id: UUID) -> SavingsGoal:
    found: SavingsGoal = get_object_or_404(goals_of(person_of(request)), pk=goal_id)
    return found


def _basis_points(typed: Decimal) -> int:
    return int(typed * _WHOLE)


def _word(amount: int, *, shared: bool) -> str:
    if amount < 0:
        return _("Taken out")
    return _("Share of a payment") if shared else _("Put in by you")


def _shown(goal: SavingsGoal) -> dict[str, Any]:
    words = {
        "open": (_("Saving"), "wait"),
        "reached": (_("Reached"), "good"),
        "ended": (_("Ended"), "plain"),
    }
    word, tone = words[goal.state]
    return {
        "goal": goal,
        "word": word,
        "tone": tone,
        "share": percent(goal.share),
        "done": goal.saved * _WHOLE // goal.target,
    }
