"""Money goes back because both agree: the worker gives it, or the client asks and the worker answers."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.contesting import check_part
from guildhall.contracts.actions.locking import lock_milestone, must_be_client, must_be_party, must_be_worker
from guildhall.contracts.actions.moving import give_back, give_hearing, hold_of
from guildhall.contracts.actions.wording import fit_words
from guildhall.contracts.events import REFUND_ASKED, REFUND_GIVEN, facts_of_milestone
from guildhall.contracts.models import Milestone, Refund
from guildhall.contracts.rules import REFUND_DAYS
from guildhall.contracts.states import AGREED, ASKED, DECLINED, DELIVERED, DISPUTED, WITHDRAWN
from guildhall.escrow.actions import freeze_hold, thaw_hold
from guildhall.kernel.errors import Refusal, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.people.models import Person


class AskedAlready(Refusal):
    """A request for this milestone still waits for its answer."""

    code = "asked_already"


class AskedBefore(Refusal):
    """A request about this version was declined, taken back or taken to a case."""

    code = "asked_before"


class RefundAnswered(Stale):
    """The request was answered, withdrawn or taken to a case."""

    code = "refund_answered"


class NoReason(Unfit):
    """Nobody gives or takes money without a word why."""

    code = "no_reason"


@transaction.atomic
def propose_refund(*, milestone: Milestone, amount: Money, reason: str, by: Person, at: datetime) -> Refund:
    """Ask for a part or all of a milestone back; from the worker's side, give it back at once.

    What the client asks for stays where it is until the worker answers, or a case decides: it is frozen, so
    that silence does not release it meanwhile.

    Raises:
        NothingHeld, MoreThanLeft: there is not so much to return.
        AskedAlready: an earlier request still waits.
        AskedBefore: one about this very delivery has had its answer.
        NoReason, UnfitWords, NotFit: no reason was given, or not one to be read.
    """
    milestone = lock_milestone(milestone)
    must_be_party(milestone.contract, by)
    check_part(milestone, amount, field="amount")
    reason = fit_words(reason, field="reason")
    if not reason:
        raise NoReason(_("Say why: the other side reads it."), field="reason")
    if by.pk == milestone.contract.client_id:
        _refuse_asked_before(milestone)
        return ask_back(milestone, amount, reason=reason, by=by, at=at)
    # It waits for nobody, so it stands beside a request of the client's that does.
    refund = _write(milestone, amount, reason=reason, by=by, answer_by=at, state=AGREED, at=at)
    record_event(REFUND_GIVEN, subject=refund.pk, by=by.pk, at=at, **_facts(refund, milestone))
    give_back(milestone, amount, by=by.pk, at=at, refund=str(refund.pk))
    return refund


def _refuse_asked_before(milestone: Milestone) -> None:
    """Let one version of the work be asked about once: each request keeps silence from paying for days."""
    if milestone.state != DELIVERED:
        return
    asked = Refund.objects.filter(
        milestone=milestone,
        by=milestone.contract.client_id,
        asked_at__gte=milestone.delivered_at,
        state__in=[DECLINED, WITHDRAWN, DISPUTED],
    )
    if asked.exists():
        raise AskedBefore(
            _("You have asked about this delivery before. Open a case if you still disagree with it.")
        )


def ask_back(
    milestone: Milestone,
    amount: Money,
    *,
    reason: str,
    answer_by: datetime | None = None,
    by: Person,
    at: datetime,
) -> Refund:
    """Ask the worker for an amount of a locked milestone, and freeze it until there is an answer."""
    if Refund.objects.filter(milestone=milestone, state=ASKED).exists():
        raise AskedAlready(_("You have asked already: your request waits for the worker's answer."))
    answer_by = answer_by or at + timedelta(days=rules_in_force()[REFUND_DAYS])
    refund = _write(milestone, amount, reason=reason, by=by, answer_by=answer_by, state=ASKED, at=at)
    freeze_hold(hold=hold_of(milestone), amount=amount, reason=f"refund:{refund.pk}", by=by.pk, at=at)
    record_event(
        REFUND_ASKED,
        subject=refund.pk,
        by=by.pk,
        at=at,
        **_facts(refund, milestone),
        answer_by=answer_by.isoformat(),
    )
    return refund


def ask_anew(milestone: Milestone, refund: Refund, *, by: UUID | None, at: datetime) -> Refund:
    """Ask again for what a case had taken over and the worker took back, with no more time to answer it.

    What the client asked for meanwhile becomes a part of it: one request at a time waits.
    """
    waiting = Refund.objects.filter(milestone=milestone, state=ASKED).first()
    asked = [refund, waiting] if waiting else [refund]
    withdraw_asked(milestone, by=by, at=at)
    return ask_back(
        milestone,
        Money(sum(one.amount for one in asked), refund.currency),
        reason="\n\n".join(one.reason for one in asked),
        answer_by=min(one.answer_by for one in asked),
        by=refund.by,
        at=at,
    )


@transaction.atomic
def answer_refund(*, refund: Refund, agree: bool, answer: str = "", by: Person, at: datetime) -> Refund:
    """Say yes, and the money returns; or no, and it stays, and the client may open a case.

    After a no the clock of delivered work leaves the client some days for that.

    Raises:
        RefundAnswered: it does not wait for an answer any more.
        NoReason, UnfitWords, NotFit: a no without a word why, or words not fit to be read.
    """
    milestone, refund = _lock(refund)
    must_be_worker(milestone.contract, by)
    answer = fit_words(answer, field="answer")
    if not agree and not answer:
        raise NoReason(_("Say why not: the client reads it."), field="answer")
    refund.answer = answer
    refund.save(update_fields=["answer"])
    _thaw(milestone, refund, by=by.pk, at=at)
    if agree:
        move(refund, AGREED, by=by.pk, at=at, **_facts(refund, milestone))
        give_back(milestone, refund.sum, by=by.pk, at=at, refund=str(refund.pk), asked=True)
        return refund
    move(refund, DECLINED, by=by.pk, at=at, **_facts(refund, milestone), answer=refund.answer)
    give_hearing(milestone, at=at)
    return refund


@transaction.atomic
def withdraw_refund(*, refund: Refund, by: Person, at: datetime) -> Refund:
    """Take a request back: the money goes on as if it had not been asked for.

    Raises:
        RefundAnswered: it does not wait any more.
    """
    milestone, refund = _lock(refund)
    must_be_client(milestone.contract, by)
    _thaw(milestone, refund, by=by.pk, at=at)
    move(refund, WITHDRAWN, by=by.pk, at=at, **_facts(refund, milestone))
    return refund


def withdraw_asked(milestone: Milestone, *, by: UUID | None, at: datetime) -> None:
    """Take back what the client has asked of a locked milestone: they approve, or ask for all at once."""
    for refund in Refund.objects.filter(milestone=milestone, state=ASKED):
        _thaw(milestone, refund, by=by, at=at)
        move(refund, WITHDRAWN, by=by, at=at, **_facts(refund, milestone))


def agree_asked(milestone: Milestone, *, by: UUID | None, at: datetime) -> None:
    """Give back whatever the client has asked of a locked milestone, because the worker leaves."""
    for refund in Refund.objects.filter(milestone=milestone, state=ASKED):
        _thaw(milestone, refund, by=by, at=at)
        move(refund, AGREED, by=by, at=at, **_facts(refund, milestone))
        give_back(milestone, refund.sum, by=by, at=at, refund=str(refund.pk), asked=True)


@transaction.atomic
def refund_to_case(*, refund: Refund, by: UUID | None, at: datetime) -> Refund:
    """Let a case take over a request, in the transaction that opens the case.

    Raises:
        RefundAnswered: it does not wait any more.
    """
    milestone, refund = _lock(refund)
    _thaw(milestone, refund, by=by, at=at)
    move(refund, DISPUTED, by=by, at=at, **_facts(refund, milestone))
    return refund


def _lock(refund: Refund) -> tuple[Milestone, Refund]:
    milestone = lock_milestone(Milestone.objects.get(pk=refund.milestone_id))
    fresh = Refund.objects.get(pk=refund.pk)
    if fresh.state != ASKED:
        raise RefundAnswered(_("This request does not wait for an answer any more."))
    return milestone, fresh


def _write(
    milestone: Milestone,
    amount: Money,
    *,
    reason: str,
    by: Person,
    answer_by: datetime,
    state: str,
    at: datetime,
) -> Refund:
    return Refund.objects.create(
        milestone=milestone,
        by=by,
        amount=amount.minor,
        currency=amount.currency,
        reason=reason,
        asked_at=at,
        answer_by=answer_by,
        state=state,
        moved_at=at,
    )


def _thaw(milestone: Milestone, refund: Refund, *, by: UUID | None, at: datetime) -> None:
    thaw_hold(hold=hold_of(milestone), amount=refund.sum, by=by, at=at)


def _facts(refund: Refund, milestone: Milestone) -> dict[str, object]:
    return {**facts_of_milestone(milestone), "refund": str(refund.pk), "amount": refund.amount}
