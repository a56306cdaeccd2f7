"""Forms about money: shapes only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildhall.payments.gateways import gateways_that_take
from guildhall.payments.rules import CURRENCIES
from guildhall.web.forms import HallForm, MoneyField, unchanging


class AmountForm(HallForm):
    """How much, of which currency."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    amount = MoneyField(label=_("How much?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = self["currency"].value()
        if wanted in CURRENCIES:  # the amount's decimals are the currency's
            self.amount_field.currency = wanted

    @property
    def amount_field(self) -> MoneyField:
        """The field that reads the amount."""
        field = self.fields["amount"]
        assert isinstance(field, MoneyField)
        return field


class DepositForm(AmountForm):
    """How much to pay in, of which currency."""

    amount = MoneyField(label=_("How much do you want to pay in?"))
    rail = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect, required=False)
    next = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = gateways_that_take()
        rail = self.fields["rail"]
        assert isinstance(rail, forms.ChoiceField)
        rail.choices = [(each.rail, each.called) for each in self.ways]
        rail.initial = self.ways[0].rail if self.ways else None


class PayoutForm(HallForm):
    """How much to be paid out."""

    amount = MoneyField(label=_("How much do you want on your account?"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        assert isinstance(field, MoneyField)
        field.currency = currency


class AccountForm(HallForm):
    """Where to be paid."""

    currency = forms.ChoiceField(
        label=_("For which money?"),
        choices=unchanging(
            ("", _("all that has no account of its own")), *((code, code) for code in CURRENCIES)
        ),
        required=False,
    )
    holder = forms.CharField(
        label=_("Whose account is it?"),
        max_length=70,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Your name as the bank knows it."),
    )
    method = forms.ChoiceField(
        label=_("What kind of account?"),
        choices=unchanging(
            ("iban", _("a bank account with an IBAN")),
            ("account", _("a bank account with a number of its own country")),
            ("wallet", _("a mobile wallet")),
        ),
        widget=forms.RadioSelect,
        required=False,
    )
    bank = forms.CharField(
        label=_("At which bank or company?"),
        max_length=70,
        help_text=_("Its name, and the town if it has branches."),
    )
    number = forms.CharField(
        label=_("Account number"),
        max_length=48,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The IBAN, your bank’s number, or the wallet’s telephone number. Spaces do not matter."),
    )
    bic = forms.CharField(
        label=_("The bank’s international code (BIC)"),
        max_length=14,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Only if your bank is abroad."),
    )


class ReturnForm(HallForm):
    """Why a bank sent a payout back."""

    reason = forms.CharField(
        label=_("What does the bank say?"),
        max_length=200,
        help_text=_("The person will read this beside their payout."),
    )
