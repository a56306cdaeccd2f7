"""The chain over the books: it follows the writers, and shows whoever wrote history anew."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from guildhall.config.checking import run_check
from guildhall.kernel.ids import new_id
from guildhall.kernel.registry import all_checks
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import seal_settled
from guildhall.ledger.models import Seal

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def deposit(amount: int, **facts: Any) -> None:
    flows = [Flow("outside:practice", "wallet:person:a", amount, "USD")]
    move_money(kind="deposit.settled", key=str(new_id()), flows=flows, by=None, at=AT, facts=facts)


def broken() -> list[str]:
    (check,) = (check for check in all_checks() if check.name == "L9")
    return run_check(check).examples


def heads() -> list[str]:
    return [bytes(seal.head).hex() for seal in Seal.objects.order_by("through")]


@pytest.mark.django_db
def test_L09_what_has_settled_is_sealed_once_and_a_head_never_changes() -> None:
    assert seal_settled(at=AT) == 0
    deposit(500, note='“odd” \\ \n "text"')
    deposit(700)
    assert seal_settled(at=AT + timedelta(minutes=1)) == 2
    assert seal_settled(at=AT + timedelta(minutes=2)) == 0
    (first,) = heads()
    deposit(1)
    assert seal_settled(at=AT + timedelta(minutes=3)) == 1
    assert heads()[0] == first
    assert len(set(heads())) == 2
    assert broken() == []


REWRITTEN = {
    "an amount": "UPDATE ledger_posting SET amount = amount + 1 WHERE movement_id = {first}",
    "a target": (
        "UPDATE ledger_posting SET target_id = (SELECT id FROM ledger_account WHERE code = 'wallet:person:b')"
        " WHERE movement_id = {first}"
    ),
    "a key": "UPDATE ledger_movement SET key = 'other' WHERE id = {first}",
    "an instant": "UPDATE ledger_movement SET at = at + interval '1 microsecond' WHERE id = {first}",
    "a fact": "UPDATE ledger_movement SET facts = '{{\"a\": 1}}' WHERE id = {first}",
    "a movement that is gone": (
        "DELETE FROM ledger_posting WHERE movement_id = {first};"
        " DELETE FROM ledger_movement WHERE id = {first}"
    ),
    "a seal that is gone": "DELETE FROM ledger_seal WHERE through = (SELECT min(through) FROM ledger_seal)",
    "a digest": (
        "UPDATE ledger_seal SET digest = sha256('x') WHERE through = (SELECT min(through) FROM ledger_seal)"
    ),
    "a head": (
        "UPDATE ledger_seal SET head = sha256('x') WHERE through = (SELECT min(through) FROM ledger_seal)"
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("rewrite", REWRITTEN.values(), ids=REWRITTEN)
def test_L09_history_that_somebody_with_every_right_wrote_anew_is_seen(rewrite: str) -> None:
    move_money(
        kind="deposit.settled",
        key="b",
        flows=[Flow("outside:practice", "wallet:person:b", 5, "USD")],
        by=None,
        at=AT,
    )
    for amount in (500, 700):
        deposit(amount)
        seal_settled(at=AT)
    assert broken() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger stands in the way
        cursor.execute("SELECT movement_id FROM ledger_posting WHERE amount = 500")
        (first,) = cursor.fetchone()
        cursor.execute(rewrite.format(first=first))
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert broken()


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE ledger_seal SET at = now()", "DELETE FROM ledger_seal"])
def test_L09_a_seal_is_permanent(statement: str) -> None:
    deposit(5)
    seal_settled(at=AT)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def own_connection() -> Iterator["psycopg.Connection[Any]"]:
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        host=settings["HOST"],
        port=settings["PORT"] or None,
    ) as own:
        yield own


@pytest.mark.django_db(transaction=True)
def test_a_batch_draws_its_numbers_where_the_sealer_waits_for_it(
    own_connection: "psycopg.Connection[Any]",
) -> None:
    """Numbers drawn and not yet written must never count as settled when a later one is."""
    deposit(500)
    drawn = "SELECT last_value FROM ledger_movement_id_seq"
    begun = Event()

    def move_some() -> None:
        begun.set()
        flows = [Flow("outside:practice", "wallet:person:a", 1, "USD")]
        move_batch(moves=[Move("deposit.settled", str(new_id()), flows)], by=None, at=AT)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        own_connection.execute("LOCK TABLE ledger_movement IN SHARE MODE")  # as whoever asks what is settled
        before = own_connection.execute(drawn).fetchone()
        moving = pool.submit(move_some)
        assert begun.wait(5)
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger_movement'::regclass"
        while own_connection.execute(waiting).fetchone() == (0,):
            assert not moving.done()
        assert own_connection.execute(drawn).fetchone() == before
        own_connection.commit()
        moving.result(10)
    assert seal_settled(at=AT) == 2
    assert broken() == []
