import argparse
import csv
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import pytest

from guildhall.jobs.importing import command
from guildhall.jobs.models import Job
from guildhall.kernel.errors import Unfit
from guildhall.people.models import Person
from tests.cast import NOW
from tests.jobs.importing.conftest import Save, a_row, as_csv


class Quiet:
    """A bar that nobody looks at."""

    heard: ClassVar[list[tuple[float, float]]] = []

    def __init__(self, label: str) -> None:
        self.label = label
        self.heard.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was shown."""

    def __call__(self, done: float, total: float = 1.0, doing: str = "") -> None:
        assert done <= total, doing
        self.heard.append((done, total))


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    options = parser.parse_args(words)
    options.at, options.progress = NOW, Quiet
    return command.run(options)


def test_it_says_what_became_of_each_row_and_of_all(
    amara: Person, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    file = save(as_csv([a_row(1), a_row(2, is_hourly="True"), a_row(3, fixed_budget="x")]))
    assert run(str(file), "--as", "Amara@example.org", "--deadline", "2027-03-31") == 1
    said = capsys.readouterr().out
    assert "Charts number 1" in said
    assert "3 rows:" in said
    assert "1  kept as a draft" in said
    assert "Hourly work is not offered by this hall yet." in said
    assert "Stink bombs (2)" in said
    assert {job.deadline for job in Job.objects.filter(client=amara)} == {date(2027, 3, 31)}
    assert Job.objects.filter(client=amara).count() == 2
    assert Quiet.heard == [(1, 3), (2, 3), (3, 3)]


def test_what_strangers_wrote_neither_breaks_a_line_nor_speaks_to_the_terminal(
    amara: Person, save: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "Cha\x1b[2Jrts\n\r - of\u202e sales"
    file = save(as_csv([a_row(1, title=said, skills="['\x1b]0;x\x07']", country="Atl\x1b[1mantis")]))
    assert run(str(file), "--as", amara.email) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.isprintable() for line in lines)
    assert "Cha [2Jrts   - of  sales" in lines[0]


def test_the_report_can_go_to_a_file(amara: Person, save: Save, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    file = save(as_csv([a_row(1, title="=cmd|' /C calc'!A0")]))
    assert run(str(file), "--as", "amara@example.org", "--report", str(report)) == 0
    with report.open(newline="", encoding="utf-8") as text:
        (row,) = csv.DictReader(text)
    assert row["outcome"] == "opened"
    assert row["title"].startswith("'=")  # C19


def test_a_report_that_cannot_be_written_is_said_before_anything_is_imported(
    amara: Person, save: Save, tmp_path: Path
) -> None:
    file = save(as_csv([a_row(1)]))
    for nowhere in (tmp_path / "no" / "such" / "report.csv", tmp_path):
        with pytest.raises(Unfit, match="cannot be written"):
            run(str(file), "--as", amara.email, "--report", str(nowhere))
    assert Job.objects.count() == 0


def test_a_report_of_before_is_written_over(amara: Person, save: Save, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    file = save(as_csv([a_row(1, country="Atlantis")]))
    for outcome in ("opened", "unchanged"):
        assert run(str(file), "--as", amara.email, "--report", str(report)) == 0
        with report.open(newline="", encoding="utf-8") as text:
            (row,) = csv.DictReader(text)
        assert row["outcome"] == outcome


@pytest.mark.django_db
def test_an_unknown_client_gets_a_sentence(save: Save) -> None:
    with pytest.raises(Unfit, match=r"nobody@example\.org"):
        run(str(save(as_csv([a_row(1)]))), "--as", "nobody@example.org")
