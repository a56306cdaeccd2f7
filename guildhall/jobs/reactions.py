"""What jobs do after something happened: answer who is left, and tell reputation what the client did."""

from guildhall.jobs.actions.deciding import decline_the_rest
from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from guildhall.reputation.actions import record_client_fact
from guildhall.reputation.rules import FactKind


@reacts_to("job.filled")
def decline_rest_when_filled(event: Event) -> None:
    """Tell those not chosen, once somebody was."""
    decline_the_rest(job_id=event.subject_id, reason="filled", at=event.at)


@reacts_to("job.closed")
def decline_all_when_closed(event: Event) -> None:
    """Tell everybody who proposed that the client closed the job."""
    decline_the_rest(job_id=event.subject_id, reason="closed", at=event.at)


@reacts_to("job.expired")
def decline_all_when_expired(event: Event) -> None:
    """Tell everybody who proposed that the job's day has passed."""
    decline_the_rest(job_id=event.subject_id, reason="expired", at=event.at)


@reacts_to("job.open")
def note_post_when_opened(event: Event) -> None:
    """Tell reputation that the client opened a job."""
    _note(event, FactKind.POST_OPENED)


@reacts_to("job.filled")
def note_hire_when_filled(event: Event) -> None:
    """Tell reputation that the client hired for a job that they opened."""
    _note(event, FactKind.POST_FILLED)


def _note(event: Event, kind: FactKind) -> None:
    client = Person.objects.get(pk=event.facts["client"])
    record_client_fact(client=client, kind=kind, subject=f"job:{event.subject_id}", at=event.at)
