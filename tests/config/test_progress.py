"""Progress: a bar for a terminal, a line now and then for a file, nothing for what is quick."""

import io

import pytest

from guildhall.config import progress as module
from guildhall.config.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_QUIET", 0.0)
    monkeypatch.setattr(module, "_BETWEEN", 0.0)


def test_a_terminal_sees_a_bar_that_is_cleared_at_the_end() -> None:
    screen = Terminal()
    with Progress("Importing", screen) as progress:
        progress(1, 4, "row 1")
        progress(0.5)
    drawn = screen.getvalue()
    assert " 25%  Importing row 1" in drawn
    assert " 50%  Importing" in drawn
    assert drawn.endswith("\r\x1b[2K")


def test_a_file_sees_the_end_and_no_bars() -> None:
    file = io.StringIO()
    with Progress("Importing", file) as progress:
        progress(1, 4)
        progress(4, 4)
    assert file.getvalue() == "100%  Importing\n"


def test_what_is_quick_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_QUIET", 60.0)
    screen = Terminal()
    with Progress("Importing", screen) as progress:
        progress(1, 1)
    assert screen.getvalue() == ""


def test_nothing_to_do_is_done() -> None:
    screen = Terminal()
    Progress("Importing", screen)(0, 0)
    assert "100%" in screen.getvalue()


@pytest.mark.parametrize("columns", [40, 80])
def test_a_bar_never_wraps(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Terminal()
    with Progress("Laying the tables", screen) as progress:
        progress(1, 4, "notices.0003_people_are_told_of_what_happened_to_them_in_a_very_long_sentence")
    drawn = screen.getvalue().removeprefix("\r\x1b[2K").partition("\r")[0]
    assert 20 < len(drawn) < columns
