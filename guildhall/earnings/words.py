"""What a certificate says, in one of the languages that it can be had in."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from django.utils.translation import gettext as _

from guildhall.earnings.rules import Said
from guildhall.kernel.money import Money

_WORDS: Final[dict[str, dict[str, str]]] = tomllib.loads(
    (Path(__file__).resolve().parent / "words.toml").read_text(encoding="utf-8")
)
ENGLISH: Final = "en"
LANGUAGES: Final = frozenset(_WORDS)
"""In which a certificate can be had; all but English stand beside it."""


@dataclass(frozen=True, slots=True)
class SaidIn:
    """A certificate in one language.

    Args:
        language: which.
        heading: what it is.
        facts: each with what it is called.
        months: for each currency a heading, and its months with their sums; empty without amounts.
        notes: what has to be known to read it.
        check: what to do before relying on it.
    """

    language: str
    heading: str
    facts: list[tuple[str, str]]
    months: list[tuple[str, list[tuple[str, str]]]]
    notes: list[str]
    check: str


def languages_of_certificates() -> list[tuple[str, str]]:
    """What can be chosen, each by its name."""
    return [(language, words["called"]) for language, words in _WORDS.items()]


def said_in(language: str, said: Said) -> SaidIn:
    """A certificate in one of its languages; figures and dates are those that were signed."""
    words = _WORDS[language]
    facts = [
        (words["name"], said.name),
        (words["hall"], said.hall),
        (words["member_since"], _day(said.member_since, language)),
        (words["period"], _period(said, words, language)),
        (
            words["months_with_income"],
            words["months_with_income_value"].format(count=said.months_with_income, months=said.months),
        ),
        (words["clients"], str(said.clients)),
        *(
            (words[what], str(Money(minor, one.currency)))
            for one in said.amounts
            for what, minor in (("total", one.total), ("average", one.average))
        ),
        (words["issued_on"], _day(said.issued_on, language)),
        (words["expires_on"], _day(said.expires_on, language)),
    ]
    months = [
        (
            f"{words['by_month']}, {one.currency}",
            [(_month(each.month, language), str(Money(each.net, one.currency))) for each in one.by_month],
        )
        for one in said.amounts
    ]
    notes = [words["definition"], words["identity"]]
    if not said.amounts_shown:
        notes.insert(0, words["no_amounts"])
    elif not said.amounts:
        notes.insert(0, words["no_income"])
    if said.practice_money:
        notes.insert(0, words["practice"])
    return SaidIn(language, words["heading"], facts, months, notes, words["check"])


def both_of(said: Said) -> list[SaidIn]:
    """A certificate in English, and in the language beside it if there is one."""
    return [said_in(language, said) for language in dict.fromkeys((ENGLISH, said.language))]


def _period(said: Said, words: dict[str, Any], language: str) -> str:
    which = "period_value" if said.months > 1 else "period_value_one"
    first, last = _month(said.first_month, language), _month(said.last_month, language)
    return str(words[which].format(first=first, last=last, months=said.months))


def _day(text: str, language: str) -> str:
    return str(format_date(date.fromisoformat(text), "long", locale=language))


def _month(text: str, language: str) -> str:
    return str(format_date(date.fromisoformat(f"{text}-01"), "MMMM y", locale=language))


def word_for_deduction(name: str) -> str:
    """What a year's table calls a line of its releases; levies keep the name that operators gave them."""
    return _("The hall’s fee") if name == "fee" else name
