"""What the name of an account says about it. No table, no clock."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guildhall.kernel.rules import house_rule

FLOORED: Final = frozenset(
    ("transit", "suspense", "wallet", "clearing", "escrow", "savings", "fund", "benefit", "reserve")
)
"""First words of accounts that keep a balance and may never go below zero."""

DERIVED: Final = frozenset(("outside", "unknown", "shortfall", "fees", "tax", "exchange", "remainder"))
"""First words of accounts whose balance is summed when asked for: everyone pays into them, and a kept
balance would make all of them wait for one row."""

OWED_TO_PEOPLE: Final = frozenset(("wallet", "clearing", "escrow", "savings", "benefit", "fund", "transit"))
"""First words of accounts that hold other people's money; what lies at the rails must cover them."""


DIFFERENCE_ANSWER = house_rule(
    "difference_answer",
    unit="hours",
    default=24,
    low=1,
    high=168,
    meaning=_(
        "By when an operator looks at something in the books that does not fit; payouts of its account wait."
    ),
)


def is_derived(code: str) -> bool:
    """Whether an account of this name is summed when asked for, instead of keeping a balance with a floor.

    An account that the table does not know is a bug of the caller.
    """
    word = first_word(code)
    assert word in FLOORED or word in DERIVED, f"no account is called {code!r}"
    return word in DERIVED


def first_word(code: str) -> str:
    """The kind of an account: ``wallet`` in ``wallet:person:…``."""
    return code.partition(":")[0]


def pattern_of(words: frozenset[str]) -> str:
    """A regular expression that matches the codes that begin with one of these words."""
    return f"^({'|'.join(sorted(words))})(:|$)"


_NAMES: Final[dict[str, str | Promise]] = {
    "transit": _("money on its way"),
    "suspense": _("money that matches nothing"),
    "wallet": _("the wallet"),
    "clearing": _("the clearing account"),
    "escrow": _("the money set aside"),
    "savings": _("the savings"),
    "fund": _("the fund"),
    "benefit": _("the benefit fund"),
    "reserve": _("the reserve of the hall"),
}


def name_of_account(code: str) -> str:
    """What a person calls an account, for the sentence of a refusal."""
    return str(_NAMES.get(first_word(code), code))
