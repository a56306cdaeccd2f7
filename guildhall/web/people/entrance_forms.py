"""The sign-in library's forms with our words: each asks as little as it can."""

from typing import Any, ClassVar

from allauth.account import forms as library
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal
from guildhall.people.actions import EmailTaken, join_hall
from guildhall.people.actions.joining import check_password_is_fit, read_email
from guildhall.people.models import Person
from guildhall.people.queries import person_who_proved
from guildhall.people.rules import read_name
from guildhall.web.forms import HallForm
from guildhall.web.people.choices import country_choices
from guildhall.web.people.proving import remember_who_typed


class _Plain:
    """Takes the library's placeholders away: a label stays readable while one types."""

    default_renderer = HallForm.default_renderer  # two hundred countries are drawn in half the time
    use_required_attribute = False
    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = self.hints.get(name, "")
            if name in self.labels:
                field.label = self.labels[name]
            if isinstance(field, forms.EmailField):
                field.validators.append(_check_address)


def _check_address(text: str) -> None:
    """The hall's own rule for addresses, before the library looks anybody up by one."""
    try:
        read_email(text)
    except Refusal as refusal:
        raise ValidationError(refusal.sentence) from refusal


_EMAIL = _("E-mail address")
_PASSWORD = _("Password")
_NEW_PASSWORD = _("New password")
_CODE = _("Code from the letter")
_RULES = _("At least ten letters, digits or signs; not a common word, not your name.")


class SignInForm(_Plain, library.LoginForm):
    """Address and password."""

    labels = {"login": _EMAIL, "password": _PASSWORD}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        """Come in, or first prove the address: by a browser that knows the password."""
        if isinstance(self.user, Person) and not person_who_proved(self.user.email):
            remember_who_typed(request, self.user)
        return super().login(request, redirect_url)


class AskCodeForm(_Plain, library.RequestLoginCodeForm):
    """An address to send a code to."""

    labels = {"email": _EMAIL}


class _CodeForm(_Plain):
    labels = {"code": _CODE}
    hints = {"code": _("Capital or small letters, with or without the dash.")}


class SignInCodeForm(_CodeForm, library.ConfirmLoginCodeForm):
    """The code that opens the hall."""


class AddressCodeForm(_CodeForm, library.ConfirmEmailVerificationCodeForm):
    """The code that shows an address to be one's own."""

    def clean_code(self) -> str:
        """A code that is right proves the address, unless somebody else proved it before."""
        # Past the library's own question, which also asks for those who only typed the address.
        code: str = super(library.ConfirmEmailVerificationCodeForm, self).clean_code()
        if code and person_who_proved(self.email) not in {None, self.user}:
            raise get_adapter().validation_error("email_taken")
        return code


class PasswordCodeForm(_CodeForm, library.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""


class NewAddressForm(_Plain, library.AddEmailForm):
    """Another address."""

    labels = {"email": _("New e-mail address")}


class LostPasswordForm(_Plain, library.ResetPasswordForm):
    """Whose password is lost."""

    labels = {"email": _EMAIL}


class _OncePassword(_Plain):
    """Asks for a new password once: a slip is mended by a code, and browsers remember what was typed."""

    labels = {"password1": _NEW_PASSWORD, "oldpassword": _("Password until now")}
    hints = {"password1": _RULES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]  # type: ignore[attr-defined]


class NextPasswordForm(_OncePassword, library.ResetPasswordKeyForm):
    """A new password in place of a lost one."""


class ChangePasswordForm(_OncePassword, library.ChangePasswordForm):
    """A new password in place of a known one."""


class FirstPasswordForm(_OncePassword, library.SetPasswordForm):
    """A password for somebody who has come in by codes so far."""


class AgainForm(_Plain, library.ReauthenticateForm):
    """The password once more, before something that matters."""

    labels = {"password": _PASSWORD}


class JoinForm(_Plain, library.SignupForm):
    """Who one is: name, address, country, and a password for those who want one."""

    labels = {"email": _EMAIL, "password1": _PASSWORD}
    hints = {
        "name": _("As others should call you."),
        "email": _("We send a code to it, to see that it is yours. Nobody else in the hall sees it."),
        "country": _("Others see the country, and it decides how money can reach you."),
        "password1": _(
            "Leave it empty to sign in by codes that we e-mail you. Else: at least ten letters, "
            "digits or signs, not a common word."
        ),
    }
    field_order = ["name", "email", "country", "password1"]
    account_already_exists: bool

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, widget=forms.Select(attrs={"autocomplete": "country"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices()

    def clean_name(self) -> str:
        """The name as it will be kept."""
        try:
            return read_name(self.cleaned_data["name"])
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal

    def validate_unique_email(self, value: str) -> str:
        """An account that nobody proved to be theirs does not stand in the way."""
        email: str = super().validate_unique_email(value)
        self.account_already_exists = person_who_proved(email) is not None
        return email

    def clean(self) -> dict[str, Any]:
        """A password is held against the name and the address that stand beside it."""
        typed: dict[str, Any] = super().clean()
        if typed.get("password1") and "password1" not in self.errors:
            person = Person(email=typed.get("email", ""), name=typed.get("name", ""))
            try:
                check_password_is_fit(typed["password1"], person)
            except Refusal as refusal:
                self.add_error("password1", refusal.sentence)
        return typed

    def save(self, request: HallRequest) -> AbstractBaseUser:
        """Join through the hall's own verb; the address is confirmed by the code that follows."""
        person = join_hall(
            email=self.cleaned_data["email"],
            name=self.cleaned_data["name"],
            country=self.cleaned_data["country"],
            password=self.cleaned_data.get("password1") or "",
            language=(get_language() or "en").partition("-")[0],
            confirmed=False,
            at=request.at,
        )
        remember_who_typed(request, person)
        return person

    def try_save(self, request: HttpRequest) -> Any:
        """Join, or behave in every visible way as if somebody had."""
        if self.account_already_exists:
            # Hashing takes as long as all the rest: without it, the clock would tell.
            make_password(self.cleaned_data.get("password1") or None)
            return super().try_save(request)
        try:
            return super().try_save(request)
        except EmailTaken:  # somebody was quicker by a moment
            self.account_already_exists = True
            return super().try_save(request)
