"""What cases do when somebody's office ends."""

from guildhall.disputes.actions.ruling import leave_cases
from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event
from guildhall.people.events import ROLES_SET
from guildhall.people.models import Person


@reacts_to(ROLES_SET)
def leave_cases_when_office_ends(event: Event) -> None:
    """Whoever adjudicates no longer has no case any more, and opens none of its files."""
    if not Person.objects.filter(pk=event.subject_id, is_adjudicator=True).exists():
        leave_cases(person_id=event.subject_id, at=event.at)
