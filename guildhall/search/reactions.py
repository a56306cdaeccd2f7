"""What search does after something changed that an index mirrors: it marks it, to be read again."""

from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event
from guildhall.people.events import EDITED
from guildhall.search.actions import mark_changed
from guildhall.talent.events import PROFILE_SAVED


@reacts_to("job.open", "job.edited", "job.filled", "job.closed", "job.expired")
def reread_job_when_changed(event: Event) -> None:
    """An opened job is to be found, an ended one no longer."""
    mark_changed(kind="jobs", subjects=[event.subject_id])


@reacts_to(PROFILE_SAVED, EDITED)
def reread_person_when_changed(event: Event) -> None:
    """A saved profile is to be found as it is now; so is its person's name and country."""
    mark_changed(kind="people", subjects=[event.subject_id])
