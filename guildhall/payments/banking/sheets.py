"""The upload sheet of a local bank or a mobile-money company, written and read back by a layout.

Operators write the layout: what such companies want differs from one to the next.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.documents.csv import plain_cell
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.payments.banking.letters import bank_letters
from guildhall.payments.banking.shapes import Answer, BankWord, NotAStatement
from guildhall.payments.banking.tables import DAY_FORMS
from guildhall.payments.banking.text import DELIMITERS, read_table

WHAT: Final[dict[str, Promise]] = {
    "number": gettext_lazy("the line’s number, from 1"),
    "reference": gettext_lazy("the hall’s reference of the payout"),
    "holder": gettext_lazy("whose account it is"),
    "account": gettext_lazy("the account’s number"),
    "bank": gettext_lazy("the bank, or the company"),
    "bic": gettext_lazy("the bank’s international code"),
    "amount": gettext_lazy("the sum"),
    "minor": gettext_lazy("the sum in the currency’s smallest unit"),
    "currency": gettext_lazy("the currency"),
    "day": gettext_lazy("the day of the batch"),
}
"""What a cell of a sheet can hold, besides words that are always the same."""

ENCODINGS: Final = ("utf-8", "utf-8-sig", "cp1252")
MOST_COLUMNS: Final = 60
_LONGEST: Final = 100
_LINE: Final = re.compile(r"\s*(?P<header>[^=]*?)\s*=\s*(?:\"(?P<words>[^\"]*)\"|(?P<what>[a-z]+))\s*")


class NotALayout(Unfit):
    """A sheet that could not be written so, or whose answer could not be read."""

    code = "not_a_layout"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands above it, and in it: one of `WHAT`, or words that are always the same."""

    header: str
    what: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is written, and how the one that comes back is read.

    Args:
        columns: in their order.
        headers: whether the first line says what they are.
        delimiter, decimal, day_form, encoding: how cells are parted and written.
        latin: whether names are written in Latin letters only.
        back_reference, back_status, back_reason: the columns of the sheet that comes back.
        paid, refused: the words of its status column.
    """

    columns: tuple[Column, ...]
    headers: bool = True
    delimiter: str = ","
    decimal: str = "."
    day_form: str = "YYYY-MM-DD"
    encoding: str = "utf-8"
    latin: bool = False
    back_reference: str = ""
    back_status: str = ""
    back_reason: str = ""
    paid: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @classmethod
    def kept(cls, facts: Mapping[str, Any]) -> Self:
        """From what a table of the database keeps of it."""
        columns = tuple(Column(**each) for each in facts["columns"])
        words = {name: tuple(facts[name]) for name in ("paid", "refused")}
        return cls(**{**facts, "columns": columns, **words})

    def to_keep(self) -> dict[str, Any]:
        """As a table of the database keeps it."""
        return asdict(self)


def columns_as_text(columns: Sequence[Column]) -> str:
    """Columns as an operator writes them, one a line."""
    return "\n".join(
        f"{each.header} = {each.what}" if each.what else f'{each.header} = "{each.words}"' for each in columns
    )


def columns_from_text(text: str) -> tuple[Column, ...]:
    """Columns as an operator wrote them: ``Beneficiary = holder`` or ``Purpose = "Salary"``, one a line.

    Raises:
        NotALayout: a line that is none.
    """
    columns = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if not found or (found["what"] and found["what"] not in WHAT):
            raise NotALayout(
                _("Line %(number)s: write a header, “=” and one of %(what)s, or words in quotes.")
                % {"number": number, "what": ", ".join(WHAT)},
                field="columns",
            )
        columns.append(Column(found["header"], found["what"] or "", found["words"] or ""))
    return tuple(columns)


def refuse_unusable(layout: Layout) -> None:
    """Refuse a layout with which money would go astray.

    Raises:
        NotALayout: it names the field.
    """
    _refuse_columns(layout)
    if layout.delimiter not in DELIMITERS or layout.decimal not in {".", ","}:
        raise NotALayout(_("Cells are parted by a comma, a semicolon, a tab or a bar."), field="delimiter")
    if layout.day_form not in DAY_FORMS or layout.encoding not in ENCODINGS:
        raise NotALayout(_("Choose one of those that are offered."), field="day_form")
    if layout.back_reference and not (layout.back_status and layout.paid):
        raise NotALayout(
            _("Say which column of the sheet that comes back tells the outcome, and which words mean paid."),
            field="back_status",
        )
    both = {word.casefold() for word in layout.paid} & {word.casefold() for word in layout.refused}
    if both:
        raise NotALayout(
            _("“%(word)s” cannot mean both paid and refused.") % {"word": min(both)}, field="refused"
        )


def _refuse_columns(layout: Layout) -> None:
    holds = {each.what for each in layout.columns}
    for what in ("account", "reference"):
        if what not in holds:
            raise NotALayout(
                _("The sheet needs a column with %(what)s: without it nobody could be paid or found again.")
                % {"what": WHAT[what]},
                field="columns",
            )
    if not holds & {"amount", "minor"}:
        raise NotALayout(_("The sheet needs a column with the sum."), field="columns")
    if len(layout.columns) > MOST_COLUMNS:
        raise NotALayout(_("A sheet has up to %(most)s columns.") % {"most": MOST_COLUMNS}, field="columns")
    texts = [text for each in layout.columns for text in (each.header, each.words)]
    if any(len(text) > _LONGEST or not text.isprintable() for text in texts):
        raise NotALayout(_("A header or a word has up to 100 characters in one line."), field="columns")
    unsafe = next((text for text in texts if plain_cell(text) != text), None)
    if unsafe is not None:
        raise NotALayout(
            _("“%(text)s” would be taken for a formula by a spreadsheet.") % {"text": unsafe},
            field="columns",
        )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One payout of a sheet."""

    reference: str
    holder: str
    account: str
    bank: str
    bic: str
    amount: Money


def sheet_as_csv(layout: Layout, rows: Sequence[SheetRow], *, day: date) -> bytes:
    """The sheet; nothing in it can be taken for a formula by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.delimiter)
    if layout.headers:
        writer.writerow([each.header for each in layout.columns])
    for number, row in enumerate(rows, 1):
        cells = _cells(layout, row, number, day)
        writer.writerow(
            [plain_cell(cells[each.what] if each.what else each.words) for each in layout.columns]
        )
    return out.getvalue().encode(layout.encoding, "replace")


def _cells(layout: Layout, row: SheetRow, number: int, day: date) -> dict[str, str]:
    def name(text: str) -> str:
        latin = layout.latin or layout.encoding == "cp1252"
        return bank_letters(text, 140) if latin else text

    return {
        "number": str(number),
        "reference": row.reference,
        "holder": name(row.holder),
        "account": row.account,
        "bank": name(row.bank),
        "bic": row.bic,
        "amount": row.amount.amount.replace(".", layout.decimal),
        "minor": str(row.amount.minor),
        "currency": row.amount.currency,
        "day": day.strftime(DAY_FORMS[layout.day_form]),
    }


def read_returned_sheet(layout: Layout, content: bytes) -> BankWord:
    """What a sheet that came back says of each payout.

    Raises:
        NotAStatement: it is not the sheet that the layout says comes back.
    """
    table = read_table(content)
    names = (layout.back_reference, layout.back_status, layout.back_reason)
    wanted = {name.casefold() for name in names if name}
    header = next(
        (n for n, row in enumerate(table.rows) if wanted <= {cell.casefold() for cell in row}), None
    )
    if not layout.back_reference or header is None:
        raise NotAStatement(
            _("This sheet has not the columns %(names)s that it should come back with.")
            % {"names": ", ".join(name for name in names if name) or "?"}
        )
    places = [cell.casefold() for cell in table.rows[header]]
    at = {name: places.index(name.casefold()) for name in names if name}
    paid = {word.casefold() for word in layout.paid}
    refused = {word.casefold() for word in layout.refused}
    answers = []
    for row in table.rows[header + 1 :]:
        if len(row) <= max(at.values()):
            continue
        status = row[at[layout.back_status]].casefold()
        reason = row[at[layout.back_reason]] if layout.back_reason else ""
        outcome = "paid" if status in paid else "refused" if status in refused else "under_way"
        answers.append(Answer(row[at[layout.back_reference]].lstrip("'"), "", outcome, reason[:200]))  # type: ignore[arg-type]
    return BankWord(table.written_in, answers=answers)
