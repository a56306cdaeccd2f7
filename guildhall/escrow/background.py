"""What the worker does for holds."""

from datetime import datetime

from guildhall.escrow.actions import mature_clearing
from guildhall.escrow.savings.goals import warn_of_goal_days


def mature_due(*, at: datetime) -> int:
    """Free the earnings whose clearing is over by the database's clock."""
    return mature_clearing(at=at)


def warn_of_goals(*, at: datetime) -> int:
    """Tell whose savings goal is not reached while its day is near."""
    return warn_of_goal_days(at=at)
