"""Background work on jobs."""

from datetime import datetime

from guildhall.jobs.actions.posting import expire_job
from guildhall.jobs.models import Job
from guildhall.jobs.states import OPEN


def expire_due(*, at: datetime) -> int:
    """End the open jobs whose day has passed (it ends at midnight UTC); each in its own transaction."""
    due = Job.objects.filter(state=OPEN, deadline__lt=at.date()).order_by("deadline", "id")[:1000]
    return sum(expire_job(job=job, at=at) for job in due)
