"""What a worker offers, as written, and whether it can be sent so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from guildhall.jobs.briefs import LONGEST_TITLE
from guildhall.jobs.rules import (
    refuse_bad_day,
    refuse_below_floor,
    refuse_longer,
    refuse_more,
    tidy_line,
    tidy_text,
)
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.kernel.rules import HouseRules

LONGEST_LETTER: Final = 10_000
MOST_MILESTONES: Final = 20


@dataclass(frozen=True, slots=True)
class MilestoneDraft:
    """One step that a worker proposes."""

    title: str
    amount: Money
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """What a worker offers, as written.

    Args:
        price: for everything.
        milestones: steps whose amounts sum to the price; none means one step with the job's title.
        delivery: the day by which everything is promised.
        letter: to the client.
    """

    price: Money
    delivery: date
    letter: str
    milestones: Sequence[MilestoneDraft] = ()


def tidy_offer(
    draft: ProposalDraft, *, title: str, currency: str, rules: HouseRules, at: datetime
) -> ProposalDraft:
    """The offer as it is kept, or a refusal.

    Args:
        draft: as written.
        title: of the job: names the one step of an offer without milestones.
        currency: of the job.
        rules: as they stand, for the floor.
        at: now; every day of an offer lies on or after it.

    Raises:
        Unfit: the first thing that cannot stand, with its field.
    """
    if draft.price.currency != currency:
        raise Unfit(_("Propose in the job’s currency, %(code)s.") % {"code": currency}, field="price")
    refuse_below_floor(draft.price, rules, field="price")
    refuse_bad_day(draft.delivery, at=at, field="delivery")
    letter = tidy_text(draft.letter)
    if not letter:
        raise Unfit(_("Write a letter: the client chooses a person, not a price."), field="letter")
    refuse_longer(letter, LONGEST_LETTER, field="letter")
    steps = tuple(draft.milestones) or (MilestoneDraft(title, draft.price, draft.delivery),)
    steps = tuple(MilestoneDraft(tidy_line(step.title), step.amount, step.due) for step in steps)
    _refuse_bad_steps(steps, draft, at=at)
    return ProposalDraft(price=draft.price, delivery=draft.delivery, letter=letter, milestones=steps)


def as_written(offer: ProposalDraft, *, title: str | None) -> ProposalDraft:
    """A kept offer without the one step that the hall made for it, so that its price and day change alone.

    Args:
        offer: as it is kept.
        title: the job’s; None where that may have changed since the offer was made, and any will do.
    """
    if len(offer.milestones) != 1:
        return offer
    [step] = offer.milestones
    made_by_hall = (step.amount, step.due) == (offer.price, offer.delivery) and title in {None, step.title}
    return replace(offer, milestones=()) if made_by_hall else offer


def _refuse_bad_steps(steps: Sequence[MilestoneDraft], draft: ProposalDraft, *, at: datetime) -> None:
    refuse_more(len(steps), MOST_MILESTONES, field="milestones")
    for step in steps:
        if not step.title:
            raise Unfit(_("Every milestone needs a title."), field="milestones")
        refuse_longer(step.title, LONGEST_TITLE, field="milestones")
        if step.amount.currency != draft.price.currency or step.amount.minor <= 0:
            raise Unfit(
                _("Every milestone has an amount above zero in the job’s currency."), field="milestones"
            )
        if step.due is not None:
            refuse_bad_day(step.due, at=at, field="milestones")
            if step.due > draft.delivery:
                raise Unfit(_("No milestone can be due after the delivery date."), field="milestones")
    total = sum((step.amount for step in steps), Money(0, draft.price.currency))
    if total != draft.price:
        raise Unfit(
            _("The milestones sum to %(total)s and the price is %(price)s: they must be the same.")
            % {"total": total, "price": draft.price},
            field="milestones",
        )
