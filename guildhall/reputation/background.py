"""Entry points for the worker."""

from datetime import datetime

from guildhall.reputation.actions import reveal_due_feedback


def reveal_due(*, at: datetime) -> int:
    """Show the feedback whose window is over by the database's clock."""
    return reveal_due_feedback(at=at)
