"""Processes of a real hall are killed at the worst moment; what was acknowledged is there, once, and adds up.

The moment is chosen, not guessed: a trigger makes the database wait in the middle of a transaction, or on the
very edge of its commit, until the test has killed whoever asked for it.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guildhall.config.postgres.embedded import EmbeddedDatabase
from tests.builders.money import a_payout_account, a_wallet_with
from tests.cast import a_person
from tests.config.running import (
    ROOT,
    Running,
    children_of,
    copy_of_the_tree,
    environment,
    processes_of,
    run_to_its_end,
    wait_until,
)
from tests.proofs.load import ACCOUNTS, account

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("killed")]

GATE = 4711
"""The advisory lock that whoever is to be killed waits for."""
RELEASES = 450  # two lots of 200, and a rest
WALLET = 100_000
TURNS = 120  # of each process that moves money, half of them batches of five


@pytest.fixture(scope="module")
def hall(open_folder: Path) -> Iterator[Running]:
    tree = copy_of_the_tree(open_folder / "killed")
    hall = Running(tree, tree / "home", ["serve"]).start().until_ready()
    yield hall
    hall.stop()
    wait_until(lambda: not processes_of(hall.home), patience=15)


@pytest.fixture
def owner(hall: Running) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(EmbeddedDatabase.of(hall.home).owner_url, autocommit=True) as session:
        yield session


@pytest.fixture
def verbs(hall: Running, django_db_blocker: Any) -> Callable[[], Any]:
    """Within it, the verbs of this process speak to the database of the hall."""
    from django.db import connections  # noqa: PLC0415 - Django is set up after this module is read

    from guildhall.config.hall import point_django_at  # noqa: PLC0415

    @contextmanager
    def speak() -> Iterator[None]:
        former = dict(connections.databases["default"])
        with django_db_blocker.unblock():
            point_django_at(EmbeddedDatabase.of(hall.home).url)
            try:
                yield
            finally:
                connections.close_all()
                connections.databases["default"].clear()
                connections.databases["default"] |= former
                connections["default"].settings_dict = connections.databases["default"]

    return speak


@contextmanager
def gate(
    owner: "psycopg.Connection[Any]", table: str, moment: str, condition: str = "true"
) -> Iterator[Callable[[], bool]]:
    """Let whoever writes to a table wait at a moment; what it gives waits until somebody does."""
    waiting = f"pg_locks WHERE locktype = 'advisory' AND objid = {GATE}"
    owner.execute(f"""
        CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {condition} THEN PERFORM pg_advisory_xact_lock({GATE}); END IF;
            RETURN NULL;
        END $$;
        CREATE {moment.format("ON " + table)} FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate();
    """)

    def is_waited_for() -> bool:
        return number_of(owner, f"{waiting} AND NOT granted") > 0

    owner.execute("SELECT pg_advisory_lock(%s)", [GATE])
    try:
        yield lambda: wait_until(is_waited_for, patience=40)
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", [GATE])
        wait_until(lambda: number_of(owner, waiting) == 0, patience=20)  # their transactions have ended
        owner.execute(f"DROP TRIGGER the_gate ON {table}; DROP FUNCTION wait_at_the_gate()")


def kill(hall: Running, part: str) -> None:
    """Kill a part of the hall and whatever it has started, so that nobody is left to answer."""
    number = children_of(hall.pid)[part]
    family = [number, *_descendants(number)]
    for one in family:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    wait_until(lambda: children_of(hall.pid).get(part, number) != number)


def _descendants(number: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == number:
                found += [int(folder.name), *_descendants(int(folder.name))]
    return found


def everything_holds(hall: Running) -> None:
    checked = run_to_its_end(hall.tree, hall.home, "check", "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def number_of(owner: "psycopg.Connection[Any]", what: str, *values: object) -> int:
    [(count,)] = owner.execute(f"SELECT count(*) FROM {what}", values).fetchall()  # noqa: S608 - our own words
    return int(count)


def test_a_worker_killed_within_its_second_lot_has_lost_nothing_and_doubles_nothing(
    hall: Running, owner: "psycopg.Connection[Any]", verbs: Any
) -> None:
    matured = "escrow_release WHERE state = 'matured'"
    its_turn_comes_at_once = "DELETE FROM insights_sign WHERE name = 'work:escrow.mature_due'"
    condition = "(SELECT count(*) FROM escrow_release WHERE state = 'matured') > 230"
    with gate(
        owner, "escrow_release", "TRIGGER the_gate AFTER UPDATE OF state {}", condition
    ) as until_somebody_waits:
        with verbs():
            _releases_that_are_due()
        owner.execute(its_turn_comes_at_once)
        until_somebody_waits()
        assert number_of(owner, matured) == 200, "the first lot is there for good, nothing of the second"
        kill(hall, "worker")
    assert number_of(owner, matured) == 200
    owner.execute(its_turn_comes_at_once)
    wait_until(lambda: number_of(owner, matured) == RELEASES)
    moved = owner.execute(
        "SELECT count(*), count(DISTINCT key) FROM ledger_movement WHERE kind = 'clearing.matured'"
    ).fetchone()
    assert moved == (RELEASES, RELEASES)
    assert number_of(owner, "kernel_event WHERE name = 'release.matured'") == RELEASES
    everything_holds(hall)


def _releases_that_are_due() -> None:
    from guildhall.escrow.actions import Payer, hold_money, release_hold  # noqa: PLC0415 - as above
    from guildhall.kernel.ids import new_id  # noqa: PLC0415
    from guildhall.kernel.money import Money  # noqa: PLC0415

    at = datetime.now(UTC) - timedelta(days=10)
    client, worker = a_person("Amara", at=at), a_person("Bushra", at=at)
    a_wallet_with(client, RELEASES * 100, at)
    hold = hold_money(
        purpose="milestone:of-a-proof",
        payers=[Payer(client.party, Money(RELEASES * 100, "USD"))],
        currency="USD",
        deductions=[],
        worker=worker.party,
        by=client.pk,
        at=at,
    )
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():  # at once, or the worker begins before all are there
        for _each in range(RELEASES):
            release_hold(hold=hold, amount=Money(100, "USD"), key=new_id(), by=client.pk, at=at)


class Program:
    """A client's program with a journal of what the hall has acknowledged."""

    def __init__(self, hall: Running, secret: str) -> None:
        self.hall = hall
        self.secret = secret
        self.journal: dict[str, Any] = {}

    def ask_once(self, key: str, minor: int = 100) -> tuple[int, Any, bool]:
        """Ask for a payout: the status, what was said, whether it was said before; status 0 for silence."""
        body = json.dumps({"amount": {"amount": f"{minor / 100:.2f}", "currency": "USD"}})
        headers = {
            "Authorization": f"Bearer {self.secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", self.hall.port, timeout=60)) as line,
        ):
            line.request("POST", "/api/v1/money/payouts", body, headers)
            answer = line.getresponse()
            said = json.loads(answer.read())
            if answer.status == 201:
                assert self.journal.setdefault(key, said) == said, "the first answer, again"
            return answer.status, said, answer.getheader("Idempotency-Replayed") == "true"
        return 0, None, False

    def ask(self, key: str) -> tuple[Any, bool]:
        """Ask under one key until the hall has answered."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            status, said, again = self.ask_once(key)
            if status == 201:
                return said, again
            assert status in {0, 500, 502, 503}, said
            time.sleep(0.05)
        raise AssertionError(f"nobody answers {key}")


@pytest.fixture
def program(hall: Running, verbs: Any) -> Program:
    from guildhall.people.actions.tokens import create_token  # noqa: PLC0415 - as above

    at = datetime.now(UTC) - timedelta(days=400)  # so long here that it may ask as often as it likes
    with verbs():
        person = a_person(f"Worker{time.monotonic_ns()}", at=at)
        a_wallet_with(person, WALLET, at)
        a_payout_account(person, at)
        _token, secret = create_token(by=person, name="proof", scopes=["read", "money"], at=datetime.now(UTC))
    return Program(hall, secret)


@pytest.mark.parametrize(
    ("table", "moment", "is_done"),
    [
        # The effect is written, its answer not yet: nobody has said COMMIT.
        ("payments_payout", "TRIGGER the_gate AFTER INSERT {}", False),
        # COMMIT was said, and the database is at work on it: the answer is all that is lost.
        (
            "edge_keptreply",
            "CONSTRAINT TRIGGER the_gate AFTER INSERT {} DEFERRABLE INITIALLY DEFERRED",
            True,
        ),
    ],
)
def test_a_web_server_killed_between_effect_and_answer(
    hall: Running,
    owner: "psycopg.Connection[Any]",
    program: Program,
    table: str,
    moment: str,
    *,
    is_done: bool,
) -> None:
    before = number_of(owner, "payments_payout")
    with gate(owner, table, moment) as until_somebody_waits:
        heard: list[int] = []
        asking = threading.Thread(target=lambda: heard.append(program.ask_once("one")[0]))
        asking.start()
        until_somebody_waits()
        kill(hall, "granian")
        asking.join()
        assert heard == [0], "nobody was told anything"
    hall.until_ready()
    assert number_of(owner, "payments_payout") == before + is_done
    said, again = program.ask("one")
    assert again is is_done
    assert program.ask("one") == (said, True)
    assert number_of(owner, "payments_payout") == before + 1
    assert number_of(owner, "ledger_movement WHERE key = %s", f"payout:{said['id']}") == 1
    everything_holds(hall)


def test_a_web_server_killed_again_and_again_while_clients_ask(
    hall: Running, owner: "psycopg.Connection[Any]", program: Program
) -> None:
    before = number_of(owner, "payments_payout")
    left = [f"{number}" for number in range(60)]
    failed: list[BaseException] = []

    def go_on() -> None:
        try:
            while left:
                program.ask(left.pop())
        except BaseException as error:  # noqa: BLE001 - seen below, in the thread of the test
            failed.append(error)

    clients = [threading.Thread(target=go_on) for _each in range(4)]
    for client in clients:
        client.start()
    kills = 0
    for still_to_ask in (45, 30, 15):
        wait_until(partial(_so_few, left, still_to_ask))
        kill(hall, "granian")
        hall.until_ready()
        kills += bool(left)
    for client in clients:
        client.join(90)
    assert not failed, failed
    assert kills >= 2
    assert len(program.journal) == 60
    known = {str(row[0]) for row in owner.execute("SELECT id FROM payments_payout")}
    assert {said["id"] for said in program.journal.values()} <= known
    assert number_of(owner, "payments_payout") == before + 60
    for key, said in list(program.journal.items())[:10]:
        assert program.ask(key) == (said, True)
    everything_holds(hall)


def test_a_database_killed_under_load_keeps_what_it_acknowledged(
    hall: Running, owner: "psycopg.Connection[Any]", verbs: Any, tmp_path: Path
) -> None:
    from guildhall.ledger.actions import Flow, move_money  # noqa: PLC0415 - as above

    with verbs():
        flows = [Flow("outside:practice", account(number), WALLET, "USD") for number in range(ACCOUNTS)]
        move_money(kind="fund.received", key="proof:filled", flows=flows, by=None, at=datetime.now(UTC))
    owner.close()  # the database is about to go
    url = EmbeddedDatabase.of(hall.home).url
    journals = [tmp_path / f"journal-{seed}" for seed in range(4)]
    loads = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.load", str(journal), str(seed), str(TURNS)],
            cwd=ROOT,
            env=environment(hall.home, GUILDHALL_DATABASE_URL=url),
            stderr=subprocess.PIPE,
        )
        for seed, journal in enumerate(journals)
    ]
    for kills in range(1, 3):
        wait_until(partial(_have_all, journals, kills * 80))
        kill(hall, "postgres")
        hall.until_ready()
    for load in loads:
        _out, complaints = load.communicate(timeout=180)
        assert load.returncode == 0, complaints.decode()

    told = Counter[str]()
    for journal in journals:
        told.update({key: int(sum_) for key, sum_ in map(str.split, journal.read_text().splitlines())})
    with psycopg.connect(EmbeddedDatabase.of(hall.home).owner_url) as session:
        found: dict[str, int] = dict(
            session.execute(
                "SELECT key, sum(amount)::bigint FROM ledger_movement m JOIN ledger_posting p "
                "ON p.movement_id = m.id WHERE key LIKE 'proof:_:%' GROUP BY key"
            ).fetchall()
        )
        [(held,)] = session.execute(
            "SELECT sum(balance) FROM ledger_account WHERE code LIKE 'fund:proof:%'"
        ).fetchall()
    assert len(told) == 4 * TURNS // 2 * (5 + 1)
    assert found == told, "every acknowledged movement, once, and no other"
    assert held == ACCOUNTS * WALLET
    everything_holds(hall)


def _so_few(left: list[str], many: int) -> bool:
    return len(left) <= many


def _have_all(journals: list[Path], lines: int) -> bool:
    return all(one.exists() and one.read_text().count("\n") > lines for one in journals)
