"""The run's own database: one template, a clone per worker, emptied after tests that commit."""

import pytest
from django.db import connection

from guildhall.kernel.models import RuleChange


def _rows() -> int:
    return RuleChange.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_before_the_next(turn: int) -> None:
    assert _rows() == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_rulechange (name, value, at, reason) VALUES ('x', %s, now(), '')", [turn]
        )
    assert _rows() == 1


@pytest.mark.django_db
def test_the_server_is_the_version_that_the_hall_is_built_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        assert cursor.fetchone() == (18,)
