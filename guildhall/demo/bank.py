"""The bank writes in the last days: what fits nothing lies in suspense, goes back, and comes again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.kernel.money import Money
from guildhall.payments.actions import (
    confirm_bank_file,
    confirm_explanation,
    explain_line,
    import_bank_file,
    keep_sheet_layout,
    keep_statement_columns,
)
from guildhall.payments.bank_queries import codes_of_refunds
from guildhall.payments.banking.sheets import Layout, columns_from_text
from guildhall.payments.banking.tables import Columns
from guildhall.payments.models import BankFile, BankLine
from guildhall.people.queries import decisions_waiting_for

_DAY: Final = timedelta(days=1)
_COLUMNS: Final = Columns(
    day="Date",
    amount="Amount",
    fixed="EUR",
    reference="Number",
    text="Details",
    party="Name",
    number="Account",
    balance="Balance",
)
_SHEET: Final = """Sr = number
Wallet = account
Name = holder
Amount = amount
Purpose = "Earnings"
Reference = reference"""

type Written = tuple[int, str, str]
"""How much came, or below zero went; who is on the other side; and what stands on it."""


def hear_from_the_bank(year: Year, at: datetime) -> Story:
    """Four sums come without a code: one waits, three go back, of which one arrives and one comes again."""
    operator = year.town.operator
    keep_statement_columns(columns=_COLUMNS, by=operator, at=at)
    layout = Layout(
        columns_from_text(_SHEET), back_reference="Reference", back_status="Status", paid=("Paid",)
    )
    keep_sheet_layout(name="Mountain Wallet", layout=layout, by=operator, at=at)
    came = [
        (25_000, "Lena Vogel"),
        (4_500, "Jonas Weber"),
        (6_000, "Marta Kowalska"),
        (2_500, "Old Mill Ltd"),
    ]
    file = _bring(year, 0, [(minor, name, "Invoice") for minor, name in came], at)
    _confirm(year, file, at)
    at = yield _DAY
    codes = [_send_back(year, line, at) for line in BankLine.objects.filter(file=file).order_by("number")[1:]]
    at = yield _DAY
    went = [(-6_000, came[2][1], codes[1]), (-2_500, came[3][1], codes[2])]
    _confirm(year, _bring(year, 38_000, went, at), at)
    at = yield _DAY
    _confirm(year, _bring(year, 29_500, [(2_500, came[3][1], f"Returned {codes[2]}")], at), at)
    at = yield _DAY / 2
    _bring(year, 32_000, [(8_000, "Jonas Weber", "for the logo")], at)


def _bring(year: Year, held: int, lines: Sequence[Written], at: datetime) -> BankFile:
    """Olga brings a statement as a table, as her bank writes it."""
    rows = ["Date,Number,Amount,Name,Account,Details,Balance"]
    for number, (minor, name, details) in enumerate(lines):
        held += minor
        sums = (Money(minor, "EUR").amount, Money(held, "EUR").amount)
        rows.append(f"{at:%Y-%m-%d},{at:%m%d%H}{number},{sums[0]},{name},DE0012345678,{details},{sums[1]}")
    content = "\n".join(rows).encode()
    return import_bank_file(content=content, name=f"{at:%Y-%m-%d}.csv", by=year.town.operator, at=at)


def _confirm(year: Year, file: BankFile, at: datetime) -> None:
    second = year.town.second_operator
    [decision] = decisions_waiting_for(second).filter(subject_id=file.pk)
    confirm_bank_file(decision=decision, by=second, at=at)


def _send_back(year: Year, line: BankLine, at: datetime) -> str:
    """Both operators say that it is for nobody here; the code that stands on the transfer back."""
    second = year.town.second_operator
    explain_line(line=line, what="back", by=year.town.operator, at=at)
    [decision] = decisions_waiting_for(second).filter(subject_id=line.pk)
    confirm_explanation(decision=decision, by=second, at=at)
    [(_refund, code)] = codes_of_refunds(line)
    return code
