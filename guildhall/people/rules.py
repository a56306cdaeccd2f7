"""What a name, a country, a time zone and a token may be. Pure decisions on plain values."""

import hashlib
import re
import unicodedata
import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Final

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kernel.errors import Unfit
from guildhall.screening.actions import screen_name

SCOPES: Final = {
    "read": gettext_lazy("Read what only you can read"),
    "jobs": gettext_lazy(
        "Write, open and close jobs, shortlist and decline proposals, and, if it may move money, accept them"
    ),
    "work": gettext_lazy(
        "Send and withdraw proposals, write messages, send files, deliver, ask for changes, leave feedback, "
        "rule on cases, change your details and profile, say what stands on your invoices, make out and "
        "withdraw certificates of income, mark notices and messages as read, end tokens"
    ),
    "money": gettext_lazy(
        "Pay in and out, set money aside, approve, refund, open and settle cases, end contracts, and, if it "
        "may post jobs, accept proposals"
    ),
    "operate": gettext_lazy(
        "Run the hall: payouts, the bank’s files, suspended money, the hall’s own money, invoices and VAT, "
        "yearly totals, the key of certificates, house rules, people, their statements and their offices, "
        "decisions for two, differences, chargebacks, what is stuck, the log"
    ),
}
"""What a token may be allowed to do, each in words."""

OPERATE: Final = "operate"
"""The scope that only an operator's token may carry."""

TOKEN_PREFIX: Final = "gh_"  # noqa: S105 - so that people and scanners know one when they see it
TOKEN_LIMIT: Final = 50
"""How many tokens one person can have at a time."""

SET_UP_LINK_HOLDS: Final = timedelta(days=2)

LONGEST_EMAIL: Final = 254
"""Of an address; it is also the width of its column."""

_NOT_COUNTRIES: Final = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
_SPACES: Final = re.compile(r"\s+")


@cache
def country_codes() -> frozenset[str]:
    """The two-letter codes (ISO 3166) of countries and territories."""
    codes: Mapping[str, str] = Locale("en").territories
    # Longer ones and numbers are regions: the world, Latin America.
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES  # noqa: PLR2004


@cache
def timezone_names() -> frozenset[str]:
    """The names of time zones that this machine knows."""
    return frozenset(zoneinfo.available_timezones())


def read_line(text: str, *, field: str, longest: int) -> str:
    """One line of a person's own words, tidied: no control or direction marks, single spaces.

    Raises:
        Unfit: longer than it may be.
    """
    # Marks that only change the direction of what follows would let one name dress up as another.
    kept = "".join(
        letter for letter in unicodedata.normalize("NFC", text) if letter.isspace() or letter.isprintable()
    )
    line = _SPACES.sub(" ", kept).strip()
    if len(line) > longest:
        raise Unfit(_("Use at most %(longest)s letters here.") % {"longest": longest}, field=field)
    return line


def read_name(text: str) -> str:
    """A person's name as they want to be called.

    Raises:
        Unfit: empty or too long; `NotFit` where it tells how to reach them.
    """
    name = read_line(text, field="name", longest=80)
    if not name:
        raise Unfit(_("Write the name by which others should call you."), field="name")
    screen_name(text=name, field="name")
    return name


def read_town(text: str) -> str:
    """The town that a person names, or empty.

    Raises:
        Unfit: too long; `NotFit` where it tells how to reach them.
    """
    town = read_line(text, field="town", longest=80)
    screen_name(text=town, field="town")
    return town


def read_country(code: str) -> str:
    """A country's code, or empty for one who does not say.

    Raises:
        Unfit: no such country.
    """
    if code and code not in country_codes():
        raise Unfit(_("Choose a country from the list."), field="country")
    return code


def read_timezone(name: str) -> str:
    """The name of a time zone.

    Raises:
        Unfit: not one that the hall knows.
    """
    if name not in timezone_names():
        raise Unfit(_("Choose a time zone from the list, such as Asia/Karachi."), field="timezone")
    return name


def read_language(code: str, offered: Iterable[str]) -> str:
    """A language that the hall speaks.

    Raises:
        Unfit: not one of those offered.
    """
    if code not in offered:
        raise Unfit(_("Choose one of the languages that this hall speaks."), field="language")
    return code


def read_scopes(scopes: Iterable[str]) -> list[str]:
    """What a token may do, in the order of the list.

    Raises:
        Unfit: none, or one that does not exist.
    """
    asked = set(scopes)
    if not asked or not asked <= set(SCOPES):
        raise Unfit(_("Choose at least one thing that the token may do, from the list."), field="scopes")
    return [scope for scope in SCOPES if scope in asked]


def digest_of(secret: str) -> bytes:
    """What is kept of a secret that the hall itself drew: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
