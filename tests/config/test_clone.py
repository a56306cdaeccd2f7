"""What a clone brings along beside the code: other names for its commands, its Python, the way to a machine
that tests it, and a README whose every line works."""

import re
import shutil
import stat
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from guildhall.config.command import COMMANDS
from guildhall.config.environment import VARIABLES
from tests.config.running import ROOT

PAGES = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
PAGES += sorted(f"docs/guides/{path.name}" for path in (ROOT / "docs" / "guides").glob("*.md"))
FONTS = "Noto Nastaliq Urdu|Noto Sans Arabic|Noto Sans Bengali|Noto Sans Devanagari"


def test_the_makefile_says_the_same_in_other_words() -> None:
    text = (ROOT / "Makefile").read_text()
    rule = re.search(r"^([\w ]+):\n\t@python3 run\.py \$@$", text, re.MULTILINE)
    assert rule
    targets = rule[1].split()
    assert {"demo", "test"} <= set(targets) <= {*COMMANDS, "test"}
    assert re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split() == targets  # type: ignore[index]


def test_every_place_that_names_a_python_names_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert (ROOT / ".python-version").read_text() == "3.13\n"
    assert project["project"]["requires-python"] == ">=3.13"
    assert "LEAST = (3, 13)\n" in (ROOT / "run.py").read_text()
    assert "You need Python 3.13" in (ROOT / "README.md").read_text()


def test_every_exception_from_the_linter_is_explained() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    rules = tomllib.loads(text)["tool"]["ruff"]["lint"]
    assert rules["select"] == ["ALL"]
    excepted = {*rules["ignore"], *(code for codes in rules["per-file-ignores"].values() for code in codes)}
    for code in excepted:
        for line in re.findall(rf'^ +"{code}",(.*)$', text, re.MULTILINE):
            assert re.fullmatch(r" +# \S.{3,}", line), code
    bare = []
    for path in [*(ROOT / "guildhall").rglob("*.py"), ROOT / "run.py"]:
        lines = path.read_text().splitlines() if "migrations" not in path.parts else []
        for above, line in pairwise(["", *lines]):
            explained = re.search(r"# noqa: [A-Z0-9, ]+ - \S", line) or above.strip().startswith("# ")
            if "# noqa" in line and not explained:
                bare.append(f"{path.relative_to(ROOT)}: {line.strip()}")
    assert bare == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_written_down_is_one(page: str) -> None:
    words = re.findall(r"run\.py (?!--)(\S+?)[`\s]", (ROOT / page).read_text())
    assert set(words) <= {*COMMANDS, "test"}


def test_every_variable_that_is_written_down_is_one_and_the_guide_tells_of_each() -> None:
    told = {page: set(re.findall(r"GUILDHALL_[A-Z_]+", (ROOT / page).read_text())) for page in PAGES}
    assert set().union(*told.values()) <= set(VARIABLES)
    for_help_alone = {"GUILDHALL_SECRET_KEY", "GUILDHALL_THREADS", "GUILDHALL_DEBUG"}
    assert told["docs/guides/operators.md"] == VARIABLES.keys() - for_help_alone


def test_readme_begins_with_the_two_commands() -> None:
    shown = re.findall(r"^    python3 run\.py (\w+)\n", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert shown == ["demo", "serve", "test"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A clone on a machine that has nothing but a shell; what is asked of it is written down."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    for name in ("dirname", "bash"):
        found = shutil.which(name)
        assert found
        _program(tmp_path, name, f'exec {found} "$@"')
    _program(tmp_path, "python3", f'echo python3 "$@" >> {tmp_path}/asked')
    _program(tmp_path, "apt-get", f'echo apt-get "$@" >> {tmp_path}/asked')
    return tmp_path


def _program(machine: Path, name: str, text: str) -> None:
    path = machine / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _run(machine: Path, *words: str) -> tuple[int, str, list[str]]:
    ended = subprocess.run(
        ["/bin/bash", str(machine / ".ci" / "run"), *words],
        env={"PATH": str(machine / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    asked = machine / "asked"
    return ended.returncode, ended.stderr, asked.read_text().splitlines() if asked.exists() else []


def test_a_bare_machine_gets_the_browser_and_the_fonts_and_then_runs_the_readmes_command(
    machine: Path,
) -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR
    _program(machine, "id", "echo 0")
    status, complaints, asked = _run(machine)
    assert (status, complaints) == (0, "")
    assert asked == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-noto-core fonts-noto-extra",
        "python3 run.py test",
    ]


def test_a_machine_that_has_all_of_it_is_asked_for_nothing_and_every_word_is_passed_on(machine: Path) -> None:
    _program(machine, "chromium", "exit 0")
    _program(machine, "fc-list", f'case "$1" in {FONTS.replace(" ", "?")}) echo there ;; esac')
    assert _run(machine, "tests/kernel", "-q") == (0, "", ["python3 run.py test tests/kernel -q"])
    _program(machine, "fc-list", 'case "$1" in *Bengali) ;; *) echo there ;; esac')
    _program(machine, "id", "echo 0")
    assert "fonts-noto-extra" in " ".join(_run(machine)[2])


def test_an_ordinary_account_is_told_what_is_missing(machine: Path) -> None:
    _program(machine, "id", "echo 1000")
    status, complaints, asked = _run(machine)
    assert (status, asked) == (1, [])
    assert complaints.startswith("The tests need chromium fontconfig fonts-noto-core fonts-noto-extra: ")
    assert complaints.count("\n") == 1
