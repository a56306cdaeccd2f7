"""Entry points for the worker."""

from datetime import datetime

from guildhall.contracts.actions import release_silent_milestones


def release_silent(*, at: datetime) -> int:
    """Pay the deliveries whose instant has come by the database's clock."""
    return release_silent_milestones(at=at)
