"""`guildhall import statement` brings a file in once, and says what became of its lines."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from guildhall.config.progress import Progress
from guildhall.payments.banking.command import run
from guildhall.payments.banking.shapes import NotAStatement
from guildhall.payments.models import BankFile
from tests.builders.bankfiles import Said, camt
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def bring(path: Path) -> int:
    return run(SimpleNamespace(file=path, rail="bank", at=NOW, progress=Progress))


def test_a_file_is_brought_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "may.xml"
    path.write_bytes(camt(Said("9.00", "who?")))
    assert bring(path) == 0
    assert capsys.readouterr().out == "camt.053.001.08\nsuspended 1\n"
    assert bring(path) == 0
    assert "nothing is booked again" in capsys.readouterr().out
    assert BankFile.objects.get().state == "booked"


def test_C18_two_gigabytes_are_refused_unread_and_what_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(NotAStatement, match="2048 MB"):
        bring(path)
    with pytest.raises(NotAStatement, match="cannot be read"):
        bring(tmp_path / "missing.xml")
    assert not BankFile.objects.exists()
