"""The hall's own money, kept straight: what a shortfall was made good with twice is the reserve's."""

from datetime import datetime

from django.db import connection

from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of


def lock_own_money() -> None:
    """Let nobody else make the shortfall good until this transaction ends: no row of it could be locked.

    Whoever looks at the shortfall to decide about it takes this first, before any account.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('guildhall.payments.own_money', 0))")


def give_excess_to_reserve(currency: str, *, key: str, at: datetime) -> None:
    """Put into the reserve what the shortfall holds above nothing: made good, and then paid after all."""
    excess = balance_of("shortfall", currency).minor
    if excess > 0:
        flow = Flow("shortfall", "reserve", excess, currency)
        move_money(kind="reserve.filled", key=key, flows=[flow], by=None, at=at)
