import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.documents.csv import csv_lines, plain_cell


@pytest.mark.parametrize(
    "trick",
    ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "  =1", "\t=1", "\r=1", "＝1+1", "%0A", "|x"],
)
def test_C19_a_formula_in_a_name_stays_text(trick: str) -> None:
    assert plain_cell(trick).startswith("'")


@pytest.mark.parametrize("plain", ["120.00", "-120.00", "0", "Amara", "O’Neil", "a=b", "", "12-14"])
def test_plain_cells_are_left_alone(plain: str) -> None:
    assert plain_cell(plain) == plain


def test_lines_are_rfc_4180_with_the_header_first() -> None:
    lines = list(csv_lines(["name", "sum"], [['A, "B"', 5], [None, "-1.50"]]))
    assert lines == ["name,sum\r\n", '"A, ""B""",5\r\n', ",-1.50\r\n"]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
def test_no_cell_ever_begins_a_formula(cells: list[str]) -> None:
    lines = list(csv_lines(["x"] * len(cells), [cells]))
    row = list(csv.reader(io.StringIO("".join(lines), newline="")))[-1]
    assert len(row) == len(cells)
    assert all(not cell.lstrip().startswith(("=", "+", "@")) for cell in row)
