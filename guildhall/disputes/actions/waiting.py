"""Cases that wait too long, or for somebody who is not there."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from guildhall.disputes.actions.locking import CaseEnded, lock_case
from guildhall.disputes.events import CASE_OVERDUE, CASE_STRANDED, facts_of_case
from guildhall.disputes.models import Case
from guildhall.disputes.states import OPEN
from guildhall.kernel.events import record_event
from guildhall.kernel.models import Event
from guildhall.people.queries import adjudicators

log = logging.getLogger(__name__)


def cry_out_waiting_cases(*, at: datetime) -> int:
    """Announce, once for each open case, that its day has passed or that nobody here may rule it; how many.

    Args:
        at: the database's clock.
    """
    told = 0
    for name, cases in ((CASE_OVERDUE, _overdue(at)), (CASE_STRANDED, _stranded())):
        for case in list(_untold(cases, name)):
            try:
                told += _cry_out(case, name, at)
            except Exception:  # one case in trouble must not keep the others from being told of
                log.exception("nobody could be told that case %s waits", case.pk)
    return told


def _overdue(at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(state=OPEN, rule_by__lt=at)


def _stranded() -> QuerySet[Case]:
    """The open cases whose sides are the only adjudicators there are, or that have none at all."""
    client, worker = OuterRef("milestone__contract__client"), OuterRef("milestone__contract__worker")
    able = adjudicators().exclude(pk=client).exclude(pk=worker)
    return Case.objects.filter(~Exists(able), state=OPEN)


def _untold(cases: QuerySet[Case], name: str) -> QuerySet[Case]:
    return cases.exclude(Exists(Event.objects.filter(subject_id=OuterRef("pk"), name=name))).order_by("pk")


@transaction.atomic
def _cry_out(case: Case, name: str, at: datetime) -> bool:
    try:
        case, milestone = lock_case(case)
    except CaseEnded:
        return False
    if not _untold(Case.objects.filter(pk=case.pk), name).exists():
        return False
    facts = {**facts_of_case(case, milestone), "rule_by": case.rule_by.isoformat()}
    record_event(name, subject=case.pk, by=None, at=at, **facts)
    return True
