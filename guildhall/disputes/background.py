"""Entry points for the worker."""

from datetime import datetime

from guildhall.disputes.actions import take_up_unanswered_refunds


def take_up_refunds(*, at: datetime) -> int:
    """Open cases for the requests for a refund whose time to be answered is over."""
    return take_up_unanswered_refunds(at=at)
