"""What the hall takes in and where it pays to."""

import re
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from guildhall.kernel.rules import house_rule

CURRENCIES: Final = ("USD", "EUR", "GBP", "PKR", "INR", "NGN", "KES", "PHP", "IDR", "JPY", "KWD")
"""What may be paid in. The ledger takes any; this is what a form offers."""

PAYOUT_ACCOUNT_REST = house_rule(
    "payout_account_rest",
    unit="hours",
    default=72,
    low=0,
    high=720,
    meaning=_("How long a payout account rests after it was set or changed before anything is paid to it."),
)

DEPOSIT_GOES_HOME = house_rule(
    "deposit_goes_home",
    unit="days",
    default=180,
    low=0,
    high=730,
    meaning=_(
        "For how long money that was paid in and not spent on work can only go back to the card or account"
        " it came from."
    ),
)

DEPOSIT_LASTS: Final = timedelta(hours=24)
"""How long a deposit may be begun without a word from its processor."""

TRANSFER_LASTS: Final = timedelta(days=30)
"""How long a transfer from the payer's bank is waited for: people order it when they get there."""

PAYOUT_IS_SLOW: Final = timedelta(days=7)
"""After that an operator should ask the bank what has become of a payout."""

BATCH_IS_OLD: Final = timedelta(days=1)
"""After that an operator should send a batch that was opened."""

_NUMBER: Final = re.compile(r"[A-Z0-9]{4,34}", re.ASCII)
_WALLET: Final = re.compile(r"[0-9]{6,15}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


def account_number(text: str) -> str:
    """An account number as banks write it in files: capitals and digits only."""
    return "".join(text.split()).replace("-", "").upper()


def is_account_number(number: str) -> bool:
    """Whether it can be one: 4 to 34 letters and digits, and if it looks like an IBAN, one that adds up."""
    if not _NUMBER.fullmatch(number):
        return False
    if not _IBAN.fullmatch(number):
        return True
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def looks_like_iban(number: str) -> bool:
    """Whether it has the shape of an IBAN."""
    return bool(_IBAN.fullmatch(number))


def is_wallet_number(number: str) -> bool:
    """Whether it can be a mobile-money wallet's: a telephone number."""
    return bool(_WALLET.fullmatch(number))


def is_bic(code: str) -> bool:
    """Whether it has the shape of a bank's international code (ISO 9362)."""
    return bool(_BIC.fullmatch(code))
