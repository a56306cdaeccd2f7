"""What the worker does for papers."""

from datetime import datetime

from guildhall.invoicing.actions import catch_up_invoices


def catch_up(*, at: datetime) -> int:
    """Make out the papers of releases from before the hall made any; how many."""
    return catch_up_invoices(at=at)
