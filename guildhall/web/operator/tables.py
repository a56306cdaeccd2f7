"""Writing a house rule that is a table: a row of fields for each of its rows, and a few empty ones."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.kernel.rules import Column, Row, Table
from guildhall.web.forms import HallForm

_SPARE = 2
_MOST_ROWS = 200
_CURRENCY = re.compile("[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """The fields of one row, and its number from 1."""

    number: int
    cells: list[BoundField]


class TableForm(HallForm):
    """All rows of a table and why. A row that is left empty is no row, wherever it stands.

    Args:
        table: which one.
        rows: what holds now.
    """

    def __init__(self, table: Table, rows: Sequence[Row], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.table = table
        self._row_count = _counted(data) if data is not None else len(rows) + _SPARE
        for number in range(self._row_count):
            for column in table.columns:
                shown = _shown(column, rows[number]) if number < len(rows) else ""
                self.fields[f"{column.name}-{number}"] = forms.CharField(
                    label=str(column.says), required=False, max_length=60, initial=shown
                )
        self.fields["reason"] = forms.CharField(
            label=_("Why"),
            help_text=_("Everyone can read it beside the rule."),
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    @property
    def row_count(self) -> int:
        """How many rows of fields it shows."""
        return self._row_count

    @property
    def field_rows(self) -> list[FieldRow]:
        """Its fields as the page sets them."""
        return [
            FieldRow(number + 1, [self[f"{column.name}-{number}"] for column in self.table.columns])
            for number in range(self._row_count)
        ]

    def rows(self) -> list[dict[str, Any]]:
        """What was typed, row by row.

        Raises:
            NotMoney: a sum is none; its field is the one that it was typed into.
        """
        return [
            {column.name: self._cell(column, number) for column in self.table.columns}
            for number in self._written
        ]

    @property
    def _written(self) -> list[int]:
        """The places of the rows that are not empty."""
        return [number for number in range(self._row_count) if any(self._texts(number))]

    def _texts(self, number: int) -> list[str]:
        return [self.cleaned_data[f"{column.name}-{number}"] for column in self.table.columns]

    def _cell(self, column: Column, number: int) -> int | str:
        text: str = self.cleaned_data[f"{column.name}-{number}"]
        if column.kind == "basis points":
            return int(text) if text.isascii() and text.isdigit() else text
        if column.kind == "minor":
            currency = self.cleaned_data[f"{column.of}-{number}"].upper()
            # Digits are read by the currency beside them; what is none, the verb refuses by its own sentence.
            known = currency if _CURRENCY.fullmatch(currency) else "USD"
            return Money.parse(text, known, field=f"{column.name}-{number}").minor
        return text.upper() if column.kind in {"currency", "country"} else text

    def refuse(self, refusal: Refusal) -> None:
        """Put the sentence beside the cell it is about: the verb counted only the rows that are written."""
        name, _dash, place = refusal.field.rpartition("-")
        if name and refusal.code != "not_money" and place.isdigit() and int(place) < len(self._written):
            refusal.field = f"{name}-{self._written[int(place)]}"
        super().refuse(refusal)


def _counted(data: Mapping[str, Any]) -> int:
    text = str(data.get("rows", ""))
    return min(int(text), _MOST_ROWS) if re.fullmatch("[0-9]{1,3}", text) else _SPARE


def _shown(column: Column, row: Row) -> str:
    """A cell as it would be typed."""
    if column.kind == "minor":
        return Money(row[column.name], row[column.of]).amount
    return str(row[column.name])
