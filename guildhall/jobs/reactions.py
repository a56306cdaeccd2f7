"""What jobs do after something happened: answer who is left, and tell reputation what the client did."""

from guildhall.jobs.actions.deciding import decline_the_rest
from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event


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
