"""A copy of a hall is one file, and a hall comes back from it with everything that it held."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from guildhall.config.copies import opened_copy
from guildhall.config.postgres.embedded import EmbeddedDatabase
from guildhall.config.trouble import Trouble
from tests.config.own_databases import OwnDatabase, own_database
from tests.config.running import (
    Running,
    copy_of_the_tree,
    environment,
    processes_of,
    run_to_its_end,
    wait_until,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backup")]

WHAT_COUNTS = """
SELECT (SELECT count(*) FROM people_person), (SELECT count(*) FROM kernel_event WHERE id <= %(event)s),
       (SELECT sum(amount) FROM ledger_posting WHERE movement_id <= %(movement)s),
       (SELECT string_agg(key, ' ' ORDER BY id) FROM ledger_movement WHERE id <= %(movement)s),
       (SELECT string_agg(digest, ' ' ORDER BY digest) FROM files_storedfile)
"""
"""Up to the copy: both halls are open, and in both the worker goes on."""
LAST = "SELECT (SELECT max(id::text)::uuid FROM kernel_event), (SELECT max(id) FROM ledger_movement)"


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "backup-tree")


@pytest.fixture(scope="module")
def sample(tree: Path, database_server: str) -> Iterator[tuple[Running, OwnDatabase]]:
    """A hall with people, money and files in it, that is open."""
    with own_database(database_server) as database:
        hall = Running(tree, tree / "sample", ["demo", "--jobs", "4"], more=database.two_urls).start()
        try:
            yield hall.until_ready(), database
        finally:
            hall.stop()


@pytest.fixture(scope="module")
def last(sample: tuple[Running, OwnDatabase]) -> dict[str, object]:
    """What had happened before the copy was begun."""
    [(event, movement)] = sample[1].ask(LAST)
    return {"event": event, "movement": movement}


@pytest.fixture(scope="module")
def saved(tree: Path, sample: tuple[Running, OwnDatabase], last: dict[str, object]) -> Path:
    """Its copy, made while it is open."""
    assert last["movement"]
    hall, database = sample
    folder = tree / "copies"
    folder.mkdir()
    target = folder / "hall.backup"
    made = run_to_its_end(tree, hall.home, "backup", str(target), **database.two_urls)
    assert made.returncode == 0, made.stderr
    assert list(folder.iterdir()) == [target], "nothing else is left"
    return target


def _what_counts(url: str, last: dict[str, object]) -> object:
    with psycopg.connect(url) as line:
        return line.execute(WHAT_COUNTS, last).fetchone()


def test_nobody_else_may_read_it_and_it_holds_what_is_needed(saved: Path, tree: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with ZipFile(saved) as parts:
        assert parts.testzip() is None
        assert parts.read("secret-key").decode() == (tree / "sample" / "secret-key").read_text()
        kept = {name.rpartition("/")[2] for name in parts.namelist() if name.startswith("files/")}
    assert kept
    assert kept == {path.name for path in (tree / "sample" / "files").glob("??/*")}


def test_a_hall_comes_back_in_another_home(
    saved: Path, tree: Path, sample: tuple[Running, OwnDatabase], last: dict[str, object]
) -> None:
    home = tree / "again"
    restored = run_to_its_end(tree, home, "restore", str(saved))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "promises hold." in restored.stderr
    assert processes_of(home) == []
    assert (home / "secret-key").read_text() == (tree / "sample" / "secret-key").read_text()
    over = run_to_its_end(tree, home, "restore", str(saved))
    assert over.returncode == 1
    assert over.stderr == f"{home} holds something already: a backup is restored into an empty home.\n"
    hall = Running(tree, home, ["demo"]).start()
    try:
        hall.until_ready()
        assert hall.get("/")[0] == 200
        assert "begins anew" not in hall.said
        ours = _what_counts(EmbeddedDatabase.of(home).owner_url, last)
        assert ours == _what_counts(sample[1].url(sample[1].owner), last)
    finally:
        hall.stop()


def test_a_hall_comes_back_in_a_database_of_ones_own_and_keeps_its_rights(
    saved: Path, tree: Path, database_server: str
) -> None:
    with own_database(database_server) as other:
        home = tree / "own-again"
        restored = run_to_its_end(tree, home, "restore", str(saved), **other.two_urls)
        assert restored.returncode == 0, restored.stdout + restored.stderr
        with (
            psycopg.connect(other.url(other.hall), autocommit=True) as running,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            running.execute("DELETE FROM ledger_posting")
        full = run_to_its_end(tree, tree / "elsewhere", "restore", str(saved), **other.two_urls)
        assert full.returncode == 1
        sentence = "The database holds something already: a backup is restored into an empty one.\n"
        assert full.stderr.endswith(sentence)
        assert not any((tree / "elsewhere").iterdir())


def test_what_is_no_backup_is_named(saved: Path, tree: Path) -> None:
    half = saved.with_name("half")
    half.write_bytes(saved.read_bytes()[:10_000])
    refused = run_to_its_end(tree, tree / "nothing", "restore", str(half))
    half.unlink()
    assert (refused.returncode, refused.stderr) == (1, f"{half} is not a whole backup of a hall.\n")
    missing = run_to_its_end(tree, tree / "nothing", "restore", str(half))
    assert missing.stderr == f"{half} cannot be read or written (No such file or directory).\n"
    assert not (tree / "nothing").exists()


def test_another_zip_file_is_none_and_what_goes_wrong_with_a_real_one_is_not_blamed_on_it(
    saved: Path, tmp_path: Path
) -> None:
    for facts in (None, "[1]", "{}", '{"format": 1, "kind": "own"}'):
        other = tmp_path / "other.zip"
        with ZipFile(other, "w") as parts:
            parts.writestr("something", "else")
            if facts:
                parts.writestr("guildhall.json", facts)
        with pytest.raises(Trouble, match="is not a whole backup of a hall"), opened_copy(other):
            raise AssertionError(facts)
    newer = tmp_path / "newer.zip"
    with ZipFile(newer, "w") as parts:
        for name in ("secret-key", "database.dump"):
            parts.writestr(name, "")
        parts.writestr("guildhall.json", '{"format": 2, "kind": "own"}')
    with pytest.raises(Trouble, match="was written by a newer Guildhall"), opened_copy(newer):
        raise AssertionError
    with pytest.raises(KeyError, match="ours"), opened_copy(saved):
        raise KeyError("ours")


def test_a_home_that_was_restored_by_half_is_opened_by_nobody(saved: Path, tree: Path) -> None:
    home = tree / "by-half"
    home.mkdir(mode=0o711)
    (home / "kind").write_text("unfinished\n")
    (home / "files").mkdir()
    for word in ("demo", "serve", "check"):
        refused = run_to_its_end(tree, home, word)
        assert "is the home of a hall that was not restored to its end" in refused.stderr
    restored = run_to_its_end(tree, home, "restore", str(saved))
    assert restored.returncode == 0, restored.stderr
    assert (home / "kind").read_text() == "demo\n"


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_stopped_leaves_nothing(
    word: signal.Signals, saved: Path, tree: Path, sample: tuple[Running, OwnDatabase]
) -> None:
    hall, database = sample
    target = saved.with_name("stopped")
    with psycopg.connect(database.url(database.owner)) as other:
        other.execute("LOCK TABLE people_token IN ACCESS EXCLUSIVE MODE")  # it will wait here
        backup = Running(tree, hall.home, ["backup", str(target)], more=database.two_urls).start()
        waits = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        waits += f" WHERE NOT granted AND datname = '{database.name}'"
        wait_until(lambda: database.ask(waits) != [(0,)])
        assert backup.stop(word) == 128 + word
    assert list(target.parent.iterdir()) == [saved]
    assert not [line for line in processes_of(hall.home) if "pg_dump" in line]
    assert "Traceback" not in backup.said


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    saved: Path, tree: Path, sample: tuple[Running, OwnDatabase]
) -> None:
    hall, database = sample
    target = saved.with_name("too-large")
    words = [sys.executable, "-m", "guildhall", "backup", str(target)]
    refused = subprocess.run(
        ["/bin/bash", "-c", f"ulimit -f 16; exec {shlex.join(words)}"],
        cwd=tree,
        env=environment(hall.home, **database.two_urls) | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (refused.returncode, refused.stderr) == (1, "The disk is full (File too large).\n")
    assert list(target.parent.iterdir()) == [saved]
    assert os.path.lexists(saved)
