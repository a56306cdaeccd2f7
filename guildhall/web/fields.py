"""Fields that several forms of the hall share: a day, skills by their names, a currency, a sum looked for."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from guildhall.jobs.rules import CURRENCIES
from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.skills.models import Skill
from guildhall.skills.queries import skills_named
from guildhall.web.forms import unchanging

CURRENCY_CHOICES: Final = tuple((code, code) for code in CURRENCIES)
"""The currencies that forms offer, for jobs and for the price of an hour alike."""


class DayField(forms.DateField):
    """A day, written as every browser sends it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": gettext_lazy("Write the day as year-month-day, such as 2026-12-31.")},
            **kwargs,
        )


class SkillsField(forms.CharField):
    """Skills in any words that the hall knows, with commas or line ends between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=4_000, **kwargs)

    def clean(self, value: Any) -> list[Skill]:
        """Find what is meant by each name; say which ones the hall does not know."""
        names = [name for name in super().clean(value).replace("\n", ",").split(",") if name.strip()]
        try:
            return skills_named(names)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal


class CurrencyField(forms.ChoiceField):
    """One of the currencies that forms offer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=gettext_lazy("Currency"), choices=unchanging(*CURRENCY_CHOICES), **kwargs)


def read_sum_sought(form: forms.Form, name: str) -> Money | None:
    """The sum in a form by which somebody looks for something, in the currency beside it."""
    said = form.cleaned_data
    if not said.get(name):
        return None
    try:
        return Money.parse(said[name], said.get("currency") or "USD")
    except Refusal as refusal:
        form.add_error(name, refusal.sentence)
        return None
