"""What the worker does for payments."""

from datetime import datetime

from guildhall.payments.actions import (
    ask_for_refunds,
    ask_gateways,
    compare_with_bank,
    compare_with_processors,
    forget_methods,
    give_up_old_deposits,
    look_after_deposits,
    pay_processors,
)
from guildhall.payments.comparison import rails_with_statements
from guildhall.payments.practice.sending import send_due_notices


def deliver_practice_notices(*, at: datetime) -> int:
    """Send the practice bank's due notices to the hall's door."""
    return send_due_notices(at=at)


def ask_processors(*, at: datetime) -> int:
    """Ask rails outside for the pages of deposits that were begun, for refunds, and to delete cards."""
    return ask_gateways(at=at) + ask_for_refunds(at=at) + forget_methods(at=at)


def ask_what_became(*, at: datetime) -> int:
    """Ask rails outside about payments of which they have said nothing."""
    return look_after_deposits(at=at)


def compare_processors(*, at: datetime) -> int:
    """Compare the books with what processors say they did."""
    return compare_with_processors(at=at)


def compare_rails(*, at: datetime) -> int:
    """Compare the books with what banks have said, whatever has changed on either side."""
    return sum(compare_with_bank(rail=rail, at=at) for rail in rails_with_statements())


def pay_processors_fees(*, at: datetime) -> int:
    """Book what processors took for themselves."""
    return pay_processors(at=at)


def cancel_old_deposits(*, at: datetime) -> int:
    """Cancel deposits that nobody finished."""
    return give_up_old_deposits(at=at)
