"""A hall on a server of the operator's own: it opens, keeps to its rights, and says what is in the way."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guildhall.config.migrating import refuse_old_server
from guildhall.config.trouble import Trouble
from tests.config.own_databases import OwnDatabase, own_database
from tests.config.running import Running, children_of, copy_of_the_tree, run_to_its_end

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("own-database")]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "own-database-tree")


@pytest.fixture
def database(database_server: str) -> Iterator[OwnDatabase]:
    with own_database(database_server) as made:
        yield made


def _refusal(tree: Path, home: Path, *words: str, **more: str) -> str:
    """The one sentence that a command ends with."""
    refused = run_to_its_end(tree, home, *words, **more)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    sentences = [line for line in refused.stderr.splitlines() if "%  " not in line]
    more_of_serve = ["The hall could not be prepared; the reason stands above."]
    assert sentences[1:] in ([], more_of_serve), refused.stderr
    return sentences[0]


def test_one_url_serves_a_hall_and_every_command_reaches_it(tree: Path, database: OwnDatabase) -> None:
    home = tree / "one"
    hall = Running(tree, home, ["serve"], more=database.one_url).start()
    try:
        hall.until_ready()
        assert hall.get("/")[0] == 200
        assert "postgres" not in children_of(hall.pid)
        assert database.ask("SELECT kind FROM config_kind") == [("own",)]
        checked = run_to_its_end(tree, home, "check", **database.one_url)
        assert checked.returncode == 0, checked.stderr
        books = run_to_its_end(tree, home, "export", "ledger", **database.one_url)
        assert books.returncode == 0, books.stderr
        saved = run_to_its_end(tree, home, "backup", str(tree / "own.backup"), **database.one_url)
        assert saved.returncode == 0, saved.stderr
    finally:
        hall.stop()
    moved = _refusal(tree, tree / "sample", "demo", "--port", str(hall.port), **database.one_url)
    assert moved == (
        "The database is that of a hall of its own, and a sample hall never moves in with it: "
        "let GUILDHALL_DATABASE_URL name another database."
    )
    database.tell("INSERT INTO django_migrations (app, name, applied) VALUES ('gigs', '0001_first', now())")
    for words in (["check"], ["export", "ledger"], ["migrate"], ["worker", "--once"]):
        assert _refusal(tree, home, *words, **database.one_url).startswith(
            "This database is newer than this Guildhall: it knows gigs.0001_first"
        )


def test_two_urls_keep_the_running_hall_from_the_books(tree: Path, database: OwnDatabase) -> None:
    hall = Running(tree, tree / "two", ["serve"], more=database.two_urls).start()
    try:
        hall.until_ready()
        with psycopg.connect(database.url(database.hall), autocommit=True) as running:
            for statement in (
                "UPDATE ledger_posting SET amount = 1",
                "DELETE FROM ledger_movement",
                "TRUNCATE kernel_event",
                "INSERT INTO ledger_account (code, currency, derived, balance) VALUES ('x', 'USD', false, 0)",
                "UPDATE config_kind SET kind = 'demo'",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    running.execute(statement.encode())
        for part, pid in children_of(hall.pid).items():
            told = Path(f"/proc/{pid}/environ").read_bytes()
            assert database.hall.encode() in told, part
            assert database.owner.encode() not in told, part
            assert b"GUILDHALL_MIGRATION_DATABASE_URL" not in told, part
        checked = run_to_its_end(tree, hall.home, "check", **database.two_urls)
        assert checked.returncode == 0, checked.stderr
    finally:
        hall.stop()


def test_a_role_that_keeps_its_rights_whatever_is_revoked_is_refused(
    tree: Path, database: OwnDatabase, database_server: str
) -> None:
    with psycopg.connect(database_server, autocommit=True) as admin:
        admin.execute(f'GRANT "{database.owner}" TO "{database.hall}"'.encode())
    said = _refusal(tree, tree / "member", "migrate", **database.two_urls)
    assert re.match(
        rf"The role {database.hall} could change the rows of [a-z]+_[a-z]+, which are written once", said
    )
    granted = "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = '{}'"
    assert database.ask(granted.format(database.hall)) == [(0,)], "rights come all at once or not at all"


@pytest.mark.parametrize(
    "words",
    [["check"], ["migrate"], ["serve"], ["worker"], ["create-operator", "olga@example.org"], ["backup", "x"]],
    ids=lambda words: words[0],
)
def test_a_server_that_does_not_answer_is_one_sentence(tree: Path, words: list[str]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        url = f"postgresql://hall:secret@127.0.0.1:{port}/hall"
        said = _refusal(tree, tree / "silent", *words, GUILDHALL_DATABASE_URL=url)
    assert said.startswith("The database does not answer (")
    assert said.endswith("see that it runs and that GUILDHALL_DATABASE_URL leads to it.")
    assert "secret" not in said


def test_a_wrong_password_is_one_sentence(tree: Path, database: OwnDatabase) -> None:
    wrong = {"GUILDHALL_DATABASE_URL": database.url(database.owner, "guessed")}
    for words in (["check"], ["serve"]):
        said = _refusal(tree, tree / "wrong", *words, **wrong)
        assert said == (
            "The database does not let the hall in (password authentication failed for user "
            f'"{database.owner}"): look at GUILDHALL_DATABASE_URL.'
        )


def test_a_role_that_may_not_make_tables_is_one_sentence(tree: Path, database: OwnDatabase) -> None:
    only_hall = {"GUILDHALL_DATABASE_URL": database.url(database.hall)}
    said = _refusal(tree, tree / "poor", "serve", **only_hall)
    assert said.startswith(
        f"The role {database.hall} may not make tables in this database: let its owner say "
    )


def test_an_empty_database_is_one_sentence(tree: Path, database: OwnDatabase) -> None:
    said = _refusal(tree, tree / "empty", "check", **database.one_url)
    assert said == "The database is older than this Guildhall, or empty: run `migrate` first."


def test_a_table_that_somebody_else_holds_is_one_sentence(tree: Path, database: OwnDatabase) -> None:
    assert run_to_its_end(tree, tree / "held", "migrate", **database.one_url).returncode == 0
    with psycopg.connect(database.url(database.owner)) as other:
        other.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        said = _refusal(tree, tree / "held", "migrate", **database.one_url)
    assert said.startswith("Somebody else holds a table that must change for longer than the hall waits")


def test_a_server_that_is_too_old_is_one_sentence() -> None:
    refuse_old_server(180_000)
    with pytest.raises(Trouble, match="is PostgreSQL 17, and the hall needs 18 or newer"):
        refuse_old_server(170_004)


def test_a_home_that_cannot_be_written_is_one_sentence(tree: Path) -> None:
    (tree / "a-file").touch()
    said = _refusal(tree, tree / "a-file" / "home", "serve")
    assert said.startswith(f"The hall cannot write in its home {tree / 'a-file' / 'home'}")


def test_what_is_written_out_to_nowhere_is_one_sentence(tree: Path, database: OwnDatabase) -> None:
    assert run_to_its_end(tree, tree / "out", "migrate", **database.one_url).returncode == 0
    target = tree / "nowhere" / "books"
    said = _refusal(tree, tree / "out", "export", "ledger", "--output", str(target), **database.one_url)
    assert said == f"{target} cannot be read or written (No such file or directory)."
    assert not os.path.lexists(target)
