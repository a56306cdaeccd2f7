"""What this package announces besides state changes such as ``case.agreed`` and ``case.ruled``."""

from typing import Any, Final

from guildhall.contracts.events import facts_of_milestone
from guildhall.contracts.models import Milestone
from guildhall.disputes.models import Case

CASE_OPENED: Final = "case.opened"
CASE_WIDENED: Final = "case.widened"  # one side contests more
CASE_TAKEN: Final = "case.taken"  # by an adjudicator
CASE_LEFT: Final = "case.left"  # because its adjudicator is none any more
CASE_OVERDUE: Final = "case.overdue"  # the day by which it was to be ruled has passed
CASE_STRANDED: Final = "case.stranded"  # there is no adjudicator but its own sides
OFFER_MADE: Final = "offer.made"


def facts_of_case(case: Case, milestone: Milestone) -> dict[str, Any]:
    """Who and what a case is about, for whoever hears of it."""
    return {
        **facts_of_milestone(milestone),
        "case": str(case.pk),
        "contested": case.contested,
        "opened_by": str(case.opened_by_id),
    }
