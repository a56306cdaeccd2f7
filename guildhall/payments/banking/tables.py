"""Reading a statement that a bank gives as a table, by the columns that an operator has named."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from guildhall.kernel.money import LARGEST_MINOR, Money, exponent_of
from guildhall.payments.banking.camt import entries_told_apart
from guildhall.payments.banking.shapes import BankWord, Entry, NotAStatement, Statement
from guildhall.payments.banking.text import Table, read_table

DAY_FORMS: Final = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
    "YYYY/MM/DD": "%Y/%m/%d",
    "YYYYMMDD": "%Y%m%d",
    "DD-Mon-YYYY": "%d-%b-%Y",
    "DD Mon YYYY": "%d %b %Y",
    "DD.MM.YY": "%d.%m.%y",
    "DD/MM/YY": "%d/%m/%y",
}
"""How a day may be written, by the name that an operator reads."""

_TOP: Final = 60
"""Lines in which a bank may say other things before its table begins."""

DECIMALS: Final = (".", ",")
_WORDS: Final = re.compile(r"^(?:[A-Z]{3}|[€$£₨])?\s*(.*?)\s*(?:[A-Z]{3}|[€$£₨])?$")
_SUMS: Final = {  # thousands may be marked, also as they are in South Asia; the last three digits always are
    ".": re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3})(?:\.([0-9]*))?([+-]?)", re.ASCII),
    ",": re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]*))?([+-]?)", re.ASCII),
}


class UnknownColumns(NotAStatement):
    """A table whose columns nobody has explained yet."""

    code = "unknown_columns"

    def __init__(self, columns: Sequence[str]) -> None:
        names = ", ".join(f"“{each[:40]}”" for each in columns[:20])
        super().__init__(
            _("Say first what the columns of this table mean. Its first line says: %(names)s.")
            % {"names": names}
        )
        self.columns = list(columns)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table is what; empty where the table has none.

    Args:
        day: when it was booked.
        amount: what came, and below zero what went; or instead:
        came, went: what came and what went, in columns of their own.
        currency: in which currency; or instead `fixed`: all of it is in one.
        reference: the bank's own for the line.
        text: what the payer wrote.
        party, number: who is on the other side, and their account.
        balance: what the account held after the line.
        decimal: a point or a comma; empty: found out.
        day_form: a name of `DAY_FORMS`; empty: found out.
    """

    day: str
    amount: str = ""
    came: str = ""
    went: str = ""
    currency: str = ""
    fixed: str = ""
    reference: str = ""
    text: str = ""
    party: str = ""
    number: str = ""
    balance: str = ""
    decimal: str = ""
    day_form: str = ""

    @property
    def named(self) -> list[str]:
        """The columns that the table must have."""
        names = (
            self.day,
            self.amount,
            self.came,
            self.went,
            self.currency,
            self.reference,
            self.text,
            self.party,
            self.number,
            self.balance,
        )
        return [name for name in names if name]


def read_statement_table(content: bytes, columns: Columns | None, *, account: str) -> BankWord:
    """Read a statement; where it says what the account held, its lines add up, or it is refused.

    Args:
        content: the file.
        columns: what its columns mean; none: nobody has said so.
        account: the hall's account at this bank: a table does not say which one it is of.

    Raises:
        UnknownColumns: they are not those that were named.
        NotAStatement: it cannot be read, or does not add up.
    """
    table = read_table(content)
    if columns is None:
        raise UnknownColumns(header_of(table))
    cells = _cells_by_name(table, columns)
    day_of = _reader_of_days([each[columns.day] for each in cells], columns.day_form)
    decimal = _decimal_of(_sums_in(cells, columns), columns)
    rows = [_row(number, each, columns, day_of, decimal) for number, each in enumerate(cells, 1)]
    currencies = sorted({entry.amount.currency for entry, _balance in rows})
    statements = [
        _statement(account, currency, [row for row in rows if row[0].amount.currency == currency], columns)
        for currency in currencies
    ]
    written = f"{table.written_in}, 0{decimal}00"
    return BankWord(written, statements=statements)


def header_of(table: Table) -> list[str]:
    """The names of a table's columns: the first of the lines near its top that have the most cells."""
    return max(table.rows[:_TOP], key=lambda row: sum(1 for cell in row if cell))


def _cells_by_name(table: Table, columns: Columns) -> list[dict[str, str]]:
    wanted = {name.casefold() for name in columns.named}
    for start, row in enumerate(table.rows[:_TOP]):
        names = [cell.casefold() for cell in row]
        if wanted <= set(names):
            twice = [name for name in wanted if names.count(name) > 1]
            if twice:
                raise NotAStatement(
                    _("The column “%(name)s” stands in this table more than once.") % {"name": twice[0]}
                )
            places = {name: names.index(name.casefold()) for name in columns.named}
            below = table.rows[start + 1 :]
            # What a bank writes above and below its table is shorter than a line of it.
            lines = [each for each in below if len(each) > max(places.values())]
            if not lines:
                raise NotAStatement(_("This statement has no lines."))
            return [{name: each[place] for name, place in places.items()} for each in lines]
    raise UnknownColumns(header_of(table))


def _sums_in(cells: Iterable[dict[str, str]], columns: Columns) -> list[str]:
    names = [name for name in (columns.amount, columns.came, columns.went, columns.balance) if name]
    return [each[name] for each in cells for name in names if each[name]]


def _row(
    number: int, cells: dict[str, str], columns: Columns, day_of: Callable[[str], date | None], decimal: str
) -> tuple[Entry, int | None]:
    def cell(name: str) -> str:
        return " ".join(cells[name].split()) if name else ""

    currency = (cell(columns.currency) if columns.currency else columns.fixed).upper()
    if not re.fullmatch(r"[A-Z]{3}", currency, re.ASCII):
        raise _in_line(number, _("“%(text)s” is no currency.") % {"text": currency[:20]})
    day = day_of(cells[columns.day])
    if day is None:
        raise _in_line(number, _("“%(text)s” is no day.") % {"text": cells[columns.day][:20]})

    def minor(text: str) -> int:
        found = _minor(text, currency, decimal)
        if found is None:
            raise _in_line(
                number, _("“%(text)s” is no sum in %(currency)s.") % {"text": text[:30], "currency": currency}
            )
        return found

    if columns.amount:
        amount = minor(cells[columns.amount])
    else:
        came = minor(cells[columns.came] or "0") if columns.came else 0
        went = minor(cells[columns.went] or "0") if columns.went else 0
        amount = came - abs(went)
    entry = Entry(
        reference=cell(columns.reference)[:80],
        amount=Money(amount, currency),
        day=day,
        text=cell(columns.text)[:500],
        party=cell(columns.party)[:140],
        account=cell(columns.number).replace(" ", "")[:34],
    )
    return entry, minor(cells[columns.balance]) if columns.balance else None


def _in_line(number: int, what: str) -> NotAStatement:
    return NotAStatement(_("Line %(number)s of the table: %(what)s") % {"number": number, "what": what})


def _minor(text: str, currency: str, decimal: str) -> int | None:
    """A sum as banks write it, with thousands marked or not, or nothing."""
    text = text.replace("\u00a0", "").replace("\u202f", "").replace("\u2212", "-").replace("'", "").strip()
    words = _WORDS.fullmatch(text)
    text = (words[1] if words else text).replace(" ", "")
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    found = _SUMS[decimal].fullmatch(text)
    places = exponent_of(currency)
    decimals = (found[3] or "").rstrip("0") if found else ""
    if not found or (found[1] and found[4]) or len(decimals) > places:
        return None
    digits = found[2].replace(",", "").replace(".", "")
    minor: int = int(digits) * 10**places + int(decimals.ljust(places, "0") or 0)
    if minor > LARGEST_MINOR:
        return None
    return -minor if "-" in {found[1], found[4]} else minor


def _decimal_of(sums: Sequence[str], columns: Columns) -> str:
    """The mark before the decimals: as it was said, or the only one with which every sum is one."""
    if columns.decimal:
        return columns.decimal
    currency = columns.fixed or "KWD"  # of those that one cannot tell, the one with most decimals
    read = {mark: [_minor(text, currency, mark) for text in sums] for mark in DECIMALS}
    fits = [mark for mark, found in read.items() if None not in found]
    if not fits:
        return "."  # the line that is no sum is named when it is read
    if len(fits) > 1 and read["."] != read[","]:
        raise NotAStatement(
            _("Sums here could be read in two ways: say if the decimals come after a point or a comma.")
        )
    return fits[0]


def _reader_of_days(texts: Sequence[str], said: str) -> Callable[[str], date | None]:
    """How days are written: as it was said, or in the only way in which every one is a day."""
    if said:
        return lambda text: _day(text, DAY_FORMS[said])
    read = {form: [_day(text, form) for text in texts] for form in DAY_FORMS.values()}
    fits = [form for form, found in read.items() if None not in found]
    if len({tuple(read[form]) for form in fits}) > 1:
        raise NotAStatement(
            _("Days in this table could be read in two ways: say if the day or the month comes first.")
        )
    return lambda text: _day(text, fits[0] if fits else DAY_FORMS["YYYY-MM-DD"])


def _day(text: str, form: str) -> date | None:
    text = text.strip()
    for part in (text, text.split(" ")[0], text.split("T")[0]):  # a time of day may follow
        try:
            return datetime.strptime(part, form).date()  # noqa: DTZ007 - a bank's day has no zone
        except ValueError:
            continue
    return None


def _statement(
    account: str, currency: str, rows: list[tuple[Entry, int | None]], columns: Columns
) -> Statement:
    entries = entries_told_apart(account, [entry for entry, _balance in rows])
    if not columns.balance:
        return Statement(account, currency, entries=entries)
    forwards = _balances(rows)
    if forwards is None:
        forwards = _balances(list(reversed(rows)))  # the newest line first
    if forwards is None:
        raise NotAStatement(
            _("This statement does not add up: what the account held is not what its lines come to.")
        )
    return Statement(account, currency, *forwards, entries=entries)


def _balances(rows: list[tuple[Entry, Any]]) -> tuple[int, int] | None:
    """What the account held before and after, if every line leads from one balance to the next."""
    opening = rows[0][1] - rows[0][0].amount.minor
    held = opening
    for entry, balance in rows:
        held += entry.amount.minor
        if held != balance:
            return None
    return opening, held
