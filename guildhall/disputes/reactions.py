"""What cases do when somebody's office ends, and when work is delivered while they are open."""

from uuid import UUID

from guildhall.disputes.actions.ruling import leave_cases, show_new_delivery
from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event
from guildhall.people.events import ROLES_SET
from guildhall.people.models import Person
from guildhall.workroom.events import DELIVERY_MADE


@reacts_to(ROLES_SET)
def leave_cases_when_office_ends(event: Event) -> None:
    """Whoever adjudicates no longer has no case any more, and opens none of its files."""
    if not Person.objects.filter(pk=event.subject_id, is_adjudicator=True).exists():
        leave_cases(person_id=event.subject_id, at=event.at)


@reacts_to(DELIVERY_MADE)
def show_delivery_when_case_is_open(event: Event) -> None:
    """Whoever has the case opens a version that came after they took it on."""
    show_new_delivery(milestone_id=UUID(event.facts["milestone"]), at=event.at)
