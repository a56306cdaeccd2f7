"""What the worker does here."""

from datetime import datetime

from guildhall.notices.actions import give_up_old_letters, send_letter
from guildhall.notices.queries import letters_due

_AT_A_TIME = 100


def send_letters(*, at: datetime) -> int:
    """Send the letters that are due; how many went."""
    give_up_old_letters(at=at)
    return sum(send_letter(letter=letter, at=at) for letter in letters_due(at)[:_AT_A_TIME])
