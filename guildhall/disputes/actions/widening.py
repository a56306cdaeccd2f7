"""Either side contests more of a milestone whose case is open."""

from datetime import datetime

from django.db import transaction

from guildhall.contracts.actions import freeze_part, refund_to_case
from guildhall.contracts.actions.locking import must_be_party
from guildhall.contracts.models import Refund
from guildhall.contracts.states import ASKED
from guildhall.disputes.actions.locking import let_offers_lapse, lock_case
from guildhall.disputes.actions.opening import fit_reason
from guildhall.disputes.events import CASE_WIDENED, facts_of_case
from guildhall.disputes.models import Case, Contention
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.people.models import Person


@transaction.atomic
def contest_more(*, case: Case, contested: Money, reason: str, by: Person, at: datetime) -> Contention:
    """Freeze a further part of the milestone into its open case; what was offered before stands no longer.

    A request for a refund that still waits becomes part of the case if as much is contested more; else it
    waits on beside it, so that neither side frees a part of what was asked for. The day by which the case is
    to be ruled stays, or either side could put it off for ever.

    Args:
        case: an open one.
        contested: besides what is contested, up to what is left.
        reason: what went wrong, in their own words.
        by: one of the two sides, whoever opened it.
        at: now.

    Raises:
        CaseEnded: it is not open any more.
        MoreThanLeft: there is not so much to contest.
        NoReasons, NotFit: no reason was given, or not one to be read.
    """
    case, milestone = lock_case(case)
    must_be_party(milestone.contract, by)
    reason = fit_reason(reason)
    covered = Refund.objects.filter(milestone=milestone, state=ASKED, amount__lte=contested.minor).first()
    if covered is not None:
        refund_to_case(refund=covered, by=by.pk, at=at)
    freeze_part(milestone=milestone, amount=contested, reason="case", by=by.pk, at=at)
    contention = Contention.objects.create(
        case=case,
        refund=covered,
        by=by,
        contested=contested.minor,
        currency=contested.currency,
        reason=reason,
        at=at,
    )
    case.contested += contested.minor
    case.save(update_fields=["contested"])
    let_offers_lapse(case, by=by.pk, at=at)
    record_event(
        CASE_WIDENED,
        subject=case.pk,
        by=by.pk,
        at=at,
        **facts_of_case(case, milestone),
        contention=str(contention.pk),
        more=contention.contested,
        adjudicator=str(case.adjudicator_id) if case.adjudicator_id else None,
    )
    return contention
