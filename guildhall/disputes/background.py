"""Entry points for the worker."""

from datetime import datetime

from guildhall.disputes.actions import cry_out_waiting_cases, take_up_unanswered_refunds


def take_up_refunds(*, at: datetime) -> int:
    """Open cases for the requests for a refund whose time to be answered is over."""
    return take_up_unanswered_refunds(at=at)


def cry_out(*, at: datetime) -> int:
    """Say of which cases nobody has ruled in time, and which nobody can."""
    return cry_out_waiting_cases(at=at)
