"""What the worker does for payments."""

from datetime import datetime

from guildhall.payments.actions import ask_gateways, compare_with_bank, give_up_old_deposits
from guildhall.payments.comparison import rails_with_statements
from guildhall.payments.practice.sending import send_due_notices


def deliver_practice_notices(*, at: datetime) -> int:
    """Send the practice bank's due notices to the hall's door."""
    return send_due_notices(at=at)


def ask_processors(*, at: datetime) -> int:
    """Ask processors outside for the pages of deposits that were begun."""
    return ask_gateways(at=at)


def compare_rails(*, at: datetime) -> int:
    """Compare the books with what banks have said, whatever has changed on either side."""
    return sum(compare_with_bank(rail=rail, at=at) for rail in rails_with_statements())


def cancel_old_deposits(*, at: datetime) -> int:
    """Cancel deposits that nobody finished."""
    return give_up_old_deposits(at=at)
