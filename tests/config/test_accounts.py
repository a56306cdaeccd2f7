"""A hall under an ordinary account: it needs nobody's help, and what it may not write it names."""

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.config.running import Running, children_of, copy_of_the_tree, processes_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("accounts")]


@pytest.fixture(scope="module")
def tree(open_folder: Path) -> Path:
    return copy_of_the_tree(open_folder / "accounts-tree")


@pytest.fixture(scope="module")
def account() -> dict[str, Any]:
    """Ours; or one without any rights, if we are root."""
    if os.geteuid():
        return {}
    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@pytest.fixture(scope="module")
def python(account: Mapping[str, Any], tree: Path) -> tuple[str, dict[str, str]]:
    """A Python that it may run, and what that wants to be told: ours may lie in a closed folder."""
    if _may_run(account, sys.executable, {}):
        return sys.executable, {}
    base, packages, copy = Path(sys.base_prefix), sysconfig.get_path("purelib"), tree / "python"
    copied = shutil.ignore_patterns("site-packages", "test", "share")
    shutil.copytree(base, copy, symlinks=True, ignore=copied, copy_function=_link_or_copy)
    shutil.copytree(packages, copy / "packages", symlinks=True, copy_function=_link_or_copy)
    copy.chmod(0o755)
    told = {"PYTHONPATH": str(copy / "packages"), "LD_LIBRARY_PATH": str(copy / "lib")}
    program = str(copy / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")
    assert _may_run(account, program, told)
    return program, told


def _may_run(account: Mapping[str, Any], program: str, told: Mapping[str, str]) -> bool:
    try:
        asked = [program, "-c", "import django"]
        return subprocess.run(asked, env=os.environ | told, cwd="/", check=False, **account).returncode == 0
    except PermissionError:
        return False


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy(source, target)


def test_an_ordinary_account_opens_a_hall_and_what_it_may_not_write_is_one_sentence(
    account: dict[str, Any], python: tuple[str, dict[str, str]], tree: Path
) -> None:
    program, told = python
    uid = account.get("user", os.geteuid())
    theirs, closed = tree / "theirs", tree / "closed"
    theirs.mkdir()
    closed.mkdir(mode=0o555)
    os.chown(theirs, uid, -1)
    hall = Running(tree, theirs / "home", ["serve"], more=told, python=program, account=account).start()
    try:
        hall.until_ready()
        assert hall.get("/")[0] == 200
        parts = children_of(hall.pid)
        assert set(parts) == {"granian", "worker", "postgres"}
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in parts.values()} == {uid}
        assert (hall.home / "postgres" / "data").stat().st_uid == uid
        assert hall.home.stat().st_mode & 0o777 == 0o700
    finally:
        assert hall.stop() == 0
    assert processes_of(hall.home) == []

    refused = Running(tree, closed / "home", ["serve"], more=told, python=program, account=account).start()
    assert refused.process is not None
    assert refused.process.wait(60) == 1
    assert refused.said == (
        f"The hall cannot write in its home {closed / 'home'} (Permission denied): "
        "give it that right, or set GUILDHALL_HOME to another folder.\n"
    )
