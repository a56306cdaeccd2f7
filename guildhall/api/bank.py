"""What banks write, and how their files are read and written, as JSON, for operators."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Base64Bytes, Field

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.decisions import DecisionShown, waiting_about
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.payments.actions import (
    explain_line,
    import_bank_file,
    keep_sheet_layout,
    keep_statement_columns,
)
from guildhall.payments.actions.bank_files import columns_in_force
from guildhall.payments.bank_queries import (
    bank_files_seen_by,
    codes_of_refunds,
    comparison_seen_by,
    lines_of_file,
    sheets_in_force_seen_by,
    sheets_seen_by,
)
from guildhall.payments.banking.sheets import Layout, columns_as_text, columns_from_text
from guildhall.payments.banking.tables import Columns
from guildhall.payments.models import BankFile, BankLine, BankStatement, SheetLayout
from guildhall.payments.queries import bank_lines_to_explain
from guildhall.people.models import Person

router = Router(tags=["operator"])


class StatementShown(Schema):
    """What a file says of an account in one currency; no balance where it says none."""

    account: str
    first_day: date | None
    last_day: date | None
    opening: Sum | None
    closing: Sum | None


class BankFileShown(Schema):
    """A file from a bank. It moves money once its state is `booked`; `repeated` lines had come before."""

    id: UUID
    name: str
    state: str
    written_in: str
    brought_at: datetime
    lines: int
    repeated: int
    statements: list[StatementShown]
    decision: DecisionShown | None


class BankFileBrought(Asked):
    """A file's name and its bytes in base64. Ones larger than a request may be come in by the page."""

    name: str = Field(max_length=200)
    content: Base64Bytes


class BankLineShown(Schema):
    """One line and what became of it. An answer about a transfer has no amount.

    `outcome` is waiting, credited, suspended, arrived, returned, under_way, known or unexplained.
    """

    id: UUID
    number: int
    day: date | None
    amount: Sum | None
    reference: str
    end_to_end: str
    party: str
    account: str
    text: str
    reason: str
    outcome: str
    payout: UUID | None
    suspended: UUID | None


class ExplanationSaid(Asked):
    """What a line was: `charged`, `moved` (with the `other` account's rail), `own`, or `back`: sent back."""

    what: str = Field(max_length=40)
    other: str = Field("", max_length=24)


class LineExplained(BankLineShown):
    """It is booked so, or waits with the `decision`. What goes back is ordered with the `purpose`."""

    purpose: str
    decision: DecisionShown | None


class Comparison(Schema):
    """The bank beside the books, for the days until `last_day`: the books less what is under way."""

    rail: str
    account: str
    last_day: date
    bank: Sum
    books: Sum
    under_way: Sum
    unexplained: Sum
    fits: bool


class Meanings(Asked):
    """The names of the columns of the bank's table; empty where it has none. See the page for each."""

    day: str = Field(max_length=100)
    amount: str = Field("", max_length=100)
    came: str = Field("", max_length=100)
    went: str = Field("", max_length=100)
    currency: str = Field("", max_length=100)
    fixed: str = Field("", max_length=3)
    reference: str = Field("", max_length=100)
    text: str = Field("", max_length=100)
    party: str = Field("", max_length=100)
    number: str = Field("", max_length=100)
    balance: str = Field("", max_length=100)
    decimal: str = Field("", max_length=1)
    day_form: str = Field("", max_length=20)


class ColumnsSaid(Asked):
    """How the bank's table is read."""

    meanings: Meanings


class SheetSaid(Asked):
    """A company's upload sheet. `columns` are lines such as `Name = holder` or `Purpose = "Earnings"`."""

    name: str = Field(max_length=200)
    columns: str = Field(max_length=8000)
    headers: bool = True
    latin: bool = False
    delimiter: str = Field(",", max_length=1)
    decimal: str = Field(".", max_length=1)
    day_form: str = Field("YYYY-MM-DD", max_length=20)
    encoding: str = Field("utf-8", max_length=20)
    back_reference: str = Field("", max_length=100)
    back_status: str = Field("", max_length=100)
    back_reason: str = Field("", max_length=100)
    paid: list[str] = Field(default_factory=list, max_length=20)
    refused: list[str] = Field(default_factory=list, max_length=20)


class SheetShown(SheetSaid):
    """One version of it; `ended_at` is empty while it is in force."""

    id: UUID
    version: int
    kept_at: datetime
    ended_at: datetime | None


@router.post("/operator/bank/files", response={201: BankFileShown}, summary="Bring a file from the bank")
@needs_scope("operate")
def bring_bank_file(request: HallRequest, asked: BankFileBrought) -> Status[BankFileShown]:
    """All of it or nothing. It is booked at once, or when a second operator has confirmed it."""
    operator = operator_of(request)
    kept = import_bank_file(content=asked.content, name=asked.name, by=operator, at=request.at)
    return Status(201, _file(bank_files_seen_by(operator).get(pk=kept.pk), operator))


@router.get("/operator/bank/files", response=Listing[BankFileShown], summary="Files from the bank")
@needs_scope("operate")
def list_bank_files(request: HallRequest, after: str = "", size: int = 20) -> Listing[BankFileShown]:
    """The newest first."""
    operator = operator_of(request)
    rows = bank_files_seen_by(operator).prefetch_related("statements")
    return listed(rows, lambda file: _file(file, operator), after=after, size=size)


@router.get("/operator/bank/files/{bank_file_id}", response=BankFileShown, summary="One file from the bank")
@needs_scope("operate")
def show_bank_file(request: HallRequest, bank_file_id: UUID) -> BankFileShown:
    """What it says of accounts, and whether it is booked."""
    operator = operator_of(request)
    return _file(get_object_or_404(bank_files_seen_by(operator), pk=bank_file_id), operator)


@router.get(
    "/operator/bank/files/{bank_file_id}/lines", response=Listing[BankLineShown], summary="Lines of a file"
)
@needs_scope("operate")
def list_bank_lines(
    request: HallRequest, bank_file_id: UUID, after: str = "", size: int = 20
) -> Listing[BankLineShown]:
    """In the order of the file."""
    file = get_object_or_404(bank_files_seen_by(operator_of(request)), pk=bank_file_id)
    return listed(lines_of_file(file), _line, by=("number",), after=after, size=size)


@router.get("/operator/bank/lines", response=Listing[BankLineShown], summary="Lines that nothing explains")
@needs_scope("operate")
def list_unexplained(request: HallRequest, after: str = "", size: int = 20) -> Listing[BankLineShown]:
    """What went, and what came and lies in suspense; the newest first."""
    rows = bank_lines_to_explain(operator_of(request))
    return listed(rows, _line, after=after, size=size)


@router.post(
    "/operator/bank/lines/{bank_line_id}/explanation", response=LineExplained, summary="Say what a line was"
)
@needs_scope("operate")
def post_explanation(request: HallRequest, bank_line_id: UUID, asked: ExplanationSaid) -> LineExplained:
    """A second operator confirms it where there is one."""
    operator = operator_of(request)
    line = get_object_or_404(bank_lines_to_explain(operator), pk=bank_line_id)
    line = explain_line(line=line, what=asked.what, other=asked.other, by=operator, at=request.at)
    refunds = codes_of_refunds(line)
    return LineExplained(
        **_line(line).dict(),
        purpose=refunds[-1][1] if refunds else "",
        decision=waiting_about(line.pk, operator),
    )


@router.get("/operator/bank/comparison", response=list[Comparison], summary="The bank beside the books")
@needs_scope("operate")
def show_comparison(request: HallRequest) -> list[Comparison]:
    """By account and currency. What does not fit is a difference."""
    return [
        Comparison(
            rail=each.rail,
            account=each.account,
            last_day=each.last_day,
            bank=Sum.of(each.closing),
            books=Sum.of(each.ours),
            under_way=Sum.of(each.under_way),
            unexplained=Sum.of(each.unexplained),
            fits=each.fits,
        )
        for each in comparison_seen_by(operator_of(request))
    ]


@router.get("/operator/bank/columns", response=ColumnsSaid | None, summary="How the bank's table is read")
@needs_scope("operate")
def show_columns(request: HallRequest) -> ColumnsSaid | None:
    """Nothing before somebody has said it."""
    operator_of(request)
    kept = columns_in_force("bank")
    return ColumnsSaid(meanings=Meanings(**asdict(kept))) if kept else None


@router.put("/operator/bank/columns", response=ColumnsSaid, summary="Say how the bank's table is read")
@needs_scope("operate")
def put_columns(request: HallRequest, asked: ColumnsSaid) -> ColumnsSaid:
    """From now on."""
    columns = Columns(**asked.meanings.dict())
    keep_statement_columns(columns=columns, by=operator_of(request), at=request.at)
    return asked


@router.get("/operator/sheets", response=Listing[SheetShown], summary="Upload sheets in force")
@needs_scope("operate")
def list_sheets(request: HallRequest, after: str = "", size: int = 20) -> Listing[SheetShown]:
    """The newest first."""
    return listed(sheets_in_force_seen_by(operator_of(request)), _sheet, after=after, size=size)


@router.get("/operator/sheets/{sheet_id}", response=SheetShown, summary="One version of an upload sheet")
@needs_scope("operate")
def show_sheet(request: HallRequest, sheet_id: UUID) -> SheetShown:
    """Also one that was replaced."""
    return _sheet(get_object_or_404(sheets_seen_by(operator_of(request)), pk=sheet_id))


@router.post("/operator/sheets", response={201: SheetShown}, summary="Say how an upload sheet is written")
@needs_scope("operate")
def post_sheet(request: HallRequest, asked: SheetSaid) -> Status[SheetShown]:
    """The first version of a name, or the next."""
    said: dict[str, Any] = asked.dict()
    name, columns = said.pop("name"), columns_from_text(said.pop("columns"))
    said |= {word: tuple(said[word]) for word in ("paid", "refused")}
    layout = Layout(columns=columns, **said)
    kept = keep_sheet_layout(name=name, layout=layout, by=operator_of(request), at=request.at)
    return Status(201, _sheet(kept))


def _file(file: BankFile, operator: Person) -> BankFileShown:
    return BankFileShown(
        id=file.pk,
        name=file.name,
        state=file.state,
        written_in=file.written_in,
        brought_at=file.brought_at,
        lines=getattr(file, "count", 0),
        repeated=file.repeated,
        statements=[_statement(each) for each in file.statements.all()],
        decision=waiting_about(file.pk, operator),
    )


def _statement(each: BankStatement) -> StatementShown:
    def held(minor: int | None) -> Sum | None:
        return None if minor is None else Sum.of(Money(minor, each.currency))

    return StatementShown(
        account=each.account,
        first_day=each.first_day,
        last_day=each.last_day,
        opening=held(each.opening),
        closing=held(each.closing),
    )


def _line(line: BankLine) -> BankLineShown:
    suspended = line.notice_id if line.outcome == BankLine.Outcome.SUSPENDED else None
    return BankLineShown(
        id=line.pk,
        number=line.number,
        day=line.day,
        amount=Sum.of(line.money) if line.amount else None,
        reference=line.reference,
        end_to_end=line.end_to_end,
        party=line.party,
        account=line.account,
        text=line.text,
        reason=line.reason,
        outcome=line.outcome,
        payout=line.payout_id,
        suspended=suspended,
    )


def _sheet(sheet: SheetLayout) -> SheetShown:
    layout = Layout.kept(sheet.layout)
    said = layout.to_keep() | {"columns": columns_as_text(layout.columns), "name": sheet.name}
    return SheetShown(
        **said, id=sheet.pk, version=sheet.version, kept_at=sheet.kept_at, ended_at=sheet.ended_at
    )
