"""Opening a case, because a side disagrees or a request was left unanswered."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions import freeze_part, refund_to_case
from guildhall.contracts.actions.locking import lock_milestone, must_be_party
from guildhall.contracts.actions.refunding import RefundAnswered
from guildhall.contracts.models import Milestone, Refund
from guildhall.contracts.queries import refunds_overdue
from guildhall.contracts.states import ASKED
from guildhall.disputes.events import CASE_OPENED, facts_of_case
from guildhall.disputes.models import Case
from guildhall.disputes.queries import subject_of
from guildhall.disputes.rules import RULING_DAYS
from guildhall.disputes.states import OPEN
from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.people.models import Person
from guildhall.workroom.actions import open_conversation
from guildhall.workroom.actions.talking import check_text
from guildhall.workroom.rules import tidy

log = logging.getLogger(__name__)


class CaseOpenAlready(Refusal):
    """There is an open case about this milestone."""

    code = "case_open_already"


class LessThanAsked(Unfit):
    """A worker's case speaks of less than the client asks back."""

    code = "less_than_asked"


class NoReasons(Unfit):
    """Nobody can answer what was not said."""

    code = "no_reasons"


@transaction.atomic
def open_case(*, milestone: Milestone, contested: Money, reason: str, by: Person, at: datetime) -> Case:
    """Contest a sum of a milestone: exactly that is frozen, and the rest goes its way.

    A request for a refund that still waits becomes part of the case: a worker contests at least as much.

    Args:
        milestone: one with money held for it.
        contested: up to what is left of it.
        reason: what went wrong, in their own words.
        by: one of the two sides.
        at: now.

    Raises:
        NothingHeld, MoreThanLeft: there is not so much to contest.
        LessThanAsked: it is the worker's, and would let go of a part of what the client asks back.
        CaseOpenAlready: a case about this milestone is open.
        NoReasons: none were given.
    """
    milestone = lock_milestone(milestone)
    must_be_party(milestone.contract, by)
    return _open(milestone, contested=contested, reason=fit_reason(reason), by=by, at=at)


def fit_reason(reason: str) -> str:
    """Why somebody contests, as it is kept.

    Raises:
        NoReasons: there is none.
        NotFit: it is not fit to be read.
    """
    reason = tidy(reason)
    if not reason:
        raise NoReasons(_("Say what went wrong: the other side and the adjudicator read it."), field="reason")
    check_text(reason, field="reason", kind="case")
    return reason


def _open(
    milestone: Milestone,
    *,
    contested: Money,
    reason: str,
    taken_over: Refund | None = None,
    by: Person,
    at: datetime,
) -> Case:
    """Open a case about a locked milestone. Whether its reason may be read has been judged before."""
    if Case.objects.filter(milestone=milestone, state=OPEN).exists():
        raise CaseOpenAlready(_("A case about this milestone is open already. Contest more there."))
    refund = Refund.objects.filter(milestone=milestone, state=ASKED).first()
    if refund is not None:
        _refuse_less(refund, contested, by=by, milestone=milestone)
        refund_to_case(refund=refund, by=by.pk, at=at)
    case = Case(
        milestone=milestone,
        refund=refund or taken_over,
        opened_by=by,
        contested=contested.minor,
        currency=contested.currency,
        reason=reason,
        opened_at=at,
        rule_by=at + timedelta(days=rules_in_force()[RULING_DAYS]),
        state=OPEN,
        moved_at=at,
    )
    freeze_part(milestone=milestone, amount=contested, reason="case", by=by.pk, at=at)
    case.save(force_insert=True)
    contract = milestone.contract
    open_conversation(subject=subject_of(case), members=[contract.client, contract.worker], at=at)
    record_event(
        CASE_OPENED,
        subject=case.pk,
        by=by.pk,
        at=at,
        **facts_of_case(case, milestone),
        rule_by=case.rule_by.isoformat(),
    )
    return case


def _refuse_less(refund: Refund, contested: Money, *, by: Person, milestone: Milestone) -> None:
    """Keep a worker from thawing what the client asked for by a case about something smaller."""
    if by.pk == milestone.contract.worker_id and contested.minor < refund.amount:
        raise LessThanAsked(
            _("The client asks for %(asked)s back: contest at least that much.") % {"asked": str(refund.sum)},
            field="contested",
        )


def take_up_unanswered_refunds(*, at: datetime) -> int:
    """Open a case for each request for a refund that the worker left unanswered, and return how many."""
    opened = 0
    for refund in list(refunds_overdue(at=at)):
        try:
            opened += _take_up(refund, at)
        except Exception:  # one request in trouble must not keep the others from being heard
            log.exception("request %s could not become a case", refund.pk)
    return opened


@transaction.atomic
def _take_up(refund: Refund, at: datetime) -> bool:
    milestone = lock_milestone(Milestone.objects.get(pk=refund.milestone_id))
    if Case.objects.filter(milestone=milestone, state=OPEN).exists():
        return False  # what it asks for stays frozen, and is heard when that case has ended
    try:
        refund = refund_to_case(refund=refund, by=None, at=at)
    except RefundAnswered:
        return False
    # Its words were judged when it was asked; a rule that is stricter now must not keep the money frozen.
    _open(
        lock_milestone(milestone),
        contested=refund.sum,
        reason=refund.reason,
        taken_over=refund,
        by=refund.by,
        at=at,
    )
    return True
