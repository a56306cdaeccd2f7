"""Taking a case for oneself, its contract first; and what ends with it."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from guildhall.contracts.actions.locking import lock_milestone
from guildhall.contracts.models import Milestone
from guildhall.disputes.events import facts_of_case
from guildhall.disputes.models import Case, Offer
from guildhall.disputes.queries import subject_of
from guildhall.disputes.states import LAPSED, MADE, OPEN
from guildhall.files.actions import end_access, grant_access
from guildhall.files.models import StoredFile
from guildhall.kernel.errors import Stale
from guildhall.kernel.states import move
from guildhall.workroom.actions import leave_conversation
from guildhall.workroom.models import Conversation
from guildhall.workroom.queries import files_delivered_for


class CaseEnded(Stale):
    """The case is decided, agreed or withdrawn."""

    code = "case_ended"


def lock_case(case: Case) -> tuple[Case, Milestone]:
    """An open case as it stands now, with its milestone; nobody else changes them until this ends.

    Raises:
        CaseEnded: it is not open any more.
    """
    milestone = lock_milestone(Milestone.objects.get(pk=case.milestone_id))
    fresh = Case.objects.select_related("opened_by", "adjudicator").get(pk=case.pk)
    if fresh.state != OPEN:
        raise CaseEnded(_("This case has ended. Look at it again."))
    return fresh, milestone


def end_case(
    case: Case, milestone: Milestone, state: str, *, by: UUID, at: datetime, **facts: object
) -> None:
    """Move a locked case to its last state; offers lapse and its adjudicator sees the files no longer."""
    let_offers_lapse(case, by=by, at=at)
    shut_out(case, milestone, by=by, at=at)
    move(case, state, by=by, at=at, **facts_of_case(case, milestone), **facts)


def let_offers_lapse(case: Case, *, by: UUID, at: datetime) -> None:
    """Let what was offered in a locked case stand no longer."""
    for offer in Offer.objects.filter(case=case, state=MADE):
        move(offer, LAPSED, by=by, at=at, case=str(case.pk))


def let_in(case: Case, milestone: Milestone, *, at: datetime) -> None:
    """Open what was delivered to whoever has the case."""
    assert case.adjudicator_id is not None, "nobody has this case"
    for file in StoredFile.objects.filter(pk__in=files_delivered_for(milestone.pk)):
        grant_access(file=file, to=case.adjudicator_id, by=None, at=at)


def shut_out(case: Case, milestone: Milestone, *, by: UUID | None, at: datetime) -> None:
    """Close what was delivered and said to whoever has the case, because they have it no longer."""
    if case.adjudicator_id is None:
        return
    for file in StoredFile.objects.filter(pk__in=files_delivered_for(milestone.pk)):
        end_access(file=file, to=case.adjudicator_id, by=by, at=at)
    talk = Conversation.objects.get(subject=subject_of(case))
    leave_conversation(conversation=talk, person_id=case.adjudicator_id, by=by, at=at)
