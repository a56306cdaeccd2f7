"""Whatever is killed, and whenever: the hall comes back, and nothing that was acknowledged is lost."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from guildhall.config.postgres.embedded import EmbeddedDatabase
from tests.config.running import (
    Running,
    children_of,
    copy_of_the_tree,
    processes_of,
    run_to_its_end,
    wait_until,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "faults-tree")


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


def _is_half_migrated(home: Path) -> bool:
    with suppress(psycopg.Error, OSError, KeyError):
        with psycopg.connect(EmbeddedDatabase.of(home).owner_url) as line:
            found = line.execute("SELECT count(*) FROM django_migrations").fetchone()
        return found is not None and 0 < found[0] < 30
    return False


@pytest.mark.parametrize("word", [signal.SIGKILL, signal.SIGTERM])
def test_a_first_start_that_is_ended_anywhere_leaves_nothing_in_the_way(
    tree: Path, word: signal.Signals
) -> None:
    hall = Running(tree, tree / f"first-{word.name}", ["serve"])
    server = hall.home / "postgres"
    hall.start()
    wait_until((server / "data" / "base").exists)
    assert not (server / "made").exists(), "initdb is at work"
    hall.stop(word)
    wait_until(lambda: not processes_of(hall.home), patience=15)

    hall.start()
    wait_until(lambda: _is_half_migrated(hall.home))
    hall.stop(word)
    wait_until(lambda: not processes_of(hall.home), patience=15)

    hall.start().until_ready()
    assert "Traceback" not in hall.said
    assert not list(server.glob("unfinished-*"))
    assert hall.stop() == 0
    assert processes_of(hall.home) == []


def test_the_process_that_answers_pages_comes_back(hall: Running) -> None:
    master = children_of(hall.pid)["granian"]
    folders = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    [answering] = [int(folder.name) for folder in folders if _parent_of(folder) == master]
    os.kill(answering, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{answering}").exists())
    hall.until_ready()
    assert hall.get("/")[0] == 200


def _parent_of(folder: Path) -> int:
    with suppress(OSError, IndexError):
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def test_what_the_database_acknowledged_outlives_its_being_killed_under_load(
    hall: Running, tree: Path
) -> None:
    acknowledged: list[int] = []
    ended = threading.Event()
    url = EmbeddedDatabase.of(hall.home).url

    def write(first: int) -> None:
        number = first
        while not ended.is_set():
            with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as line:
                while not ended.is_set():
                    number += 4
                    line.execute(
                        "INSERT INTO kernel_event (id, name, subject_id, at, facts) VALUES"
                        " (uuidv7(), 'trial.written', uuidv7(), now(), jsonb_build_object('n', %s::int))",
                        [number],
                    )
                    acknowledged.append(number)

    writers = [threading.Thread(target=write, args=(first,)) for first in range(4)]
    for writer in writers:
        writer.start()
    try:
        for _each in range(2):
            before = len(acknowledged)
            wait_until(lambda before=before: len(acknowledged) > before + 50)  # type: ignore[misc]
            former = children_of(hall.pid)["postgres"]
            os.kill(former, signal.SIGKILL)
            wait_until(lambda former=former: children_of(hall.pid).get("postgres", former) != former)  # type: ignore[misc]
            hall.until_ready()
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    with psycopg.connect(url) as line:
        rows = line.execute("SELECT facts->'n' FROM kernel_event WHERE name = 'trial.written'").fetchall()
    assert set(acknowledged) <= {number for (number,) in rows}
    assert len(rows) == len(set(rows))
    checked = run_to_its_end(tree, hall.home, "check")
    assert checked.returncode == 0, checked.stdout


def test_a_database_that_does_not_come_back_at_once_is_tried_again(hall: Running) -> None:
    control = hall.home / "postgres" / "data" / "global" / "pg_control"
    before = len(hall.said)
    control.rename(control.with_name("hidden"))
    os.kill(children_of(hall.pid)["postgres"], signal.SIGKILL)
    wait_until(lambda: "The database is tried again in" in hall.said[before:])
    assert "is not whole" in hall.said[before:]
    control.with_name("hidden").rename(control)
    wait_until(lambda: "The database was started again." in hall.said[before:])
    hall.until_ready()
