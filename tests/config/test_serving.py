"""Opening and closing a hall as a real process: it stops as one thing, comes back, and shares its home.

Starting takes seconds, so the tests share one hall; each begins by seeing to it that it is open.
"""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.apps import apps

from guildhall.config.migrating import WRITTEN_ONCE
from guildhall.config.postgres.embedded import HALL_ROLE, OWNER_ROLE, EmbeddedDatabase
from guildhall.config.postgres.server import _TUNING, ADMIN
from tests.config.running import (
    Running,
    children_of,
    copy_of_the_tree,
    free_port,
    processes_of,
    run_to_its_end,
    wait_until,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serving")]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "tree")


@pytest.fixture(scope="module")
def the_hall(tree: Path) -> Iterator[Running]:
    hall = Running(tree, tree / "home", ["serve"])
    yield hall
    if hall.process is not None:
        hall.stop()
    wait_until(lambda: not processes_of(hall.home), patience=15)


@pytest.fixture
def hall(the_hall: Running) -> Running:
    if the_hall.process is None or the_hall.process.poll() is not None:
        the_hall.start()
    return the_hall.until_ready()


def test_it_opens_under_both_names_and_stopping_it_leaves_nothing_behind(hall: Running) -> None:
    for name in ("localhost", "127.0.0.1"):
        assert hall.get("/livez", name)[0] == 200
        assert hall.get("/", name)[0] == 200
    wait_until(lambda: "The hall is open at" in hall.said)
    assert "Become its operator" in hall.said
    assert "Traceback" not in hall.said
    assert (hall.home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert hall.stop(signal.SIGINT) == 0
    assert processes_of(hall.home) == []


def test_a_second_command_on_the_same_home_attaches(hall: Running, tree: Path) -> None:
    checked = run_to_its_end(tree, hall.home, "check", "--json")
    assert checked.returncode == 0, checked.stderr + checked.stdout
    saved = tree / "hall.backup"
    assert run_to_its_end(tree, hall.home, "backup", str(saved)).returncode == 0
    assert saved.read_bytes().startswith(b"PK")
    books = run_to_its_end(tree, hall.home, "export", "ledger")
    assert books.returncode == 0, books.stderr
    assert books.stdout.startswith('option "title" "Guildhall"')
    assert "postgres" in children_of(hall.pid), "who started it owns it still"
    assert hall.is_ready()


def test_the_second_hall_on_a_home_takes_over_when_the_first_leaves(hall: Running, tree: Path) -> None:
    second = Running(tree, hall.home, ["serve"]).start().until_ready()
    try:
        assert "postgres" not in children_of(second.pid)
        assert hall.stop() == 0
        wait_until(lambda: "postgres" in children_of(second.pid))
        second.until_ready()
    finally:
        second.stop()


def _is_another(hall: Running, part: str, former: int) -> bool:
    return children_of(hall.pid).get(part, former) != former


def test_what_is_killed_comes_back(hall: Running) -> None:
    for part in ("worker", "postgres", "granian"):
        former = children_of(hall.pid)[part]
        os.kill(former, signal.SIGKILL)
        wait_until(partial(_is_another, hall, part, former))
        hall.until_ready()


def test_a_killed_hall_takes_its_parts_along_and_starts_again_whatever_has_its_number(hall: Running) -> None:
    """As after a crash of the machine: the files name a process that is now somebody else's."""
    hall.stop(signal.SIGKILL)
    wait_until(lambda: not processes_of(hall.home), patience=15)
    server = EmbeddedDatabase.of(hall.home).server
    stale = f"{os.getppid()}\n{server.data}\n1\n5432\n{server.socket_folder}\n\n0 0\nready\n"
    (server.data / "postmaster.pid").write_text(stale)
    (hall.home / "database.lock").write_text(f"{os.getppid()}\n")
    hall.start().until_ready()


def test_a_second_clone_beside_it_under_a_folder_that_others_may_not_enter(hall: Running, tree: Path) -> None:
    """As root, the database has to lie elsewhere, and the hall says where."""
    closed = tree.parent / "closed"
    closed.mkdir(mode=0o700)
    other_tree = copy_of_the_tree(closed / "clone")
    other = Running(other_tree, other_tree / "var", ["serve"])
    try:
        other.start().until_ready()
        place = EmbeddedDatabase.of(other.home).server.place
        if os.geteuid() == 0:
            assert f"so the database lies in {place}." in other.said
        else:
            assert place.is_relative_to(closed)
        assert hall.is_ready()
    finally:
        other.stop()
    assert processes_of(other.home) == []
    shutil.rmtree(place)


def test_it_opens_on_every_address_and_past_a_proxy(hall: Running) -> None:
    hall.stop()
    former, before = hall.more, len(hall.said)
    nobody = "http://127.0.0.1:1"
    proxies = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), nobody)
    hall.more = proxies | {"GUILDHALL_HOST": "0.0.0.0"}  # noqa: S104 - that is the question
    try:
        hall.start().until_ready()
        wait_until(lambda: "The hall is open at http://localhost" in hall.said[before:])
    finally:
        hall.stop()
        hall.more = former


def test_the_doors_do_not_know_the_owners_password(hall: Running) -> None:
    keys = EmbeddedDatabase.of(hall.home).server.keys()
    owner, running = keys[OWNER_ROLE], keys[HALL_ROLE]
    for part in ("granian", "worker"):
        told = Path(f"/proc/{children_of(hall.pid)[part]}/environ").read_text()
        assert running in told
        assert owner not in told


def test_a_taken_port_is_named(hall: Running, tree: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run_to_its_end(tree, hall.home, "serve", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {port} is taken by another program: stop that one, or choose another with --port.\n"
    )


def test_a_newer_database_is_left_alone(hall: Running, tree: Path) -> None:
    with psycopg.connect(EmbeddedDatabase.of(hall.home).owner_url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_from_tomorrow', now())"
        )
        try:
            refused = run_to_its_end(tree, hall.home, "migrate")
            port = str(free_port())
            second = run_to_its_end(tree, hall.home, "serve", "--port", port)
        finally:
            owner.execute("DELETE FROM django_migrations WHERE name = '9999_from_tomorrow'")
    sentence = (
        "This database is newer than this Guildhall: it knows jobs.9999_from_tomorrow, which this version "
        "does not. Run the version that made it, or go back to a backup.\n"
    )
    assert (refused.returncode, refused.stderr) == (1, sentence)
    not_opened = "The hall could not be prepared; the reason stands above.\n"
    assert (second.returncode, second.stderr) == (1, sentence + not_opened)


@pytest.mark.parametrize("model", WRITTEN_ONCE)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_running_hall_can_neither_change_nor_delete_what_is_written_once(
    hall: Running, model: str, verb: str
) -> None:
    meta = apps.get_model(model)._meta
    column = next(field.column for field in meta.concrete_fields if field.column)
    with (
        psycopg.connect(EmbeddedDatabase.of(hall.home).url, autocommit=True) as running,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        running.execute(verb.format(meta.db_table, column).encode())


def test_its_database_is_tuned_and_loses_nothing_that_it_has_acknowledged(hall: Running) -> None:
    wanted = _TUNING | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    with psycopg.connect(EmbeddedDatabase.of(hall.home).server.url(ADMIN, "postgres")) as admin:
        found = {name: admin.execute("SELECT current_setting(%s)", [name]).fetchone() for name in wanted}
    assert found == {name: (value,) for name, value in wanted.items()}


def test_a_sample_hall_never_moves_in_with_an_own_one(tree: Path) -> None:
    home = tree / "own"
    home.mkdir()
    (home / "kind").write_text("own\n")
    refused = run_to_its_end(tree, home, "demo")
    assert refused.returncode == 1
    assert "never moves in with it" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_command_that_needs_a_hall_says_how_to_open_one(tree: Path) -> None:
    refused = run_to_its_end(tree, tree / "nowhere", "check")
    assert refused.returncode == 1
    assert refused.stderr == f"There is no hall in {tree / 'nowhere'} yet: open one with `serve` or `demo`.\n"
    assert not (tree / "nowhere").exists()
