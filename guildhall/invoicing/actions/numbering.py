"""Numbers without a gap: each is drawn in the transaction that writes its paper, or not at all."""

from datetime import date
from typing import Any

from django.db import connection

from guildhall.invoicing.models import Invoice
from guildhall.invoicing.rules import number_of

# One paper is numbered at a time in the whole hall: its own series is in nearly every transaction anyway, and
# with one lock no two of them can wait for each other in a ring.
_ONE_AT_A_TIME = 0x696E766F696365  # "invoice"

_DRAW = """
INSERT INTO invoicing_series AS series (issuer, year, last, last_on) VALUES (%s, %s, 1, %s)
ON CONFLICT (issuer, year) DO UPDATE
SET last = series.last + 1, last_on = greatest(series.last_on, excluded.last_on)
RETURNING last, last_on
"""


def wait_for_turn() -> None:
    """Keep everybody else from numbering papers until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def write_numbered(*, issuer: str, on: date, **facts: Any) -> Invoice:
    """Write a paper under the next number of its issuer's series of the year.

    It is dated no earlier than the one before it: a series is in the order of time.

    Args:
        issuer: in whose name.
        on: the day that it is made out.
        facts: everything else on it.
    """
    wait_for_turn()
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [issuer, on.year, on])
        serial, issued_on = cursor.fetchone()
    return Invoice.objects.create(
        issuer=issuer,
        year=on.year,
        serial=serial,
        number=number_of(issuer, on.year, serial),
        issued_on=issued_on,
        **facts,
    )
