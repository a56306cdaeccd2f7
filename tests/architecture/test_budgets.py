"""Small enough to be held in the head: lines of files and functions, and names that say something."""

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, Source, sources

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 70
MOST_FILES_OF_THE_KERNEL = 12
SAY_NOTHING = {"utils", "helpers", "services", "managers", "signals", "constants", "common", "misc", "base"}
NAMED_BY_OTHERS = {"guildhall/config/postgres/engine/base.py"}  # Django looks for an engine under this name
EVERYTHING = [*sources("guildhall", "tests"), Source(ROOT / "run.py")]


@pytest.mark.parametrize("source", EVERYTHING, ids=lambda source: source.name)
def test_a_file_can_be_read_in_one_sitting(source: Source) -> None:
    assert source.lines <= MOST_LINES_OF_A_FILE
    for function in source.functions():
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= MOST_LINES_OF_A_FUNCTION, f"{function.name} has {length} lines"


def test_templates_and_styles_keep_to_the_same_budget() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.html")
        if (lines := len(path.read_text().splitlines())) > MOST_LINES_OF_A_FILE
    }
    assert long == {}


def test_no_module_is_named_after_nothing() -> None:
    named = [source.name for source in sources("guildhall") if source.path.stem in SAY_NOTHING]
    named += [
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*")
        if path.is_dir() and path.name in SAY_NOTHING
    ]
    assert set(named) == NAMED_BY_OTHERS


def test_the_kernel_stays_small() -> None:
    files = [source for source in sources("guildhall/kernel") if source.path.parent.name == "kernel"]
    assert len(files) <= MOST_FILES_OF_THE_KERNEL


def test_migrations_are_named_as_sentences() -> None:
    names = [path.stem for path in PACKAGE.rglob("migrations/*.py") if path.stem != "__init__"]
    assert names
    for name in names:
        assert re.fullmatch(r"\d{4}(_[a-z0-9]+){2,}", name), name
        assert "_auto_" not in name
        assert not name.endswith("_initial")


def test_every_package_says_what_it_is() -> None:
    for folder in sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()):
        text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
        assert text, f"{folder.name} has no docstring"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|NotImplemented(Error)?)\b")
    assert [source.name for source in sources("guildhall") if later.search(source.path.read_text())] == []
