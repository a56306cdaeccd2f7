"""Every command as a process: what it explains, what it does, and that stopping it leaves nothing."""

import fcntl
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guildhall.config.command import COMMANDS
from tests.config.own_databases import OwnDatabase, own_database
from tests.config.running import (
    Running,
    children_of,
    copy_of_the_tree,
    environment,
    processes_of,
    run_to_its_end,
    wait_until,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("commands")]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "commands-tree")


@pytest.fixture(scope="module")
def database(database_server: str, tree: Path) -> Iterator[OwnDatabase]:
    """A hall's database, brought to this version by the command for it."""
    with own_database(database_server) as made:
        migrated = run_to_its_end(tree, tree / "home", "migrate", **made.one_url)
        assert migrated.returncode == 0, migrated.stderr
        assert migrated.stdout.endswith(" steps taken.\n")
        yield made


@pytest.mark.parametrize("word", COMMANDS)
def test_every_word_explains_itself_and_makes_nothing(word: str, tree: Path) -> None:
    said = run_to_its_end(tree, tree / "never-made", word, "--help")
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith(f"usage: guildhall {word}")
    assert max(map(len, said.stdout.splitlines())) <= 120
    assert said.stderr == ""
    assert not (tree / "never-made").exists()


def test_a_second_migration_has_nothing_to_do(tree: Path, database: OwnDatabase) -> None:
    again = run_to_its_end(tree, tree / "home", "migrate", **database.one_url)
    assert (again.returncode, again.stdout) == (0, "Nothing to do: the database is at this version.\n")


def _make_operator(tree: Path, database: OwnDatabase, password: str) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "guildhall", "create-operator", "olga@example.org", "--name", "Olga"]
    return subprocess.run(
        words,
        cwd=tree,
        env=environment(tree / "home", **database.one_url),
        input=f"{password}\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_operator_is_made_with_a_password_that_will_do(tree: Path, database: OwnDatabase) -> None:
    weak = _make_operator(tree, database, "short")
    assert weak.returncode == 1
    assert "Traceback" not in weak.stderr
    assert weak.stderr.count("\n") == 1
    made = _make_operator(tree, database, "nine-old-oak-trees")
    assert made.returncode == 0, made.stderr
    assert made.stdout == "Olga <olga@example.org> is an operator of this hall.\n"


def test_a_worker_does_what_is_due_and_leaves(tree: Path, database: OwnDatabase) -> None:
    once = run_to_its_end(tree, tree / "home", "worker", "--once", **database.one_url)
    assert once.returncode == 0, once.stderr
    assert database.ask("SELECT count(*) FROM kernel_delivery WHERE next_try_at < now()") == [(0,)]


def test_a_worker_that_is_stopped_ends_well(tree: Path, database: OwnDatabase) -> None:
    worker = Running(tree, tree / "home", ["worker"], more=database.one_url).start()
    listens = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    listens += " AND query LIKE 'LISTEN%'"
    wait_until(lambda: database.ask(listens) != [(0,)])
    assert worker.stop() == 0, worker.said


def test_the_books_are_written_out_in_both_formats(tree: Path, database: OwnDatabase) -> None:
    for words in (["--format", "beancount"], ["--format", "ndjson", "--output", str(tree / "books")]):
        out = run_to_its_end(tree, tree / "home", "export", "ledger", *words, **database.one_url)
        assert out.returncode == 0, out.stderr
    assert (tree / "books").exists()


def test_a_database_of_another_version_is_said_in_one_sentence(tree: Path, database: OwnDatabase) -> None:
    database.tell("DELETE FROM django_migrations WHERE app = 'config' AND name LIKE '0003%'")
    try:
        for words in (["check"], ["worker", "--once"], ["create-operator", "eve@example.org"]):
            old = run_to_its_end(tree, tree / "home", *words, **database.one_url)
            sentence = "The database is older than this Guildhall, or empty: run `migrate` first.\n"
            assert (old.returncode, old.stderr) == (1, sentence)
    finally:
        database.tell(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('config', '0003_the_kind_of_hall_is_kept', now())"
        )


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stopped_command_leaves_nothing(word: signal.Signals, tree: Path, database: OwnDatabase) -> None:
    with psycopg.connect(database.url(database.owner)) as other:
        other.execute("LOCK TABLE ledger_account IN ACCESS EXCLUSIVE MODE")  # it will wait here
        check = Running(tree, tree / "home", ["check"], more=database.one_url).start()
        waits = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        waits += f" WHERE NOT granted AND datname = '{database.name}'"
        wait_until(lambda: database.ask(waits) != [(0,)])
        assert check.stop(word) == 128 + word
    assert "Traceback" not in check.said
    assert processes_of(tree / "home") == []


def test_who_started_the_database_waits_for_the_commands_that_came_after(tree: Path) -> None:
    home = tree / "embedded"
    first = Running(tree, home, ["serve"]).start().until_ready()
    first.stop()
    owner = Running(tree, home, ["worker"]).start()  # it starts the server that the other one uses
    wait_until(lambda: (home / "database.lock").read_text().strip() == str(owner.pid))
    assert owner.process is not None
    try:
        with (home / "database.users").open("a") as user:
            fcntl.flock(user, fcntl.LOCK_SH)
            owner.process.terminate()
            wait_until(lambda: "Another command uses the database still: waiting" in owner.said, patience=30)
            assert "postgres" in children_of(owner.pid)
    finally:
        owner.process.wait(60)
    assert processes_of(home) == []
