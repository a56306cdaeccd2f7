"""The chain over the books: it follows the writers, and shows whoever wrote history anew."""

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from guildhall.config.checking import run_check
from guildhall.kernel.errors import Unfit
from guildhall.kernel.ids import new_id
from guildhall.kernel.registry import all_checks
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import seal_settled
from guildhall.ledger.export import objects
from guildhall.ledger.models import Seal
from guildhall.ledger.queries import daily_heads
from guildhall.ledger.sealing import verdict_on
from guildhall.ledger.verifying import add_arguments, run

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


def exported() -> list[str]:
    return list(objects())


@pytest.mark.django_db
def test_L09_an_export_is_reckoned_again_without_the_hall(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = new_id()
    for amount in (500, 700, 900):
        deposit(amount, note='“odd” \\ \n "text" \t \x1f', number=amount, nothing=None)
        if amount < 900:
            seal_settled(at=AT)
    flows = [Flow("wallet:person:a", "escrow:ß", 40, "USD"), Flow("wallet:person:a", "fees:work", 2, "USD")]
    wrong = move_money(kind="hold.placed", key='line\nbreak "', flows=flows, by=by, at=AT)
    back = [Flow("escrow:ß", "wallet:person:a", 40, "USD"), Flow("fees:work", "wallet:person:a", 2, "USD")]
    move_money(kind="correction.made", key="c", flows=back, by=by, at=AT, reverses=wrong.pk)
    seal_settled(at=AT)
    deposit(1)
    lines = exported()
    verdict = verdict_on(lines)
    assert (verdict.movements, verdict.seals, verdict.unsealed, verdict.wrong) == (6, 3, 1, [])
    assert verdict.heads == set(heads())

    file = tmp_path / "books.ndjson"
    file.write_text("".join(lines))
    told: list[float] = []
    assert verify([str(file), "--head", heads()[0].upper()], told) == 0
    assert told == sorted(told)
    assert (len(told), told[-1]) == (len(lines), 1)
    assert "6 movements under 3 seals: all fit." in capsys.readouterr().out
    assert verify([str(file), "--head", "ab" * 32]) == 1
    assert "is not among those of these books" in capsys.readouterr().out
    assert verify([str(tmp_path / "nothing")]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_what_is_not_text_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "books").write_bytes(b"\xff\xfe\n")
    assert verify([str(tmp_path / "books")]) == 1
    assert capsys.readouterr().out == f"The file {tmp_path / 'books'} cannot be read: it is not UTF-8.\n"


def test_a_file_of_another_kind_is_not_gone_through_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "books").write_text("2026-01-01 open Assets:Outside\n" * 500)
    assert verify([str(tmp_path / "books")]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Line 1 is neither a movement nor a seal."
    assert (len(said), said[-1]) == (21, "And 480 more.")


def verify(words: list[str], told: list[float] | None = None) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = parser.parse_args(words)
    heard: list[float] = [] if told is None else told
    options.progress = lambda _label: nullcontext(heard.append)
    return run(options)


FORGED: dict[str, Callable[[list[str]], None]] = {
    "an amount": lambda lines: lines.__setitem__(0, lines[0].replace('"minor": 500', '"minor": 501')),
    "a movement less": lambda lines: lines.__delitem__(0),
    "a movement twice": lambda lines: lines.insert(1, lines[0]),
    "two in another order": lambda lines: lines.insert(0, lines.pop(2)),
    "a head": lambda lines: lines.__setitem__(1, lines[1].replace('"head": "', '"head": "00')),
    "a line that is none": lambda lines: lines.insert(0, "[1, 2]\n"),
    "half a line": lambda lines: lines.__setitem__(0, lines[0][:40]),
    "a seal less": lambda lines: lines.__delitem__(1),
}


@pytest.mark.django_db
@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_L09_a_changed_export_does_not_fit(forge: Callable[[list[str]], None]) -> None:
    for amount in (500, 700):
        deposit(amount)
        seal_settled(at=AT)
    lines = exported()
    assert verdict_on(lines).wrong == []
    forge(lines)
    assert verdict_on(lines).wrong


@pytest.mark.django_db
def test_L09_the_heads_of_the_days_that_are_over() -> None:
    expected: list[str] = []
    for days in (0, 0, 1, 5, 6):
        deposit(days + 1)
        seal_settled(at=AT + timedelta(days=days, minutes=len(expected)))
        expected.append(heads()[-1])
    today = (AT + timedelta(days=6)).date()
    assert [(one.day.day, one.movements, one.head) for one in daily_heads(today=today).rows] == [
        (6, 1, expected[3]),
        (2, 1, expected[2]),
        (1, 2, expected[1]),
    ]
    first = daily_heads(today=today, size=2)
    assert [one.day.day for one in daily_heads(today=today, after=first.next, size=2).rows] == [1]
    assert daily_heads(today=today, after="2099-01-01").rows == daily_heads(today=today).rows
    with pytest.raises(Unfit):
        daily_heads(today=today, after="yesterday")
