"""House rules: a name, a unit, a range and a history."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction

from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import Event, RuleChange
from guildhall.kernel.rules import house_rule, rules_in_force, set_rule

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CANDLES = house_rule("test_candles", unit="candles", default=3, low=1, high=9, meaning="Candles on a table.")

pytestmark = pytest.mark.django_db


def test_the_default_holds_until_someone_sets_it() -> None:
    assert rules_in_force().version == 0
    assert rules_in_force()[CANDLES] == 3


def test_a_change_holds_from_then_on_and_the_old_version_can_still_be_read() -> None:
    first = set_rule(name="test_candles", value=5, reason="Darker evenings.", by=None, at=AT)
    second = set_rule(name="test_candles", value=7, reason="Darker still.", by=None, at=AT)
    assert rules_in_force()[CANDLES] == 7
    assert rules_in_force(version=first.id)[CANDLES] == 5
    assert rules_in_force(version=0)[CANDLES] == 3
    assert rules_in_force().version == second.id
    assert Event.objects.filter(name="rule.changed").count() == 2


@pytest.mark.parametrize("value", [0, 10, "5", 5.0, True, None])
def test_a_value_outside_its_range_is_refused_by_name(value: object) -> None:
    with pytest.raises(Unfit) as refusal:
        set_rule(name="test_candles", value=value, reason="Why not.", by=None, at=AT)
    assert refusal.value.rule == "test_candles"
    assert refusal.value.field == "value"
    assert not RuleChange.objects.exists()


def test_a_change_needs_a_known_name_and_a_reason() -> None:
    with pytest.raises(Unfit):
        set_rule(name="test_lanterns", value=5, reason="Light.", by=None, at=AT)
    with pytest.raises(Unfit):
        set_rule(name="test_candles", value=5, reason="  ", by=None, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_version_never_gains_a_change_after_it_was_read(database_url: str) -> None:
    """The second of two changes at once waits for the first, so that serials are in the order of commits."""
    with transaction.atomic():
        set_rule(name="test_candles", value=5, reason="Darker evenings.", by=None, at=AT)
        thread = threading.Thread(target=_set_and_close)
        thread.start()
        with psycopg.connect(database_url, autocommit=True) as watch:
            _wait_for_a_waiter(watch)
            assert watch.execute("SELECT count(*) FROM kernel_rulechange").fetchone() == (0,)
    thread.join(30)
    assert list(RuleChange.objects.order_by("id").values_list("value", flat=True)) == [5, 6]


def _set_and_close() -> None:
    try:
        set_rule(name="test_candles", value=6, reason="Darker still.", by=None, at=AT)
    finally:
        connection.close()


def _wait_for_a_waiter(watch: "psycopg.Connection[tuple[object, ...]]") -> None:
    asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _each in range(600):
        if watch.execute(asked).fetchone() != (0,):
            return
        threading.Event().wait(0.05)
    raise AssertionError("the second change did not wait for the first")
