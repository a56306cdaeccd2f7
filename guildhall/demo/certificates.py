"""Bushra shows her bank what she earns: one certificate that holds, and one that she took back."""

from datetime import datetime

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.telling import DAY, HOUR
from guildhall.earnings.actions import issue_certificate, note_check, withdraw_certificate


def show_a_bank(year: Year, at: datetime) -> Story:
    """The first says no amounts, which the bank wants; the second does, and is looked up twice."""
    bushra = year.town.named("Bushra Karim")
    first = issue_certificate(months=6, with_amounts=False, language="ur", by=bushra, at=at)
    at = yield HOUR
    note_check(certificate=first, by=None, at=at)
    at = yield HOUR
    withdraw_certificate(certificate=first, by=bushra, at=at)
    second = issue_certificate(months=12, with_amounts=True, language="ur", by=bushra, at=at)
    for _each in range(2):
        at = yield DAY
        note_check(certificate=second, by=None, at=at)
