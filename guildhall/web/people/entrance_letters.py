"""The letters of the sign-in flows, each as a subject and a text."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.notices.letters import address_of

type Facts = Mapping[str, Any]
type Letter = tuple[str, str]


def letter_for(kind: str, facts: Facts) -> Letter:
    """The letter of a kind that the sign-in library names, such as ``login_code``."""
    return _LETTERS[kind](facts)


def _text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def _not_you() -> str:
    return _("If you did not ask for this, somebody mistyped an address: do nothing.")


def _sign_in_code(facts: Facts) -> Letter:
    return _("Your code to sign in"), _text(
        _("This code signs you in to the hall:"),
        str(facts["code"]),
        _("It works once, for fifteen minutes, in the browser where you asked for it."),
        _not_you(),
    )


def _confirm(facts: Facts) -> Letter:
    return _("Your code to confirm this address"), _text(
        _("This code shows the hall that the address is yours:"),
        str(facts["code"]),
        _("It works once, for fifteen minutes, in the browser where you asked for it."),
        _not_you(),
    )


def _password_code(facts: Facts) -> Letter:
    return _("Your code for a new password"), _text(
        _("With this code you can choose a new password:"),
        str(facts["code"]),
        _("It works once, for fifteen minutes, in the browser where you asked for it."),
        _not_you(),
    )


def _already_here(facts: Facts) -> Letter:
    del facts
    return _("You are in the hall already"), _text(
        _("Somebody, probably you, wanted to join the hall with this address. It has an account."),
        _("Sign in with it here:"),
        address_of(reverse("account_login")),
        _not_you(),
    )


def _not_here(facts: Facts) -> Letter:
    del facts
    return _("This address is not in the hall"), _text(
        _("Somebody, probably you, wanted to sign in with this address. No account here has it."),
        _("You can join here:"),
        address_of(reverse("account_signup")),
        _not_you(),
    )


def _left(facts: Facts) -> Letter:
    del facts
    return _("This address no longer belongs to your account"), _text(
        _("Your account in the hall has moved to another address. Letters go there from now on."),
        _("If it was not you, write to the people who run the hall at once."),
    )


_LETTERS: Final[dict[str, Callable[[Facts], Letter]]] = {
    "login_code": _sign_in_code,
    "email_confirmation": _confirm,
    "email_confirmation_signup": _confirm,
    "password_reset_code": _password_code,
    "account_already_exists": _already_here,
    "unknown_account": _not_here,
    "address_left": _left,
}
