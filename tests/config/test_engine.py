"""A kept connection is known to stand or to be gone without a question to the server."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection beside the test's own, as a web thread keeps one."""
    own = connections.create_connection("default")
    own.settings_dict = own.settings_dict | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    own.connect()
    yield own
    own.close()


def _number_of(kept: Any) -> int:
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _next_page(kept: Any) -> None:
    """What Django does between two requests of a thread."""
    kept.close_if_unusable_or_obsolete()


def test_a_connection_that_stands_is_kept_and_nobody_is_asked(kept: Any) -> None:
    number = _number_of(kept)
    with CaptureQueriesContext(kept) as asked:
        _next_page(kept)
        assert kept.is_usable()
    assert not asked.captured_queries
    assert _number_of(kept) == number


def test_one_that_the_server_ended_is_seen_and_replaced(kept: Any, database_server: str) -> None:
    number = _number_of(kept)
    with psycopg.connect(database_server, autocommit=True) as admin:
        assert admin.execute("SELECT pg_terminate_backend(%s, 5000)", [number]).fetchone() == (True,)
    assert not kept.is_usable()
    _next_page(kept)
    assert _number_of(kept) != number


def test_one_that_was_closed_here_is_not_usable(kept: Any) -> None:
    kept.connection.close()
    assert not kept.is_usable()
    kept.connection = None
    assert not kept.is_usable()


def test_after_an_error_the_server_is_asked(kept: Any) -> None:
    kept.errors_occurred = True
    with CaptureQueriesContext(kept):
        assert kept.is_usable()
    kept.connection.close()
    assert not kept.is_usable()
