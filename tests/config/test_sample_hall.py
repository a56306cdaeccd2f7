"""The sample hall: built once, whoever starts beside it, and never in or over what is not it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.config.own_databases import OwnDatabase, own_database
from tests.config.running import Running, copy_of_the_tree, processes_of, run_to_its_end, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample-hall")]
SMALL = ["demo", "--jobs", "4"]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "sample-tree")


@pytest.fixture
def database(database_server: str) -> Iterator[OwnDatabase]:
    with own_database(database_server) as made:
        yield made


def _events(database: OwnDatabase, name: str) -> int:
    try:
        found = database.ask(f"SELECT count(*) FROM kernel_event WHERE name = '{name}'")  # noqa: S608 - ours
    except psycopg.errors.UndefinedTable:
        return 0
    assert isinstance(found[0][0], int)
    return found[0][0]


def test_an_interrupted_year_begins_anew_once_and_spares_what_is_not_its_own(
    tree: Path, database: OwnDatabase
) -> None:
    """On a database of the operator's own, in which somebody else keeps a table and a function."""
    database.tell(
        "CREATE TABLE neighbours (name text)",
        "INSERT INTO neighbours VALUES ('Eve')",
        "CREATE FUNCTION greet() RETURNS text LANGUAGE sql AS 'SELECT ''hello'''",
    )
    first = Running(tree, tree / "sample", SMALL, more=database.one_url).start()
    wait_until(lambda: _events(database, "proposal.sent") or _events(database, "job.open"))
    assert not _events(database, "demo.built")
    first.stop(signal.SIGKILL)
    wait_until(lambda: not processes_of(first.home), patience=15)

    halls = [Running(tree, tree / "sample", SMALL, more=database.one_url).start() for _each in range(2)]
    try:
        for hall in halls:
            hall.until_ready()
            wait_until(lambda hall=hall: "password for all of them" in hall.said)  # type: ignore[misc]
            assert hall.get("/")[0] == 200
        said = [hall.said for hall in halls]
        assert sum("it begins anew" in each for each in said) == 1
        assert sum("Another process builds this sample hall: waiting for it." in each for each in said) == 1
    finally:
        for hall in halls:
            hall.stop()
    assert _events(database, "demo.built") == 1
    assert database.ask("SELECT name, greet() FROM neighbours") == [("Eve", "hello")]

    for home, words in ((tree / "own", ["serve"]), (tree / "own", ["migrate"]), (tree / "own", ["check"])):
        refused = run_to_its_end(tree, home, *words, **database.one_url)
        assert refused.returncode == 1
        assert "The database is that of a sample hall, and a hall of its own never moves in" in refused.stderr
