"""What may not stand in a text, as published rules over plain reading. Pure: no tables, no clock."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guildhall.screening.reading import plain, unleet


@dataclass(frozen=True, slots=True)
class PublishedRule:
    """A rule that everybody can read; what it looks for stands in `patterns.toml` under its name.

    Args:
        name: its stable name, which every refusal carries.
        says: the rule in one sentence.
        before_hiring: whether it binds only people who do not work together yet.
    """

    name: str
    says: str | Promise
    before_hiring: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a text breaks and the words, as they were read, that break it."""

    rule: PublishedRule
    words: str


CONTACTS: Final = PublishedRule(
    "contacts_stay_inside",
    _(
        "Names, posts, profiles, proposals and conversations before hiring carry no way to reach somebody "
        "outside the hall: no e-mail address, telephone number or messenger name. What is agreed outside "
        "cannot be protected here."
    ),
    before_hiring=True,
)
WORKER_NEVER_PAYS: Final = PublishedRule(
    "workers_never_pay",
    _(
        "Nobody pays to work here: no deposit, fee, training, equipment, gift card or money sent on may be "
        "asked of a worker."
    ),
)
PROHIBITED: Final = (
    PublishedRule(
        "no_harm_to_people",
        _("Work that hurts, frightens, humiliates, follows or exposes somebody is not offered here."),
    ),
    PublishedRule(
        "no_weapons_or_drugs",
        _("Weapons, explosives, illegal drugs and how to make them are not traded here."),
    ),
    PublishedRule(
        "no_fraud_or_forgery",
        _(
            "Forged papers, invented reviews, counterfeit goods and help with deceiving others are not "
            "offered here."
        ),
    ),
    PublishedRule(
        "no_breaking_in",
        _("Breaking into accounts or machines of others is not offered here, nor is software for it."),
    ),
    PublishedRule(
        "no_cheating_at_school",
        _(
            "Nobody’s examination, homework or thesis is done for them here; teaching and proofreading are "
            "welcome."
        ),
    ),
    PublishedRule(
        "no_borrowed_accounts",
        _("An account belongs to one person: it is not rented, sold, bought or used by somebody else."),
    ),
    PublishedRule(
        "no_sexual_services",
        _("Sexual services and sexual pictures are not offered here."),
    ),
    PublishedRule(
        "no_discrimination",
        _("Work is open to people, not to a race, religion, sex or age of people."),
    ),
)
"""Work that is not offered here, as one published list."""

PUBLISHED: Final = (CONTACTS, WORKER_NEVER_PAYS, *PROHIBITED)
"""Every rule about words, in the order in which they are asked."""


def findings_in(
    text: str, *, hired: bool = False, asked: Sequence[PublishedRule] = PUBLISHED
) -> list[Finding]:
    """The rules that a text breaks, each once, with the words that break it.

    Args:
        text: as it was written.
        hired: whether it is said between people who work together: they may exchange ways to meet.
        asked: the rules to ask.
    """
    seen = plain(text)
    readings = dict.fromkeys((seen, unleet(seen)))
    found = []
    for rule in asked:
        if rule.before_hiring and hired:
            continue
        hits = (pattern.search(each) for pattern in _patterns()[rule.name] for each in readings)
        hit = next((hit for hit in hits if hit is not None), None)
        if hit is not None:
            found.append(Finding(rule, " ".join(hit[0].split())))
    return found


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    """What each rule looks for, read at the first question."""
    listed = tomllib.loads(Path(__file__).with_name("patterns.toml").read_text(encoding="utf-8"))

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"%(\w+)%", lambda name: f"(?:{listed['words'][name[1]]})", pattern))

    return {
        name: [compiled(pattern) for pattern in patterns] for name, patterns in listed["patterns"].items()
    }
