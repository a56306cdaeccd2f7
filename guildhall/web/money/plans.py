"""Being paid without asking: when, from what sum, and what became of the days that have come."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import end_payout_plan, plan_payouts
from guildhall.payments.models import PayoutPlan, Rhythm
from guildhall.payments.queries import available_to, payout_plans_of, payout_turns_of
from guildhall.web.forms import unchanging
from guildhall.web.money.forms import AmountForm
from guildhall.web.page import attempt, page, person_of, signed_in

_WEEKDAYS: tuple[Promise, ...] = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


class PlanForm(AmountForm):
    """When, and from what sum."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=unchanging(
            (Rhythm.WEEKLY, gettext_lazy("every week")),
            (Rhythm.FORTNIGHTLY, gettext_lazy("every second week")),
            (Rhythm.MONTHLY, gettext_lazy("every month")),
        ),
        widget=forms.RadioSelect,
        initial=Rhythm.WEEKLY,
    )
    weekday = forms.ChoiceField(
        label=gettext_lazy("By the week: on which day?"),
        choices=[(str(number), name) for number, name in enumerate(_WEEKDAYS, start=1)],
        initial="5",
        required=False,
    )
    day = forms.IntegerField(
        label=gettext_lazy("By the month: on which day?"),
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": 31}),
        help_text=gettext_lazy("In a month that has no such day, on its last."),
    )
    field_order = ("currency", "rhythm", "weekday", "day", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("From what sum on?")
        self.fields["amount"].help_text = _("Less than this waits for the next day.")

    @property
    def number(self) -> int:
        """The day, of the week or of the month as was chosen."""
        said = self.cleaned_data
        if said["rhythm"] == Rhythm.MONTHLY:
            return int(said["day"] or 0)
        return int(said["weekday"] or 0)


def plan_in_words(plan: PayoutPlan) -> str:
    """When a plan pays, as a sentence."""
    if plan.rhythm == Rhythm.MONTHLY:
        return _("every month on day %(day)s, from %(least)s on") % {
            "day": plan.day,
            "least": plan.money_least,
        }
    facts = {"day": _WEEKDAYS[plan.day - 1], "least": plan.money_least}
    if plan.rhythm == Rhythm.FORTNIGHTLY:
        return _("every second week on %(day)s, from %(least)s on") % facts
    return _("every week on %(day)s, from %(least)s on") % facts


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plans(request: HallRequest) -> HttpResponse:
    """The plans in force and their days; on POST another one."""
    person = person_of(request)
    usual = max(available_to(person), key=lambda money: money.minor, default=None)
    form = PlanForm(request.POST or None, initial={"currency": usual.currency if usual else "USD"})
    if request.method == "POST":
        done = attempt(
            form,
            lambda: plan_payouts(
                by=person,
                rhythm=form.cleaned_data["rhythm"],
                day=form.number,
                least=form.cleaned_data["amount"],
                at=request.at,
            ),
        )
        if done is not None:
            return redirect("money:plans")
    found = page_by_key(payout_turns_of(person), by=("-id",), after=request.GET.get("after", ""))
    context = {
        "form": form,
        "plans": [(plan, plan_in_words(plan)) for plan in payout_plans_of(person)],
        "found": found,
    }
    return page(request, "money/plans.html", context, status=form.refusal_status)


@require_POST
@signed_in
def plan_ending(request: HallRequest, plan_id: UUID) -> HttpResponse:
    """Ask by hand again."""
    person = person_of(request)
    plan = get_object_or_404(payout_plans_of(person), pk=plan_id)
    end_payout_plan(plan=plan, by=person, at=request.at)
    return redirect("money:plans")
