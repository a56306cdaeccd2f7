"""`demo` as a stranger runs it: real processes, an interruption, and what it says when it opens."""

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guildhall import demo
from guildhall.config.postgres.embedded import EmbeddedDatabase
from tests.config.running import Running, copy_of_the_tree, processes_of, run_to_its_end, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("opening")]
SMALL = ["demo", "--jobs", "2"]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "demo-tree")


def events_in(home: Path, name: str) -> int:
    """How often something has happened in the hall of a home; none where there is no database yet."""
    try:
        with psycopg.connect(EmbeddedDatabase.of(home).owner_url) as line:
            row = line.execute("SELECT count(*) FROM kernel_event WHERE name = %s", [name]).fetchone()
    except (psycopg.Error, OSError, KeyError):  # no tables, no server, not even its passwords
        return 0
    return row[0] if row else 0


def interrupt_in_mid_year(hall: Running, word: signal.Signals) -> int:
    """Start it, and send it a signal while its year is played."""
    hall.start()
    try:
        wait_until(lambda: events_in(hall.home, "proposal.sent"))
        assert not events_in(hall.home, "demo.built")
    finally:
        status = hall.stop(word)
    wait_until(lambda: not processes_of(hall.home), patience=15)
    return status


@pytest.fixture(scope="module")
def hall(tree: Path) -> Iterator[Running]:
    """A sample hall that fell in the middle of its year and was started again."""
    hall = Running(tree, tree / "home", SMALL)
    try:
        interrupt_in_mid_year(hall, signal.SIGKILL)
        hall.start().until_ready()
        wait_until(lambda: "Ctrl-C stops it" in hall.said)
        yield hall
    finally:
        hall.stop()
    assert processes_of(hall.home) == []


def test_an_interrupted_year_begins_anew(hall: Running) -> None:
    assert hall.said.count("it begins anew") == 1
    assert events_in(hall.home, "demo.begun") == events_in(hall.home, "demo.built") == 1
    assert "Traceback" not in hall.said.partition("it begins anew")[2]


def test_it_says_where_it_is_after_how_long_and_whom_to_sign_in_as(hall: Running) -> None:
    opened = re.search(r"The sample hall is open at http://localhost:(\d+) after (\d+) s\.", hall.said)
    assert opened
    assert int(opened[1]) == hall.port
    assert 0 < int(opened[2]) < 600
    *cast, (_nobody, password) = demo.whom_to_sign_in_as()
    for email, does in cast:
        assert re.search(rf"{re.escape(email)} +{does}\n", hall.said)
    assert f"password for all of them: {password}" in hall.said


def test_it_is_ready_under_both_names_and_nothing_in_it_is_broken(hall: Running, tree: Path) -> None:
    for name in ("localhost", "127.0.0.1"):
        assert hall.get("/readyz", name)[0] == 200
        status, front = hall.get("/jobs", name)
        assert status == 200
        assert b"bakery" in front
    checked = run_to_its_end(tree, hall.home, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert re.search(r"^(\d+) of \1 promises hold\.$", checked.stderr, re.MULTILINE), checked.stderr


def test_the_second_start_builds_nothing_and_ctrl_c_leaves_nothing(hall: Running) -> None:
    assert hall.stop(signal.SIGINT) == 0
    assert processes_of(hall.home) == []
    before = len(hall.said)
    began = time.monotonic()
    hall.start().until_ready()
    wait_until(lambda: "Ctrl-C stops it" in hall.said[before:])
    said = hall.said[before:]
    opened = re.search(r"after (\d+) s", said)
    assert opened
    assert int(opened[1]) <= time.monotonic() - began + 1
    assert "Playing a year" not in said
    assert events_in(hall.home, "demo.built") == 1


def test_ctrl_c_in_mid_year_is_quiet_and_leaves_nothing(tree: Path) -> None:
    hall = Running(tree, tree / "other", SMALL)
    assert interrupt_in_mid_year(hall, signal.SIGINT) == 0
    assert "Traceback" not in hall.said
    assert not events_in(hall.home, "demo.built")


@pytest.mark.parametrize("many", ["-1", "301", "ten"])
def test_a_year_of_no_such_size_is_refused_in_one_sentence(tree: Path, many: str) -> None:
    refused = run_to_its_end(tree, tree / "nowhere", "demo", "--jobs", many)
    assert refused.returncode == 2
    assert "it must be a whole number from 0 to 300" in refused.stderr
    assert not (tree / "nowhere").exists()
