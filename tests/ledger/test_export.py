"""Other people's programs read the books and come to the same sums."""

import argparse
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.export import account_name, add_arguments, journal, objects, run
from guildhall.ledger.models import Movement
from tests.builders.everything import a_hall_with_everything

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERY_KIND = {
    "deposit.settled",
    "deposit.unmatched",
    "chargeback.taken",
    "hold.placed",
    "hold.released",
    "hold.returned",
    "hold.split",
    "clearing.matured",
    "payout.sent",
    "payout.settled",
    "payout.returned",
}


def some_books() -> None:
    number = 0
    for currency, amount in (("USD", 12_345), ("JPY", 500), ("KWD", 1_234)):
        for flows in (
            [Flow("outside:practice", "wallet:person:018f-a", amount, currency)],
            [Flow("wallet:person:018f-a", "escrow:A0-ß", amount - 5, currency)],
            [
                Flow("escrow:A0-ß", "clearing:person:b", amount - 25, currency),
                Flow("escrow:A0-ß", "fees:work", 20, currency),
            ],
            [Flow("shortfall", "outside:practice", 7, currency)],
        ):
            number += 1
            move_money(kind="credit.given", key=f'odd "key" \\ {number}', flows=flows, by=None, at=AT)


def bean_check(text: str, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    path = tmp_path / "journal.beancount"
    path.write_text(text)
    program = Path(sys.executable).with_name("bean-check")
    return subprocess.run([program, path], capture_output=True, text=True, check=False)


@pytest.mark.django_db
def test_bean_check_accepts_the_journal(tmp_path: Path) -> None:
    some_books()
    text = "".join(journal())
    checked = bean_check(text, tmp_path)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    assert "Income:Fees:Work  -0.020 KWD" in text


@pytest.mark.django_db
def test_bean_check_accepts_a_hall_in_which_everything_has_happened(tmp_path: Path) -> None:
    """Splits, returns, fees of clients, chargebacks, what fits nothing, payouts that came back."""
    a_hall_with_everything()
    text = "".join(journal())
    checked = bean_check(text, tmp_path)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    written = set(Movement.objects.values_list("kind", flat=True))
    assert written >= EVERY_KIND
    assert text.count(" * ") == Movement.objects.count()
    assert all(kind in text for kind in written)


@pytest.mark.django_db
def test_bean_check_would_see_a_wrong_sum(tmp_path: Path) -> None:
    some_books()
    text = "".join(journal()).replace("0.20 USD", "0.21 USD", 1)
    assert bean_check(text, tmp_path).returncode == 1


def many_books(first: int, last: int) -> None:
    """Each movement between accounts of its own."""
    moves = [
        Move("credit.given", f"many:{number}", [Flow("outside:practice", f"wallet:w{number}", 5, "USD")])
        for number in range(first, last)
    ]
    move_batch(moves=moves, by=None, at=AT)


def most_memory(write: Callable[[], Iterator[str]]) -> int:
    """The bytes that are held at the worst moment of writing an export line by line."""
    tracemalloc.start()
    try:
        for _line in write():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
@pytest.mark.parametrize("write", [journal, objects])
def test_three_times_the_books_take_no_more_memory(write: Callable[[], Iterator[str]]) -> None:
    many_books(0, 3_000)
    little = most_memory(write)
    many_books(3_000, 9_000)
    assert most_memory(write) < 1.3 * little


@pytest.mark.django_db
def test_empty_books_are_a_journal_too(tmp_path: Path) -> None:
    assert bean_check("".join(journal()), tmp_path).returncode == 0


@pytest.mark.django_db
def test_each_movement_is_an_object_on_a_line() -> None:
    some_books()
    lines = [json.loads(line) for line in objects()]
    assert len(lines) == 12
    assert lines[2]["postings"][1] == {
        "source": "escrow:A0-ß",
        "target": "fees:work",
        "minor": 20,
        "amount": "0.20",
        "currency": "USD",
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["beancount", "ndjson"])
def test_the_command_writes_a_file(tmp_path: Path, form: str) -> None:
    some_books()
    path = tmp_path / "books"
    told: list[float] = []
    assert run(asked(form, path, told)) == 0
    assert "fees" in path.read_text().lower()
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.django_db(transaction=True)
def test_books_that_are_read_on_a_terminal_have_no_bar_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    some_books()
    for shown, class_ in ((False, io.StringIO), (True, Terminal)):
        monkeypatch.setattr(sys, "stdout", class_())
        told: list[float] = []
        assert run(asked("beancount", None, told)) == 0
        assert bool(told) is not shown


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def asked(form: str, path: Path | None, told: list[float]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = parser.parse_args(["--format", form, *(["--output", str(path)] if path else [])])
    options.progress = lambda _label: nullcontext(told.append)
    return options


def test_account_names() -> None:
    assert account_name("wallet:person:018f_a") == "Liabilities:Wallet:Person:018f-a"
    assert account_name("reserve") == "Equity:Reserve"
