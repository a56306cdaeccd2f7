"""The hall's own money by hand, each time by two: income out, tax paid, credits, corrections."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Unfit
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import (
    correct_movement,
    end_own_transfer,
    fill_reserve_from_fees,
    give_credit,
    pay_tax,
    take_out_fees,
)
from guildhall.payments.actions.in_twos import TAX
from guildhall.payments.actions.taking_out import OUT_END
from guildhall.payments.bank_queries import code_of_own_transfer
from guildhall.payments.banking.references import shown_reference
from guildhall.payments.queries import HallAccount, hall_accounts_seen_by, own_transfers_seen_by
from guildhall.people.models import Decision, Person
from guildhall.people.queries import decisions_waiting_for, person_with_email, second_operators
from guildhall.web.forms import HallForm, MoneyField
from guildhall.web.money.forms import AmountForm
from guildhall.web.money.words import word_for_own_transfer
from guildhall.web.page import attempt, operator_only, page, person_of

_WHY = gettext_lazy("Whoever reads the books later will ask.")


class FromAccountForm(HallForm):
    """How much of which account of the hall's."""

    source = forms.ChoiceField(label=gettext_lazy("Out of which account?"), widget=forms.RadioSelect)
    amount = MoneyField(label=gettext_lazy("How much?"))

    def __init__(self, *args: Any, held: list[HallAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{each.code} {each.held.currency}", f"{each.code}: {each.held}") for each in held]
        source, amount = self.fields["source"], self.fields["amount"]
        assert isinstance(source, forms.ChoiceField)
        assert isinstance(amount, MoneyField)
        source.choices = choices
        chosen = str(self["source"].value() or "")
        if chosen in {code for code, _label in choices}:
            amount.currency = chosen.rpartition(" ")[2]

    @property
    def account(self) -> str:
        """The chosen account's name."""
        return str(self.cleaned_data["source"]).rpartition(" ")[0]


class OutForm(FromAccountForm):
    """Where it goes, and what for."""

    holder = forms.CharField(label=gettext_lazy("To whom?"), max_length=70)
    number = forms.CharField(
        label=gettext_lazy("Account number"),
        max_length=48,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(label=gettext_lazy("What for?"), max_length=200, help_text=_WHY)


class EndForm(HallForm):
    """What the bank has done with it."""

    end = forms.ChoiceField(
        label=gettext_lazy("What does the bank say?"),
        choices=[
            ("arrived", gettext_lazy("It has left the account")),
            ("returned", gettext_lazy("It came back")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("If it came back: why?"), max_length=200, required=False)


class CreditForm(AmountForm):
    """How much of the hall's own money to whom, and why."""

    email = forms.CharField(
        label=gettext_lazy("To whom?"),
        max_length=254,
        help_text=gettext_lazy("The e-mail address by which the hall knows them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"), max_length=200, help_text=gettext_lazy("They will read it.")
    )
    field_order = ("email", "currency", "amount", "reason")


class CorrectionForm(HallForm):
    """Which movement was an error, and what was wrong about it."""

    movement = forms.IntegerField(
        label=gettext_lazy("Number of the movement"),
        min_value=1,
        help_text=gettext_lazy("A credit or a filling of the reserve, as the log and the export number it."),
    )
    reason = forms.CharField(label=gettext_lazy("What was wrong about it?"), max_length=200, help_text=_WHY)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def own_transfers(request: HallRequest) -> HttpResponse:
    """Ask to take income out or to pay tax; what is on its way, and what became of the rest."""
    operator = person_of(request)
    form = OutForm(request.POST or None, held=hall_accounts_seen_by(operator))
    if request.method == "POST":
        done = attempt(form, lambda: _take_out(request, form))
        if done is not None:
            return redirect("operator:decisions")
    found = page_by_key(own_transfers_seen_by(operator), by=("-id",), after=request.GET.get("after", ""))
    context = {
        "form": form,
        "found": found,
        "rows": [(each, *word_for_own_transfer(each.state)) for each in found.rows],
    }
    return _page(request, "operator/own_transfers.html", form, context)


def _take_out(request: HallRequest, form: OutForm) -> Decision:
    said = {name: form.cleaned_data[name] for name in ("amount", "holder", "number", "reason")}
    verb = pay_tax if form.account.startswith(TAX) else take_out_fees
    return verb(account=form.account, by=person_of(request), at=request.at, **said)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def own_transfer(request: HallRequest, own_transfer_id: UUID) -> HttpResponse:
    """One of them: what to write on the transfer at the bank, and what the bank has done with it."""
    operator = person_of(request)
    transfer = get_object_or_404(own_transfers_seen_by(operator), pk=own_transfer_id)
    form = EndForm(request.POST or None)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: end_own_transfer(
                transfer=transfer,
                arrived=form.cleaned_data["end"] == "arrived",
                reason=form.cleaned_data["reason"],
                by=operator,
                at=request.at,
            ),
        )
        if done is not None:
            return redirect("operator:decisions")
    word, tone = word_for_own_transfer(transfer.state)
    waiting = decisions_waiting_for(operator).filter(kind=OUT_END, subject_id=transfer.pk)
    context = {
        "transfer": transfer,
        "code": shown_reference(code_of_own_transfer(transfer)),
        "word": word,
        "tone": tone,
        "waits": waiting.exists(),
    }
    return _page(request, "operator/own_transfer.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def keeping(request: HallRequest) -> HttpResponse:
    """Ask to put income of the hall into its reserve."""
    operator = person_of(request)
    form = FromAccountForm(request.POST or None, held=hall_accounts_seen_by(operator, "fees"))
    if request.method == "POST":
        done = attempt(
            form,
            lambda: fill_reserve_from_fees(
                account=form.account, amount=form.cleaned_data["amount"], by=operator, at=request.at
            ),
        )
        if done is not None:
            return redirect("operator:decisions")
    return _page(request, "operator/keeping.html", form, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def give_credits(request: HallRequest) -> HttpResponse:
    """Ask to give somebody money out of the reserve."""
    form = CreditForm(request.POST or None, initial={"currency": "USD"})
    if request.method == "POST":
        done = attempt(form, lambda: _give(request, form))
        if done is not None:
            return redirect("operator:decisions")
    return _page(request, "operator/credits.html", form, {"form": form})


def _give(request: HallRequest, form: CreditForm) -> Decision:
    person: Person | None = person_with_email(form.cleaned_data["email"])
    if person is None:
        raise Unfit(_("Nobody here has this address."), field="email")
    said = {name: form.cleaned_data[name] for name in ("amount", "reason")}
    return give_credit(person=person, by=person_of(request), at=request.at, **said)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def corrections(request: HallRequest) -> HttpResponse:
    """Ask to move back what was moved by hand in error."""
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: correct_movement(
                number=form.cleaned_data["movement"],
                reason=form.cleaned_data["reason"],
                by=person_of(request),
                at=request.at,
            ),
        )
        if done is not None:
            return redirect("operator:decisions")
    return _page(request, "operator/corrections.html", form, {"form": form})


def _page(request: HallRequest, template: str, form: HallForm, context: dict[str, Any]) -> HttpResponse:
    alone = not second_operators(person_of(request)).exists()
    return page(request, template, {"form": form, "alone": alone, **context}, status=form.refusal_status)


own_money_urls: list[URLPattern] = [
    path("operator/reserve/out", own_transfers, name="own_transfers"),
    path("operator/reserve/out/<uuid:own_transfer_id>", own_transfer, name="own_transfer"),
    path("operator/reserve/keeping", keeping, name="keeping"),
    path("operator/reserve/credits", give_credits, name="credits"),
    path("operator/reserve/corrections", corrections, name="corrections"),
]
