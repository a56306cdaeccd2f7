"""What the worker does for holds."""

from datetime import datetime

from guildhall.escrow.actions import mature_clearing


def mature_due(*, at: datetime) -> int:
    """Free the earnings whose clearing is over by the database's clock."""
    return mature_clearing(at=at)
