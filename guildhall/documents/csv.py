"""CSV whose cells stay text in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

type Cell = str | int | None

# What makes a spreadsheet calculate, in both widths, and the characters that hide it behind an empty start.
_CALCULATES: Final = frozenset("=+-@＝＋－＠|%")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), the header first, one at a time.

    A cell that a spreadsheet would calculate gets an apostrophe in front; plain numbers are left alone.
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
    start = text.lstrip()[:1]
    if start in _CALCULATES and start and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return f"'{text}" if text[:1] in {"\t", "\r", "\n"} else text
