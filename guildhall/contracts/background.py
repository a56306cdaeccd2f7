"""Entry points for the worker."""

from datetime import datetime

from guildhall.contracts.actions import release_silent_milestones, warn_of_silence


def release_silent(*, at: datetime) -> int:
    """Pay the deliveries whose instant has come by the database's clock."""
    return release_silent_milestones(at=at)


def warn_silent(*, at: datetime) -> int:
    """Tell clients in time of the deliveries that silence is about to pay."""
    return warn_of_silence(at=at)
