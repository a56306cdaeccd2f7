"""What the worker does here."""

from datetime import datetime

from guildhall.insights.actions import count_hall


def count_figures(*, at: datetime) -> int:
    """Count the public figures anew."""
    return count_hall(at=at)
