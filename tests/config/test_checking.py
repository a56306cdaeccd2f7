"""Every promise is broken on purpose, one row at a time, and `check` finds that row and names it.

The rows are broken as only the database's superuser could: triggers asleep, constraints dropped, within a
transaction that is forgotten. A promise that is registered and not broken here fails the run.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from guildhall.config.check_turns import check_and_remember
from guildhall.config.checking import run_check
from guildhall.config.commands.check_command import report
from guildhall.files.models import StoredFile
from guildhall.files.store import path_of
from guildhall.insights.models import Sign
from guildhall.kernel.registry import all_checks
from tests.builders.contracts import a_file
from tests.builders.everything import a_hall_with_everything
from tests.cast import NOW, a_person
from tests.config.broken_rows import BROKEN
from tests.config.running import ROOT, as_address, environment

pytestmark = pytest.mark.xdist_group("checking")  # with the one hall that all of them look at

FIELDS = ["name", "formula", "rows", "broken", "examples", "seconds"]


@pytest.fixture(scope="module")
def hall(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One hall in which everything has happened, for all tests of this file, and forgotten at their end."""
    with django_db_blocker.unblock(), transaction.atomic():
        a_hall_with_everything()
        with connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # what waits for the end would forbid to drop them
            cursor.execute("SET LOCAL session_replication_role = replica")
            _drop_constraints(cursor)
        yield
        transaction.set_rollback(True)


def _drop_constraints(cursor: Any) -> None:
    cursor.execute("""
        DO $$ DECLARE found record; BEGIN
            FOR found IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
                WHERE contype IN ('c', 'u') AND connamespace = 'public'::regnamespace LOOP
                EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', found.place, found.conname);
            END LOOP;
            FOR found IN SELECT indexrelid::regclass AS place FROM pg_index i
                JOIN pg_class c ON c.oid = i.indrelid
                WHERE i.indisunique AND NOT i.indisprimary AND c.relnamespace = 'public'::regnamespace LOOP
                EXECUTE format('DROP INDEX %s', found.place);
            END LOOP;
        END $$
    """)


@pytest.mark.usefixtures("hall")
def test_a_healthy_hall_has_rows_for_every_promise_and_keeps_them(capsys: pytest.CaptureFixture[str]) -> None:
    found = [run_check(check) for check in all_checks()]
    assert {outcome.name: outcome.examples for outcome in found if outcome.broken} == {}
    assert [outcome.name for outcome in found if not outcome.rows] == []
    assert report(found, as_json=True) == 0
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["name"] for line in lines] == sorted(BROKEN)
    assert all(list(line) == FIELDS for line in lines)
    assert all(line["broken"] == 0 and line["examples"] == [] for line in lines)
    assert said.err == f"{len(lines)} of {len(lines)} promises hold.\n"


def test_every_promise_is_broken_here() -> None:
    assert {check.name for check in all_checks()} == set(BROKEN)


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, ways in BROKEN.items() for number in range(len(ways))]
)
def test_the_broken_row_is_found_and_named(
    name: str, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    check = next(check for check in all_checks() if check.name == name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BROKEN[name][number])
            (row,) = cursor.fetchall()
            assert row[0]
        outcome = run_check(check)
        transaction.set_rollback(True)
    assert outcome.broken >= 1
    assert any(example.startswith(row[0]) for example in outcome.examples), (row, outcome.examples)
    assert report([outcome], as_json=True) == 1
    [line] = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert (line["name"], line["broken"]) == (name, outcome.broken)
    assert line["examples"] == outcome.examples


@pytest.mark.usefixtures("hall")
def test_from_where_the_past_was_closed_a_whole_hall_holds_and_a_balance_that_does_not_is_found() -> None:
    recent = [check for check in all_checks() if check.shares_since]
    assert {"L1", "L3", "L9", "L10"} <= {check.name for check in recent}
    assert [run_check(check, since=True).examples for check in recent] == [[] for _check in recent]
    balances = next(check for check in recent if check.name == "L3")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BROKEN["L3"][0])
        ((name,),) = cursor.fetchall()
        assert run_check(balances, since=True).examples == [f"{name}: keeps 1 more than its postings say"]
        transaction.set_rollback(True)


@pytest.mark.usefixtures("hall")
def test_bytes_that_were_changed_in_the_store_are_found() -> None:
    """A file as long as it was, whose bytes are others: damaged on the disk, not in the database."""
    check = next(check for check in all_checks() if check.name == "T5")
    with transaction.atomic():
        file = a_file(a_person("Gita"), content=b"%PDF-1.7 the sign over the door, as it was stored")
        place = path_of(file.digest)
        whole = place.read_bytes()
        place.chmod(0o600)
        place.write_bytes(whole[::-1])
        damaged = run_check(check)
        place.unlink()
        lost = run_check(check)
        transaction.set_rollback(True)
    assert damaged.examples == [f"{file.pk}: its bytes are others than those that were stored"]
    assert lost.examples == [f"{file.pk}: {len(whole)} bytes were stored, none are there"]


@pytest.mark.django_db(transaction=True)
def test_the_command_ends_with_1_and_names_the_row_and_the_worker_leaves_a_sign(database_url: str) -> None:
    """The real command on a broken database, and on the same one mended."""

    home = Path(os.environ["GUILDHALL_HOME"])

    def check(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "guildhall", "check", *words],
            cwd=ROOT,
            env=environment(home, GUILDHALL_DATABASE_URL=as_address(database_url)),
            capture_output=True,
            text=True,
            check=False,
        )

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO files_storedfile (owner, name, kind, size, digest, stored_at) "
            "VALUES (%s, 'x', 'text/plain', 1, repeat('0', 64), now()) RETURNING id::text",
            [a_person("Amara").pk],
        )
        (row,) = cursor.fetchone()
    found = check("--json")
    assert found.returncode == 1, found.stderr
    lines = {line["name"]: line for line in map(json.loads, found.stdout.splitlines())}
    assert set(lines) == set(BROKEN)
    assert {line["name"] for line in lines.values() if line["broken"]} == {"T5"}
    assert lines["T5"]["examples"] == [f"{row}: 1 bytes were stored, none are there"]
    assert f"{len(BROKEN) - 1} of {len(BROKEN)} promises hold." in found.stderr
    assert f"{row}: 1 bytes were stored" in check().stdout
    assert check_and_remember(at=NOW) == 1
    assert Sign.objects.get(name="check").note == "T5"
    StoredFile.objects.all().delete()
    assert check("--json").returncode == 0
    assert check_and_remember(at=NOW) == 0
    assert Sign.objects.get(name="check").note == ""
