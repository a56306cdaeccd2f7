"""Leaving feedback, showing it when its time has come, and noting facts."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.locking import lock_contract, must_be_party
from guildhall.contracts.events import facts_of_contract
from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.states import ENDED
from guildhall.kernel.errors import Refusal, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.rules import rules_in_force
from guildhall.people.models import Person
from guildhall.reputation import events
from guildhall.reputation.models import Fact, Feedback
from guildhall.reputation.rules import CLIENT_KINDS, FEEDBACK_DAYS, LONGEST_FEEDBACK, FactKind, is_seen
from guildhall.screening.actions import screen

log = logging.getLogger(__name__)


class TooEarly(Refusal):
    """Nothing was paid yet, and the contract goes on."""

    code = "too_early"


class FeedbackClosed(Stale):
    """What was said of this contract is shown; nothing is added or changed any more."""

    code = "feedback_closed"


class UnfitFeedback(Unfit):
    """Stars or words do not fit."""

    code = "unfit_feedback"


@transaction.atomic
def leave_feedback(*, contract: Contract, stars: int, text: str, by: Person, at: datetime) -> Feedback:
    """Say how it was; said again before it is shown, it replaces what was said.

    The other side reads it when both have spoken, or when the first one's window is over. No window begins
    before the contract's end, so that nobody's time to speak is over while the work goes on.

    Args:
        contract: their own, after a payment or its end.
        stars: 1 to 5.
        text: up to 2,000 characters, may be empty.
        by: one of the two sides.
        at: now.

    Raises:
        TooEarly: nothing was paid and the contract goes on.
        FeedbackClosed: it is shown already, or the window is over.
        UnfitFeedback: other stars, or too many words.
        NotFit: the words are not fit to be seen.
    """
    contract = lock_contract(contract.pk)
    must_be_party(contract, by)
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    _refuse_unfit(stars, text)
    if contract.state != ENDED and not _was_paid(contract):
        raise TooEarly(_("Feedback can be left once something was paid, or when the contract has ended."))
    given = {feedback.by_id: feedback for feedback in Feedback.objects.filter(contract=contract)}
    if any(one.revealed_at is not None or _is_over(one, at) for one in given.values()):
        raise FeedbackClosed(_("The feedback on this contract is shown. It cannot be added to or changed."))
    if text:
        screen(text=text, kind="feedback", field="text")
    feedback = _write(contract, given, stars=stars, text=text, by=by, at=at)
    given[by.pk] = feedback
    if is_seen(both_in=len(given) == 2, over=False):  # noqa: PLR2004 - a contract has two sides
        for one in given.values():
            _reveal(one, at=at)
    return feedback


def _refuse_unfit(stars: int, text: str) -> None:
    if type(stars) is not int or not 1 <= stars <= 5:  # noqa: PLR2004 - stars are one to five
        raise UnfitFeedback(_("Give one to five stars."), field="stars")
    if len(text) > LONGEST_FEEDBACK:
        raise UnfitFeedback(
            _("That is %(length)s characters; up to %(most)s fit.")
            % {"length": len(text), "most": LONGEST_FEEDBACK},
            field="text",
        )


def _write(
    contract: Contract, given: dict[UUID, Feedback], *, stars: int, text: str, by: Person, at: datetime
) -> Feedback:
    """A new feedback, or a new wording of the one that is not shown yet."""
    if mine := given.get(by.pk):
        mine.stars, mine.text, mine.at = stars, text, at
        mine.save(update_fields=["stars", "text", "at"])
        record_event(events.FEEDBACK_CHANGED, subject=mine.pk, by=by.pk, at=at, **facts_of_contract(contract))
        return mine
    other = contract.worker if by.pk == contract.client_id else contract.client
    reveal_at = _end_of_window(contract, given, at)
    feedback = Feedback.objects.create(
        contract=contract, by=by, about=other, stars=stars, text=text, at=at, reveal_at=reveal_at
    )
    record_event(
        events.FEEDBACK_LEFT,
        subject=feedback.pk,
        by=by.pk,
        at=at,
        **facts_of_contract(contract),
        about=str(other.pk),
        reveal_at=reveal_at.isoformat() if reveal_at else None,
    )
    return feedback


def _end_of_window(contract: Contract, given: dict[UUID, Feedback], at: datetime) -> datetime | None:
    """When what is said now is shown at the latest; None while the contract goes on."""
    if contract.ended_at is None:
        return None
    begun = min([at, *(one.at for one in given.values())])
    return max(begun, contract.ended_at) + timedelta(days=rules_in_force()[FEEDBACK_DAYS])


def _is_over(feedback: Feedback, at: datetime) -> bool:
    return feedback.reveal_at is not None and feedback.reveal_at <= at


@transaction.atomic
def open_windows(*, contract_id: UUID, at: datetime) -> int:
    """Begin to count the days of what was said before the contract's end; how many that were."""
    contract = lock_contract(contract_id)
    early = Feedback.objects.filter(contract=contract, reveal_at__isnull=True, revealed_at__isnull=True)
    return early.update(reveal_at=_end_of_window(contract, {}, at))


def reveal_due_feedback(*, at: datetime) -> int:
    """Show every feedback whose window is over, and return how many."""
    due = Feedback.objects.filter(revealed_at__isnull=True, reveal_at__lte=at).order_by("reveal_at", "pk")
    shown = 0
    for contract_id in list(dict.fromkeys(due.values_list("contract_id", flat=True))):
        try:
            shown += _reveal_of(contract_id, at)
        except Exception:  # one contract in trouble must not keep the others' feedback from being shown
            log.exception("feedback on contract %s could not be shown", contract_id)
    return shown


@transaction.atomic
def _reveal_of(contract_id: UUID, at: datetime) -> int:
    lock_contract(contract_id)
    due = list(Feedback.objects.filter(contract=contract_id, revealed_at__isnull=True, reveal_at__lte=at))
    for feedback in due:
        _reveal(feedback, at=at)
    return len(due)


def _reveal(feedback: Feedback, *, at: datetime) -> None:
    """Show it, and let its stars count if money was settled under the contract."""
    contract = Contract.objects.get(pk=feedback.contract_id)
    feedback.revealed_at, feedback.counts = at, _was_paid(contract)
    feedback.save(update_fields=["revealed_at", "counts"])
    if feedback.counts:
        of_client = feedback.about_id == contract.client_id
        kind = FactKind.STARS_AS_CLIENT if of_client else FactKind.STARS_AS_WORKER
        note_fact(
            person_id=feedback.about_id,
            kind=kind,
            subject=f"feedback:{feedback.pk}",
            value=feedback.stars,
            at=at,
        )
    record_event(
        events.FEEDBACK_REVEALED,
        subject=feedback.pk,
        by=None,
        at=at,
        **facts_of_contract(contract),
        about=str(feedback.about_id),
        author=str(feedback.by_id),
        stars=feedback.stars,
    )


def _was_paid(contract: Contract) -> bool:
    return Milestone.objects.filter(contract=contract, released__gt=0).exists()


@transaction.atomic
def record_client_fact(*, client: Person, kind: FactKind | str, subject: str, at: datetime) -> Fact:
    """Take down what an upper package knows of a client; told twice, it counts once.

    Args:
        client: of whom.
        kind: ``post.opened`` or ``post.filled``.
        subject: with what: ``job:<id>``.
        at: when it happened.
    """
    assert FactKind(kind) in CLIENT_KINDS, f"{kind} is not told by others"
    return note_fact(person_id=client.pk, kind=FactKind(kind), subject=subject, at=at)


def note_fact(
    *, person_id: UUID, kind: FactKind, subject: str, at: datetime, value: int | None = None
) -> Fact:
    """Write a fact down once, in the caller's transaction."""
    fact, _new = Fact.objects.get_or_create(
        person_id=person_id, kind=kind, subject=subject, defaults={"value": value, "at": at}
    )
    return fact
