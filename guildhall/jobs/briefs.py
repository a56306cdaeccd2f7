"""What a client asks for, as written, and whether it can be kept or opened so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from guildhall.jobs.rules import (
    CURRENCIES,
    BelowFloor,
    refuse_bad_day,
    refuse_below_floor,
    refuse_longer,
    refuse_more,
    tidy_line,
    tidy_text,
)
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.kernel.rules import HouseRules

LONGEST_TITLE: Final = 120
LONGEST_BRIEF: Final = 20_000
LONGEST_DELIVERABLE: Final = 300
MOST_DELIVERABLES: Final = 30
MOST_SKILLS: Final = 25


@dataclass(frozen=True, slots=True)
class JobBrief:
    """What a client asks for, as written.

    Args:
        title: one line.
        brief: what it is for, in Markdown.
        deliverables: what is to be delivered, in order.
        skills: ids of skills of the hall's taxonomy, in order.
        currency: of the budget, and of every price proposed.
        budget: None where the price is to be proposed.
        deadline: the day on which the work is wanted, if any.
        country: where the work comes from, if not from the client's own country (imports know better).
    """

    title: str
    brief: str = ""
    deliverables: Sequence[str] = ()
    skills: Sequence[UUID] = ()
    currency: str = "USD"
    budget: Money | None = None
    deadline: date | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a brief was read when it was not written in the hall.

    Args:
        link: the address that identifies it; the same client brings each link once.
        content_hash: of what was read, so that a second reading knows whether it changed.
        draft_reason: why it stays a draft for now, or empty.
    """

    link: str
    content_hash: str
    draft_reason: str = ""


def tidy_brief(brief: JobBrief) -> JobBrief:
    """The brief as it is kept, or a refusal of what no draft can hold.

    Raises:
        Unfit: no title, something too long or too many, an unknown currency, an impossible budget.
    """
    kept = JobBrief(
        title=tidy_line(brief.title),
        brief=tidy_text(brief.brief),
        deliverables=tuple(line for text in brief.deliverables if (line := tidy_line(text))),
        skills=tuple(dict.fromkeys(brief.skills)),
        currency=brief.currency,
        budget=brief.budget,
        deadline=brief.deadline,
        country=brief.country,
    )
    if not kept.title:
        raise Unfit(_("Give the job a title."), field="title")
    refuse_longer(kept.title, LONGEST_TITLE, field="title")
    refuse_longer(kept.brief, LONGEST_BRIEF, field="brief")
    for text in kept.deliverables:
        refuse_longer(text, LONGEST_DELIVERABLE, field="deliverables")
    refuse_more(len(kept.deliverables), MOST_DELIVERABLES, field="deliverables")
    refuse_more(len(kept.skills), MOST_SKILLS, field="skills")
    if kept.currency not in CURRENCIES:
        raise Unfit(
            _("Jobs here are posted in one of: %(currencies)s.") % {"currencies": ", ".join(CURRENCIES)},
            field="currency",
        )
    if kept.budget is not None and kept.budget.currency != kept.currency:
        raise Unfit(_("The budget must be in the currency of the job."), field="budget")
    if kept.budget is not None and not 0 < kept.budget.minor <= LARGEST_MINOR:
        raise Unfit(
            _("A budget is more than nothing; leave it empty to let workers propose."), field="budget"
        )
    return kept


def troubles_with(brief: JobBrief, *, rules: HouseRules, at: datetime) -> list[Unfit]:
    """What keeps a tidy brief from being opened, in the order of the form; nothing if it may open."""
    troubles: list[Unfit] = []
    if not brief.brief:
        troubles.append(Unfit(_("Say what the work is for before opening."), field="brief"))
    if not brief.deliverables:
        troubles.append(Unfit(_("List at least one thing to be delivered."), field="deliverables"))
    if brief.budget is not None:
        try:
            refuse_below_floor(brief.budget, rules, field="budget")
        except BelowFloor as below:
            troubles.append(below)
    if brief.deadline is not None:
        try:
            refuse_bad_day(brief.deadline, at=at, field="deadline")
        except Unfit as bad:
            troubles.append(bad)
    return troubles
