"""Forms about money: shapes only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guildhall.payments.gateways import gateways_that_take
from guildhall.payments.models import KeptMethod
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
    way = forms.ChoiceField(label=_("How do you want to pay?"), widget=forms.RadioSelect, required=False)
    keep = forms.BooleanField(
        label=_("Keep this card for the next time"),
        required=False,
        help_text=_("The processor keeps it, not the hall. You can remove it here whenever you like."),
    )
    next = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cards: Sequence[KeptMethod] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = gateways_that_take()
        self.cards = {str(card.pk): card for card in cards if card.rail in {way.rail for way in self.ways}}
        self.keeps = any(way.can_keep for way in self.ways)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = [(name, _card(card)) for name, card in self.cards.items()]
        way.choices += [(each.rail, each.called) for each in self.ways]
        way.initial = way.choices[0][0] if way.choices else None

    @property
    def rail(self) -> str:
        """The rail that was chosen; empty for the first one, and for a card, which knows its own."""
        way = self.cleaned_data["way"]
        return "" if way in self.cards else str(way)

    @property
    def card(self) -> KeptMethod | None:
        """The kept card that was chosen."""
        return self.cards.get(self.cleaned_data["way"])


def _card(card: KeptMethod) -> str:
    facts = {"brand": card.brand.title(), "last4": card.last4}
    return gettext("At once with %(brand)s •••• %(last4)s") % facts


class RefundForm(HallForm):
    """How much to send back."""

    amount = MoneyField(label=_("How much shall go back?"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        assert isinstance(field, MoneyField)
        field.currency = currency


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


class InstantForm(HallForm):
    """The instant that one asks about, in one's own time."""

    at = forms.CharField(
        label=_("When?"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "datetime-local", "autocomplete": "off"}),
    )


class ReturnForm(HallForm):
    """Why a bank sent a payout back."""

    reason = forms.CharField(
        label=_("What does the bank say?"),
        max_length=200,
        help_text=_("The person will read this beside their payout."),
    )
