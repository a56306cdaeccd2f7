"""A table that a bank or a spreadsheet wrote, as rows; encoding and marks are found out and said."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from guildhall.payments.banking.shapes import MOST_LINES, NotAStatement

DELIMITERS: Final = (",", ";", "\t", "|")
_LONGEST_CELL: Final = 10_000
_LOOKED_AT: Final = 40


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, and how it was written."""

    rows: list[list[str]]
    encoding: str
    delimiter: str

    @property
    def written_in(self) -> str:
        """How it was written, as an operator reads it."""
        mark = {"\t": "tab"}.get(self.delimiter, self.delimiter)
        return f"CSV, {self.encoding}, {mark}"


def read_table(content: bytes) -> Table:
    """The rows of a table.

    Raises:
        NotAStatement: it is no text, no table, or too large a one.
    """
    text, encoding = _decoded(content)
    if "\0" in text:
        raise NotAStatement(_("This is neither XML nor a table in text: save it as CSV."))
    delimiter = _delimiter_of(text)
    rows: list[list[str]] = []
    try:
        for row in _rows(text, delimiter):
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
            if len(rows) > MOST_LINES:
                raise NotAStatement(
                    _("This file has more than %(most)s lines: ask for one of fewer days.")
                    % {"most": MOST_LINES}
                )
    except csv.Error as error:
        raise NotAStatement(_("This table cannot be read: %(error)s.") % {"error": error}) from error
    if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        raise NotAStatement(_("A cell of this table is longer than any that a bank writes."))
    if not rows:
        raise NotAStatement(_("This file is empty."))
    return Table(rows, encoding, delimiter)


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: marked, or UTF-8 if it can be, or what old Windows writes."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig")
            except UnicodeDecodeError as error:
                raise NotAStatement(_("This file is broken text. Ask the bank for it again.")) from error
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise NotAStatement(_("This file is in an unknown encoding: save it as CSV in UTF-8."))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter_of(text: str) -> str:
    """The mark that cuts most of the first lines into the same number of cells, and into most."""
    best, most = ",", (0, 0)
    for mark in DELIMITERS:
        try:
            widths = [len(row) for row in islice(_rows(text, mark), _LOOKED_AT) if row]
        except csv.Error:
            continue
        if not widths:
            continue
        common = max(set(widths), key=widths.count)
        score = (widths.count(common) if common > 1 else 0, common)
        if score > most:
            best, most = mark, score
    return best
