"""An adjudicator decides a case that the two sides did not settle."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions import divide_part
from guildhall.disputes.actions.locking import CaseEnded, end_case, let_in, lock_case, shut_out
from guildhall.disputes.actions.offering import check_division
from guildhall.disputes.actions.opening import NoReasons
from guildhall.disputes.events import CASE_LEFT, CASE_TAKEN, facts_of_case
from guildhall.disputes.models import Case, Ruling
from guildhall.disputes.queries import is_anybodys, subject_of
from guildhall.disputes.states import OPEN, RULED
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.workroom.actions import open_conversation
from guildhall.workroom.actions.talking import check_text
from guildhall.workroom.rules import tidy


class OwnCase(Refusal):
    """Nobody rules a case of their own."""

    code = "own_case"
    status = 403


class TakenByAnother(Refusal):
    """Another adjudicator has the case, and still has time to rule it."""

    code = "taken_by_another"


@transaction.atomic
def take_case(*, case: Case, by: Person, at: datetime) -> Case:
    """Take a case on: its adjudicator joins its conversation and may open what was delivered.

    Raises:
        NotFound: they are no adjudicator.
        OwnCase: they are a side of the contract.
        TakenByAnother: another adjudicator has it, and the time to rule it is not over.
        CaseEnded: it is not open any more.
    """
    case, milestone = lock_case(case)
    contract = milestone.contract
    if not by.is_adjudicator:
        raise NotFound
    if by.pk in {contract.client_id, contract.worker_id}:
        raise OwnCase(_("You are a side of this contract, so another adjudicator must rule."))
    if case.adjudicator_id == by.pk:
        return case
    if case.adjudicator is not None and not is_anybodys(case, at=at):
        raise TakenByAnother(_("%(name)s has taken this case on.") % {"name": case.adjudicator.name})
    shut_out(case, milestone, by=by.pk, at=at)
    case.adjudicator = by
    case.save(update_fields=["adjudicator"])
    open_conversation(subject=subject_of(case), members=[by], at=at)
    let_in(case, milestone, at=at)
    record_event(
        CASE_TAKEN,
        subject=case.pk,
        by=by.pk,
        at=at,
        **facts_of_case(case, milestone),
        adjudicator=str(by.pk),
    )
    return case


@transaction.atomic
def leave_cases(*, person_id: UUID, at: datetime) -> int:
    """Put back the open cases of somebody who is no adjudicator any more; how many. Their files close."""
    left = 0
    for case in Case.objects.filter(adjudicator=person_id, state=OPEN).order_by("pk"):
        locked, milestone = lock_case(case)
        shut_out(locked, milestone, by=None, at=at)
        locked.adjudicator = None
        locked.save(update_fields=["adjudicator"])
        record_event(CASE_LEFT, subject=locked.pk, by=None, at=at, **facts_of_case(locked, milestone))
        left += 1
    return left


@transaction.atomic
def show_new_delivery(*, milestone_id: UUID, at: datetime) -> bool:
    """Open what was delivered meanwhile to the adjudicator of a milestone's open case, if it has one."""
    case = Case.objects.filter(milestone=milestone_id, state=OPEN, adjudicator__isnull=False).first()
    if case is None:
        return False
    try:
        case, milestone = lock_case(case)
    except CaseEnded:
        return False
    if case.adjudicator_id is None:
        return False
    let_in(case, milestone, at=at)
    return True


@transaction.atomic
def rule_case(
    *, case: Case, to_worker: Money, reasons: str, seen: Money | None = None, by: Person, at: datetime
) -> Ruling:
    """Decide a case with reasons; the contested sum follows in the same transaction.

    Args:
        case: an open one.
        to_worker: the rest goes to the client.
        reasons: both sides read them.
        seen: what was contested when they looked, if that is known.
        by: an adjudicator.
        at: now.

    Raises:
        ContestedMore: more is contested than they have seen.
        NoReasons: none were given.
        NoDivision: the worker's part is none of what is contested.
        NotFound, OwnCase, TakenByAnother, CaseEnded: it is not theirs to rule, or not any more.
    """
    case = take_case(case=case, by=by, at=at)
    case, milestone = lock_case(case)
    reasons = tidy(reasons)
    if not reasons:
        raise NoReasons(_("Give your reasons: both sides read them."), field="reasons")
    check_text(reasons, field="reasons", kind="case")
    check_division(case, to_worker, seen=seen)
    to_client = case.sum - to_worker
    ruling = Ruling.objects.create(
        case=case,
        by=by,
        to_worker=to_worker.minor,
        to_client=to_client.minor,
        currency=case.currency,
        reasons=reasons,
        at=at,
    )
    case.to_worker = to_worker.minor
    case.save(update_fields=["to_worker"])
    parts = {"to_worker": to_worker.minor, "to_client": to_client.minor}
    end_case(case, milestone, RULED, by=by.pk, at=at, ruling=str(ruling.pk), **parts)
    divide_part(
        milestone=milestone,
        to_worker=to_worker,
        to_client=to_client,
        key=ruling.pk,
        by=by.pk,
        at=at,
        case=str(case.pk),
    )
    return ruling
