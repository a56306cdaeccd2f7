"""Rows of a CSV file, whatever state it is in: each row comes out, as cells or as what is wrong with it."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit

NEEDED: Final = ("title", "link", "raw_description")
USED: Final = (
    *NEEDED,
    "country",
    "category",
    "skills",
    "is_hourly",
    "min_rate",
    "max_rate",
    "fixed_budget",
)
_KNOWN: Final = (*USED, "posted_date", "source_file", "collection_date")
_LONGEST_CELL: Final = 100_000
_LONGEST_THAT_IS_READ: Final = 2**24


class NoPosts(Unfit):
    """The file is not a list of posts at all."""

    code = "no_posts"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (the first after the header is 1), its cells by column, or what is wrong."""

    number: int
    cells: Mapping[str, str]
    trouble: str = ""


def rows_of(file: Path) -> Iterator[Row]:
    """The rows of a file.

    Raises:
        NoPosts: it cannot be read, is no CSV, or lacks a column that is needed.
    """
    csv.field_size_limit(_LONGEST_THAT_IS_READ)
    with file.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as text:
        reader = csv.reader(text)
        columns = _columns(next(reader, []))
        number = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                number += 1
                yield Row(number, {}, _("It cannot be read as CSV: %(error)s.") % {"error": error})
                continue
            if cells:
                number += 1
                yield _row(number, columns, cells)


def columns_not_read(file: Path) -> list[str]:
    """The columns of a file that mean nothing here.

    Raises:
        NoPosts: as for `rows_of`.
    """
    try:
        start = file.open("rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NoPosts(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": reason}, field="file"
        ) from error
    with start:
        head = start.read(4096)
    if not head.strip():
        raise NoPosts(_("%(file)s is empty.") % {"file": file}, field="file")
    if b"\0" in head:
        raise NoPosts(_("%(file)s is not a CSV file in UTF-8.") % {"file": file}, field="file")
    with file.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as text:
        try:
            columns = _columns(next(csv.reader(text), []))
        except csv.Error as error:
            raise NoPosts(_("%(file)s is not a CSV file in UTF-8.") % {"file": file}, field="file") from error
    return [column for column in columns if column not in _KNOWN]


def _columns(header: Sequence[str]) -> list[str]:
    columns = [column.strip().casefold() for column in header]
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise NoPosts(
            _("This is no list of posts: its first line lacks the columns %(missing)s.")
            % {"missing": ", ".join(missing)},
            field="file",
        )
    twice = {column for column in columns if columns.count(column) > 1 and column in USED}
    if twice:
        raise NoPosts(
            _("The columns %(twice)s stand in the first line more than once.")
            % {"twice": ", ".join(sorted(twice))},
            field="file",
        )
    return columns


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    by_column = dict(zip(columns, cells, strict=False))
    trouble = ""
    giant = next((column for column, cell in by_column.items() if len(cell) > _LONGEST_CELL), None)
    broken = next((column for column, cell in by_column.items() if not _is_text(cell)), None)
    if len(cells) != len(columns):
        trouble = _("It has %(cells)s cells where the first line has %(columns)s.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
    elif giant is not None:
        trouble = _("%(column)s has %(length)s characters; up to %(most)s are read.") % {
            "column": giant,
            "length": len(by_column[giant]),
            "most": _LONGEST_CELL,
        }
    elif broken is not None:
        trouble = _("%(column)s holds bytes that are not UTF-8.") % {"column": broken}
    shown = {column: cell[:500].encode("utf-8", "replace").decode() for column, cell in by_column.items()}
    return Row(number, shown if trouble else by_column, trouble)


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
