"""The variables of the rails: which processors and banks this hall has, checked like all the others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from stdnum.iso7064 import mod_97_10

BANK_VARIABLES: Final = {
    "GUILDHALL_BANK_NAME": "whose name is on the hall's bank account (no bank)",
    "GUILDHALL_BANK_IBAN": "the number of the hall's bank account, as an IBAN",
    "GUILDHALL_BANK_ACCOUNT": "or its number where the country has no IBANs",
    "GUILDHALL_BANK_BIC": "the bank's international code, eight or eleven characters",
    "GUILDHALL_BANK_AT": "at which bank the account is, as payers know it",
    "GUILDHALL_BANK_CURRENCIES": "what people may transfer there, as in EUR,USD (EUR)",
}
VARIABLES: Final = {
    "GUILDHALL_STRIPE_KEY": "the secret key of your account at Stripe, sk_… or rk_… (no Stripe)",
    "GUILDHALL_STRIPE_WEBHOOK_SECRET": "what Stripe signs its words to this hall with, whsec_…",
    "GUILDHALL_STRIPE_URL": "where Stripe's interface is (https://api.stripe.com)",
    **BANK_VARIABLES,
}
"""What can be set about rails, what it means and what holds without it."""

_STRIPE: Final = "https://api.stripe.com"
_KEY: Final = re.compile(r"[sr]k_[A-Za-z0-9_]{3,250}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_LOCAL: Final = re.compile(r"[A-Z0-9]{4,34}", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_LONGEST_NAME: Final = 70
_SECRET: Final = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,250}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StripeAccess:
    """What the hall needs to speak with Stripe."""

    key: str
    webhook_secret: str
    url: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The hall's own account at a bank: people transfer to it, and payouts leave from it.

    Args:
        name: whose name is on it.
        number: an IBAN or a local account number, without spaces.
        is_iban: which of them.
        bic: the bank's international code, or empty.
        at: the bank's name, or empty.
        currencies: what may be transferred to it.
    """

    name: str
    number: str
    is_iban: bool
    bic: str = ""
    at: str = ""
    currencies: tuple[str, ...] = ("EUR",)


@dataclass(frozen=True, slots=True)
class Rails:
    """The rails that the environment names."""

    stripe: StripeAccess | None = None
    bank: BankAccount | None = None


def read_rails(variables: Mapping[str, str], problems: list[str]) -> Rails:
    """Read the variables of all rails; what does not fit is a sentence more among the problems.

    A secret is never repeated in a sentence.
    """
    return Rails(stripe=_stripe(variables, problems), bank=_bank(variables, problems))


def _stripe(variables: Mapping[str, str], problems: list[str]) -> StripeAccess | None:
    names = ("GUILDHALL_STRIPE_KEY", "GUILDHALL_STRIPE_WEBHOOK_SECRET", "GUILDHALL_STRIPE_URL")
    key, secret, url = (variables.get(name, "").strip() for name in names)
    found = len(problems)
    if key and not _KEY.fullmatch(key):
        problems.append("GUILDHALL_STRIPE_KEY must begin with sk_ or rk_, as Stripe shows it: it does not.")
    if secret and not _SECRET.fullmatch(secret):
        problems.append(
            "GUILDHALL_STRIPE_WEBHOOK_SECRET must begin with whsec_, as Stripe shows it, and it does not."
        )
    if bool(key) != bool(secret):
        there, missing = "GUILDHALL_STRIPE_KEY", "GUILDHALL_STRIPE_WEBHOOK_SECRET"
        there, missing = (there, missing) if key else (missing, there)
        problems.append(f"{there} is set without {missing}: the hall needs both, or neither.")
    if url and not _is_address(url):
        problems.append(
            "GUILDHALL_STRIPE_URL must be https:// or http:// with a host and nothing after it: it is not."
        )
    if not key or len(problems) > found:
        return None
    return StripeAccess(key, secret, url.rstrip("/") or _STRIPE)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text.rstrip("/"))
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return fits and text.rstrip("/") == f"{parts.scheme}://{parts.netloc}" and "@" not in text


def _bank(variables: Mapping[str, str], problems: list[str]) -> BankAccount | None:
    name, iban, local, bic, at, listed = (variables.get(each, "").strip() for each in BANK_VARIABLES)
    if not (name or iban or local):
        return None
    found = len(problems)
    iban, local, bic = ("".join(each.split()).upper() for each in (iban, local, bic))
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        problems.append(
            "GUILDHALL_BANK_NAME must say in up to 70 characters whose name is on the hall's account."
        )
    if bool(iban) == bool(local):
        problems.append("Set one of GUILDHALL_BANK_IBAN and GUILDHALL_BANK_ACCOUNT: the account's number.")
    if iban and not is_iban(iban):
        problems.append("GUILDHALL_BANK_IBAN is no IBAN: its check digits do not add up.")
    if local and not _LOCAL.fullmatch(local):
        problems.append("GUILDHALL_BANK_ACCOUNT must have 4 to 34 letters and digits.")
    if bic and not _BIC.fullmatch(bic):
        problems.append("GUILDHALL_BANK_BIC must have eight or eleven letters and digits, as in COBADEFFXXX.")
    if len(at) > _LONGEST_NAME or not at.isprintable():
        problems.append("GUILDHALL_BANK_AT must name the bank in up to 70 characters.")
    currencies = tuple(each.strip().upper() for each in (listed or "EUR").split(","))
    if not all(_CURRENCY.fullmatch(each) for each in currencies):
        problems.append("GUILDHALL_BANK_CURRENCIES must be three letters each with commas between.")
    if len(problems) > found:
        return None
    return BankAccount(name, iban or local, bool(iban), bic, at, currencies)


def is_iban(number: str) -> bool:
    """Whether a number without spaces is an IBAN that adds up."""
    return bool(_IBAN.fullmatch(number)) and mod_97_10.is_valid(number[4:] + number[:4])
