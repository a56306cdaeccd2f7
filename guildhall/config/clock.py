"""The clock that decides what is due: the database's, which all processes of a hall share."""

from datetime import datetime

from django.db import connection


def database_time() -> datetime:
    """What time it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    assert isinstance(at, datetime)
    return at
