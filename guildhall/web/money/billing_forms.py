"""Forms about papers: shapes only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildhall.invoicing.actions import BillingDetails
from guildhall.invoicing.models import BillingProfile
from guildhall.web.forms import HallForm, MoneyField
from guildhall.web.people.choices import countries


class BillingForm(HallForm):
    """Who somebody is on papers."""

    legal_name = forms.CharField(
        label=_("Name on invoices"), help_text=_("Your full name, or your company’s as it is registered.")
    )
    street = forms.CharField(label=_("Street and number"), required=False)
    postcode = forms.CharField(label=_("Postcode"), required=False)
    city = forms.CharField(label=_("Town"), required=False)
    country = forms.ChoiceField(
        label=_("Country"), required=False, help_text=_("An e-invoice can only be made with it.")
    )
    is_business = forms.BooleanField(label=_("I act as a business"), required=False)
    tax_id = forms.CharField(
        label=_("VAT number"),
        required=False,
        help_text=_("Only if you are registered for VAT. It is checked by your country’s rules."),
    )
    purchase_order = forms.CharField(
        label=_("Purchase order"),
        required=False,
        help_text=_("On every invoice to you, unless a contract has its own."),
    )
    cost_centre = forms.CharField(label=_("Cost centre"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Not said")), *countries()]

    def details(self) -> BillingDetails:
        """What was typed, for the verb."""
        return BillingDetails(**self.cleaned_data)


def typed_before(profile: BillingProfile | None, *, name: str, country: str) -> dict[str, Any]:
    """What the form shows first."""
    if profile is None:
        return {"legal_name": name, "country": country}
    return {field: getattr(profile, field) for field in BillingForm.base_fields}


class ReferenceForm(HallForm):
    """What the invoices of a contract carry."""

    purchase_order = forms.CharField(label=_("Purchase order"), required=False)
    cost_centre = forms.CharField(label=_("Cost centre"), required=False)


class CreditForm(HallForm):
    """How much is taken back, and why."""

    amount = MoneyField(label=_("How much is taken back, VAT included?"))
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Both sides read it on the credit note."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        assert isinstance(field, MoneyField)
        field.currency = currency


class RateForm(HallForm):
    """A country's rate and why."""

    country = forms.ChoiceField(label=_("Country"))
    basis_points = forms.IntegerField(
        label=_("Standard rate"),
        help_text=_("In hundredths of a percent: write 1900 for nineteen."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(label=_("Why"), help_text=_("Everyone can read it beside the rate."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(countries())
