"""What a certificate says and how it is written down: pure decisions on plain values."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from django.utils.translation import gettext_lazy as _

from guildhall.kernel.rules import house_rule

CERTIFICATE_DAYS: Final = house_rule(
    "certificate_days",
    unit="days",
    default=180,
    low=30,
    high=366,
    meaning=_("A certificate of income can be relied on for so long after it was issued."),
)
MOST_MONTHS: Final = 60
"""Of a certificate's period."""
MOST_IN_FORCE: Final = 20
"""How many certificates of one person can be in force at a time."""

_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Of a code: those that are not taken for one another (Crockford's)."""
CODE_BYTES: Final = 16
_CODE_LENGTH: Final = 26
_MISTAKEN: Final = str.maketrans("ilo", "110")
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015\u200b-\u200f\u2066-\u2069]+")


class Standing(StrEnum):
    """What is to be thought of a certificate that somebody asks about."""

    VALID = "valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"  # never issued here
    CHANGED = "changed"  # a text whose signature does not fit


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEarned:
    """What one month brought, in minor units."""

    month: str  # 2026-03, in UTC
    net: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What was earned in one currency, in minor units; `average` is by month, rounded down."""

    currency: str
    total: int
    average: int
    by_month: tuple[MonthEarned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Everything that a certificate says.

    Args:
        hall: its address.
        code: under which it can be checked there.
        key: which key signs it.
        name: of its holder, as the hall knows them.
        member_since, issued_on, expires_on: days in UTC.
        first_month, last_month: whole months in UTC, both within; `months` is how many.
        months_with_income, clients: counted within.
        amounts_shown: whether its holder wants amounts said.
        amounts: by currency; empty where they are not said, or where there are none.
        practice_money: whether the hall had no bank then, so that nobody was paid for real.
        language: which is on the paper beside English; ``en`` for none.
    """

    hall: str
    code: str
    key: str
    name: str
    member_since: str
    issued_on: str
    expires_on: str
    first_month: str
    last_month: str
    months: int
    months_with_income: int
    clients: int
    amounts_shown: bool
    amounts: tuple[Income, ...]
    practice_money: bool
    language: str

    @property
    def canonical(self) -> str:
        """The one text that stands for it."""
        return canonical({"about": "income", "version": 1, **asdict(self)})

    @classmethod
    def read(cls, text: str) -> Self:
        """What `canonical` wrote."""
        values = json.loads(text)
        del values["about"], values["version"]
        amounts = tuple(
            Income(**{**one, "by_month": tuple(MonthEarned(**month) for month in one["by_month"])})
            for one in values["amounts"]
        )
        return cls(**{**values, "amounts": amounts})


def canonical(values: Mapping[str, Any]) -> str:
    """JSON as RFC 8785 writes it, for values without fractions and names in ASCII: sorted, without spaces."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def code_from(random: bytes) -> str:
    """Sixteen random bytes as letters and digits."""
    number = int.from_bytes(random)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(5 * (_CODE_LENGTH - 1), -1, -5))


def read_code(typed: str) -> str:
    """A code as it is kept, from how somebody typed it; empty where it can be none."""
    code = _BETWEEN.sub("", typed.casefold()).translate(_MISTAKEN)
    return code if len(code) == _CODE_LENGTH and set(code) <= set(_LETTERS) else ""


def code_in_groups(code: str) -> str:
    """A code as people read it from paper: in five groups."""
    return "-".join((*(code[at : at + 5] for at in range(0, 20, 5)), code[20:]))


def period_before(today: date, *, months: int, since: date) -> tuple[date, date] | None:
    """The first days of the first and last whole month before a day, at most so many and none before another.

    None where not one month is over since then.
    """
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    first = months_before(last, months - 1)
    first = max(first, since.replace(day=1))
    return (first, last) if first <= last else None


def months_before(month: date, count: int) -> date:
    """The first day of the month that lies so many before another."""
    whole = 12 * month.year + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def months_within(first: date, last: date) -> Sequence[date]:
    """The first days of all months from one to another."""
    count = 12 * (last.year - first.year) + last.month - first.month
    return [months_before(last, count - at) for at in range(count + 1)]


def standing_on(day: date, *, expires_on: date, is_withdrawn: bool) -> Standing:
    """What is to be thought on a day of a certificate that was issued."""
    if is_withdrawn:
        return Standing.WITHDRAWN
    return Standing.VALID if day <= expires_on else Standing.EXPIRED
