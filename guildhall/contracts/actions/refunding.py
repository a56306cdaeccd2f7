"""Money goes back because both agree: the worker gives it, or the client asks and the worker answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.asking import ask_back, facts_of_refund, thaw_asked, write_refund
from guildhall.contracts.actions.contesting import check_part
from guildhall.contracts.actions.locking import lock_milestone, must_be_client, must_be_party, must_be_worker
from guildhall.contracts.actions.moving import give_back, give_hearing
from guildhall.contracts.actions.wording import fit_words
from guildhall.contracts.events import REFUND_GIVEN
from guildhall.contracts.models import Milestone, Refund
from guildhall.contracts.states import AGREED, ASKED, DECLINED, DELIVERED, DISPUTED, WITHDRAWN
from guildhall.kernel.errors import Refusal, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.kernel.states import move
from guildhall.people.models import Person


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
    refund = write_refund(milestone, amount, reason=reason, by=by, answer_by=at, state=AGREED, at=at)
    facts = facts_of_refund(refund, milestone)
    record_event(REFUND_GIVEN, subject=refund.pk, by=by.pk, at=at, **facts, unasked=True)
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
    thaw_asked(milestone, refund, by=by.pk, at=at)
    if agree:
        move(refund, AGREED, by=by.pk, at=at, **facts_of_refund(refund, milestone))
        give_back(milestone, refund.sum, by=by.pk, at=at, refund=str(refund.pk), asked=True)
        return refund
    move(refund, DECLINED, by=by.pk, at=at, **facts_of_refund(refund, milestone), answer=refund.answer)
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
    thaw_asked(milestone, refund, by=by.pk, at=at)
    move(refund, WITHDRAWN, by=by.pk, at=at, **facts_of_refund(refund, milestone))
    return refund


@transaction.atomic
def refund_to_case(*, refund: Refund, by: UUID | None, at: datetime) -> Refund:
    """Let a case take over a request, in the transaction that opens the case.

    Raises:
        RefundAnswered: it does not wait any more.
    """
    milestone, refund = _lock(refund)
    thaw_asked(milestone, refund, by=by, at=at)
    move(refund, DISPUTED, by=by, at=at, **facts_of_refund(refund, milestone))
    return refund


def _lock(refund: Refund) -> tuple[Milestone, Refund]:
    milestone = lock_milestone(Milestone.objects.get(pk=refund.milestone_id))
    fresh = Refund.objects.get(pk=refund.pk)
    if fresh.state != ASKED:
        raise RefundAnswered(_("This request does not wait for an answer any more."))
    return milestone, fresh
