"""A local company's sheet is written by the operator's layout, safe from formulas, and read back."""

from dataclasses import replace
from datetime import date

import pytest

from guildhall.kernel.money import Money
from guildhall.payments.banking.shapes import NotAStatement
from guildhall.payments.banking.sheets import (
    Layout,
    NotALayout,
    SheetRow,
    columns_as_text,
    columns_from_text,
    read_returned_sheet,
    refuse_unusable,
    sheet_as_csv,
)

TEXT = 'Sr = number\nMSISDN = account\nName = holder\nAmount = amount\nPurpose = "Earnings"\nRef = reference'
LAYOUT = Layout(
    columns_from_text(TEXT),
    back_reference="Ref",
    back_status="Status",
    back_reason="Remarks",
    paid=("Success",),
    refused=("Failed",),
)
ROW = SheetRow("RF47PAAA", "بشریٰ", "03001234567", "Easypaisa", "", Money(120_050, "PKR"))
DAY = date(2026, 12, 1)


def test_a_sheet_as_the_company_wants_it() -> None:
    assert sheet_as_csv(LAYOUT, [ROW], day=DAY).decode().splitlines() == [
        "Sr,MSISDN,Name,Amount,Purpose,Ref",
        "1,03001234567,بشریٰ,1200.50,Earnings,RF47PAAA",
    ]
    other = replace(LAYOUT, headers=False, delimiter=";", decimal=",", encoding="cp1252")
    assert sheet_as_csv(other, [ROW], day=DAY) == b"1;03001234567;bshry;1200,50;Earnings;RF47PAAA\r\n"


def test_C19_no_cell_is_a_formula() -> None:
    sheet = sheet_as_csv(LAYOUT, [replace(ROW, holder="=cmd|' /C calc'!A0")], day=DAY).decode()
    assert "'=cmd" in sheet


def test_columns_are_written_as_they_were_read() -> None:
    assert columns_from_text(columns_as_text(LAYOUT.columns)) == LAYOUT.columns
    assert Layout.kept(LAYOUT.to_keep()) == LAYOUT


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Name = holder", "account’s number"),
        ("A = account\nR = reference", "the sum"),
        ("A = account\nS = amount", "reference"),
        (f'{TEXT}\n=SUM(A1) = "x"', "Line 7"),
        (f'{TEXT}\n+x = "x"', "formula"),
        (f"{TEXT}\nX = password", "Line 7"),
    ],
)
def test_layouts_with_which_money_would_go_astray(text: str, sentence: str) -> None:
    with pytest.raises(NotALayout, match=sentence) as refusal:
        refuse_unusable(replace(LAYOUT, columns=columns_from_text(text)))
    assert refusal.value.field == "columns"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delimiter": "x"}, "delimiter"),
        ({"day_form": "tomorrow"}, "day_form"),
        ({"paid": ()}, "back_status"),
        ({"refused": ("success",)}, "refused"),
    ],
)
def test_other_layouts_that_are_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(NotALayout) as refusal:
        refuse_unusable(replace(LAYOUT, **changes))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_the_sheet_that_comes_back() -> None:
    back = "Ref;Status;Remarks\nRF1;SUCCESS;\nRF2;Failed;No such wallet\nRF3;Queued;\n"
    answers = read_returned_sheet(LAYOUT, back.encode()).answers
    assert [(each.reference, each.outcome, each.reason) for each in answers] == [
        ("RF1", "paid", ""),
        ("RF2", "refused", "No such wallet"),
        ("RF3", "under_way", ""),
    ]
    with pytest.raises(NotAStatement, match="Ref, Status, Remarks"):
        read_returned_sheet(LAYOUT, b"a,b\n1,2\n")
