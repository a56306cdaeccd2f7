"""What a profile may hold. Pure decisions on plain values."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.payments.rules import CURRENCIES
from guildhall.people.rules import read_line
from guildhall.talent.models import Availability

LONGEST_HANDLE: Final = 40
SHORTEST_HANDLE: Final = 3
LONGEST_TITLE: Final = 100
LONGEST_OVERVIEW: Final = 5_000
MOST_SKILLS: Final = 15
MOST_LANGUAGES: Final = 8

_HANDLE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_TAKEN_BY_THE_HALL: Final = frozenset(
    {"account", "admin", "api", "edit", "guildhall", "hall", "help", "me", "moderator", "new", "official"}
    | {"operator", "profile", "root", "staff", "support", "system"}
)


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What somebody wants to offer, as written.

    Args:
        handle: their name in addresses; empty: the hall makes one of their name.
        title: one line.
        overview: Markdown.
        rate: what an hour costs; None: by agreement.
        languages: ISO 639 codes of those they work in.
        skills: ids of skills of the taxonomy, the best first.
        availability: one of `Availability`.
        shown: whether others see it.
    """

    title: str
    handle: str = ""
    overview: str = ""
    rate: Money | None = None
    languages: Sequence[str] = ()
    skills: Sequence[UUID] = ()
    availability: str = Availability.OPEN
    shown: bool = True


def tidy_profile(draft: ProfileDraft) -> ProfileDraft:
    """The draft as it is kept.

    Raises:
        Unfit: naming the field and what it may be.
    """
    title = read_line(draft.title, field="title", longest=LONGEST_TITLE)
    if not title:
        raise Unfit(_("Say in one line what you offer."), field="title")
    if draft.availability not in Availability:
        raise Unfit(_("Availability is one of: open, limited, away."), field="availability")
    return ProfileDraft(
        handle=read_handle(draft.handle) if draft.handle.strip() else "",
        title=title,
        overview=_read_overview(draft.overview),
        rate=_read_rate(draft.rate),
        languages=_read_languages(draft.languages),
        skills=_read_skills(draft.skills),
        availability=draft.availability,
        shown=draft.shown,
    )


def read_handle(text: str) -> str:
    """A handle as it is kept.

    Raises:
        Unfit: it could not stand in an address, or would pass for the hall.
    """
    handle = text.strip().lower()
    if not _HANDLE.fullmatch(handle) or not SHORTEST_HANDLE <= len(handle) <= LONGEST_HANDLE:
        raise Unfit(
            _("Use %(least)s to %(most)s small letters a–z, digits and single hyphens.")
            % {"least": SHORTEST_HANDLE, "most": LONGEST_HANDLE},
            field="handle",
        )
    if handle in _TAKEN_BY_THE_HALL:
        raise Unfit(_("That handle belongs to the hall."), field="handle")
    return handle


def handle_of(name: str) -> str:
    """A handle made of a person's name, or of nothing better where it has no Latin letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    handle = "-".join(re.findall(r"[a-z0-9]+", plain))[: LONGEST_HANDLE - 8].strip("-")
    fits = len(handle) >= SHORTEST_HANDLE and handle not in _TAKEN_BY_THE_HALL
    return handle if fits else f"worker-{handle}".strip("-")


@cache
def language_codes() -> frozenset[str]:
    """The codes of languages that have a name (ISO 639, without regions)."""
    return frozenset(code for code in map(str, Locale("en").languages) if re.fullmatch(r"[a-z]{2,3}", code))


def _read_overview(text: str) -> str:
    whole = text.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
    overview = unicodedata.normalize("NFC", kept).strip()
    if len(overview) > LONGEST_OVERVIEW:
        raise Unfit(
            _("The overview may hold %(most)s characters; this has %(length)s.")
            % {"most": LONGEST_OVERVIEW, "length": len(overview)},
            field="overview",
        )
    return overview


def _read_rate(rate: Money | None) -> Money | None:
    if rate is None:
        return None
    if rate.currency not in CURRENCIES:
        raise Unfit(
            _("An hour here is priced in one of: %(currencies)s.") % {"currencies": ", ".join(CURRENCIES)},
            field="rate",
        )
    if not 0 < rate.minor <= LARGEST_MINOR:
        raise Unfit(_("A rate is more than nothing; leave it empty to agree case by case."), field="rate")
    return rate


def _read_languages(codes: Sequence[str]) -> tuple[str, ...]:
    languages = tuple(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    unknown = [code for code in languages if code not in language_codes()]
    if unknown:
        raise Unfit(_("“%(code)s” is no language code.") % {"code": unknown[0][:20]}, field="languages")
    if len(languages) > MOST_LANGUAGES:
        raise Unfit(_("Name at most %(most)s languages.") % {"most": MOST_LANGUAGES}, field="languages")
    return languages


def _read_skills(skills: Sequence[UUID]) -> tuple[UUID, ...]:
    kept = tuple(dict.fromkeys(skills))
    if len(kept) > MOST_SKILLS:
        raise Unfit(
            _("Name at most %(most)s skills, the best first.") % {"most": MOST_SKILLS}, field="skills"
        )
    return kept
