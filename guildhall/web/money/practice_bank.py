"""The practice bank's page: it stands for a page outside the hall, so whoever holds its address may pay."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.payments.practice.disputing import dispute_practice_payment, last_outcome
from guildhall.payments.practice.paying import choose_practice_payment, money_of
from guildhall.payments.practice.scripts import CHOICES
from guildhall.payments.queries import practice_intents
from guildhall.web.forms import HallForm
from guildhall.web.page import attempt, page

_LABELS = {
    "now": _("Pay now"),
    "late": _("Pay, and the bank’s word comes a minute late"),
    "twice": _("Pay, and the bank says it twice"),
    "wavers": _("Pay; the bank says yes, then no, then yes"),
    "lies": _("Pay; the bank speaks of ten times the sum"),
    "silent": _("Pay; the bank does not answer when it is asked for something later"),
    "chance": _("Whatever a bank can do, by chance"),
    "fail": _("Do not pay: the payment fails"),
}


class ChoiceForm(HallForm):
    """What the bank is to do."""

    choice = forms.ChoiceField(
        label=_("What shall the practice bank do?"),
        choices=[(choice, _LABELS[choice]) for choice in CHOICES],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pay_in_practice_bank(request: HallRequest, reference: str) -> HttpResponse:
    """Show the payment and what may happen to it; on POST let it happen."""
    intent = get_object_or_404(practice_intents(), reference=reference)
    form = ChoiceForm(request.POST or None, initial={"choice": "now"})
    if request.method == "POST":
        if intent.choice and "dispute" in request.POST:
            dispute_practice_payment(intent=intent, at=request.at)
            return redirect("money:practice_bank", reference=reference)
        done = attempt(
            form,
            lambda: choose_practice_payment(intent=intent, choice=form.cleaned_data["choice"], at=request.at),
        )
        if done is not None:
            return redirect("money:practice_bank", reference=reference)
        intent.refresh_from_db()
    context = {
        "form": form,
        "intent": intent,
        "sum": money_of(intent),
        "paid": last_outcome(intent, "deposit") == "paid" and last_outcome(intent, "chargeback") != "paid",
        "disputed": last_outcome(intent, "chargeback") == "failed",
        "back_to": "/" + intent.back_to.split("/", 3)[-1],
    }
    return page(request, "money/practice_bank.html", context, status=form.refusal_status)
