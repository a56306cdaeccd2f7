"""What the worker does for payments."""

from datetime import datetime

from guildhall.payments.practice.sending import send_due_notices


def deliver_practice_notices(*, at: datetime) -> int:
    """Send the practice bank's due notices to the hall's door."""
    return send_due_notices(at=at)
