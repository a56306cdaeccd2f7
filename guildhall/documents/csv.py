"""CSV whose cells stay text in a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

type Cell = str | int | None

# What makes a spreadsheet calculate or call another program: signs in both widths, and what looks like them.
_SIGNS: Final = "=+\\-@＝＋－＠−﹣﹢﹦﹫"
_CALCULATES: Final = re.compile(rf"[{_SIGNS}|%]")
# Where the comma is a decimal sign, spreadsheets part cells at a semicolon or a tab, and at any end of line.
_PARTED: Final = re.compile(rf"([;\t\r\n][^\w{_SIGNS}'\"]*)(?=[{_SIGNS}])")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), the header first, one at a time.

    A cell that a spreadsheet would calculate, wherever it parts the line, gets an apostrophe in front; plain
    numbers are left alone.
    """
    for row in chain([header], rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerow([plain_cell(cell) for cell in row])
        yield buffer.getvalue()


def plain_cell(cell: Cell) -> str:
    """One cell as text that no spreadsheet takes for a formula."""
    if cell is None:
        return ""
    text = str(cell).replace("\0", "")
    if _NUMBER.fullmatch(text):
        return text
    text = _PARTED.sub(r"\1'", text)
    shown = "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN).lstrip()
    return f"'{text}" if _CALCULATES.match(shown) or text[:1] in {"\t", "\r", "\n"} else text
