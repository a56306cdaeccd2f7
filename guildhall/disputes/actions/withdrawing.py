"""Taking a case back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions import thaw_part
from guildhall.disputes.actions.locking import end_case, lock_case
from guildhall.disputes.models import Case
from guildhall.disputes.queries import contentions_in, is_widened_by_other
from guildhall.disputes.states import WITHDRAWN
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.people.models import Person


class WidenedByOther(Refusal):
    """The other side has contested more in the case."""

    code = "widened_by_other"


@transaction.atomic
def withdraw_case(*, case: Case, by: Person, at: datetime) -> Case:
    """Take a case back: what it froze goes on as if it had not been contested.

    A worker's own case leaves the client no worse: what they asked back is asked again, and silence pays
    nothing before they had time to object.

    Raises:
        CaseEnded: it is not open any more.
        NotFound: somebody else opened it.
        WidenedByOther: it is not theirs alone any more.
    """
    case, milestone = lock_case(case)
    if by.pk != case.opened_by_id:
        raise NotFound
    if is_widened_by_other(case):
        raise WidenedByOther(
            _(
                "The other side has contested more in this case, so it is not yours alone to withdraw."
                " Offer a division, or let it be ruled."
            )
        )
    end_case(case, milestone, WITHDRAWN, by=by.pk, at=at)
    taken_over = [case.refund, *(one.refund for one in contentions_in(case))]
    refunds = [refund for refund in taken_over if refund is not None]
    thaw_part(milestone=milestone, amount=case.sum, refunds=refunds, by=by.pk, at=at)
    return case
