"""The forms of one's own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guildhall.people.rules import OPERATE, SCOPES
from guildhall.web.forms import HallForm
from guildhall.web.people.choices import country_choices, language_choices, timezone_choices


class AccountForm(HallForm):
    """What the hall shows of somebody, and how it speaks with them."""

    name = forms.CharField(label=_("Your name"), help_text=_("As others should call you."))
    country = forms.ChoiceField(label=_("Country"), required=False)
    town = forms.CharField(label=_("Town"), required=False)
    language = forms.ChoiceField(label=_("Language of pages and letters"))
    timezone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Every time that you read here is given in it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("country", country_choices()),
            ("language", language_choices()),
            ("timezone", timezone_choices()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class TokenForm(HallForm):
    """A new token."""

    name = forms.CharField(
        label=_("Name"), help_text=_("So that you know later what uses it, such as “My accounts”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, operates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [each for each in SCOPES.items() if operates or each[0] != OPERATE]


class SetUpForm(HallForm):
    """Who runs this hall."""

    name = forms.CharField(label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least ten letters, digits or signs; not a common word, not your name."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
