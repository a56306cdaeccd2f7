"""A statement as a file: CSV for a spreadsheet, PDF to be kept or handed over."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _

from guildhall.documents.csv import csv_lines
from guildhall.documents.pdf import pdf_of
from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.ledger.windows import Window
from guildhall.people.models import Person
from guildhall.statements.queries import Line, Wanted, statement_lines, statement_page
from guildhall.statements.words import word_for_movement

PAPERS: Final = Path(__file__).resolve().parent / "papers"
_FIRST: Final = datetime.min.time()
MOST_LINES: Final = 10_000
"""A paper has at most so many lines; a file for spreadsheets has no end."""


class TooLongForPaper(Refusal):
    """Nobody leafs through hundreds of sheets."""

    code = "too_long_for_paper"


def csv_of_statement(person: Person, wanted: Wanted) -> Iterator[str]:
    """A statement as the lines of a CSV file, the oldest movement first, in the language in force.

    It begins with a byte order mark: by that, spreadsheets know that it is UTF-8. Amounts are plain digits
    with a point and a plain minus, times are in UTC.
    """
    header = [
        *(_("time"), _("what"), _("change"), _("balance"), _("currency"), _("key")),
        *(_("contract"), _("part"), _("with")),
    ]
    rows = (
        (
            line.entry.at.isoformat(timespec="seconds"),
            *(line.word, line.entry.change.amount, line.entry.balance.amount),
            *(wanted.currency, line.entry.key, line.title, line.note, line.other),
        )
        for line in statement_lines(person, wanted)
    )
    yield "\ufeff"
    yield from csv_lines(header, rows)


def pdf_of_statement(person: Person, wanted: Wanted, *, language: str) -> bytes:
    """A statement as a PDF in its reader's language: the same books and the same question, the same bytes.

    Raises:
        TooLongForPaper: it has more than ten thousand lines.
        Unfit: the time ends before it begins.
    """
    with translation.override(language):
        window = statement_page(person, wanted, size=1).window
        lines = list(islice(statement_lines(person, wanted), MOST_LINES + 1))
        if len(lines) > MOST_LINES:
            raise TooLongForPaper(
                _("A PDF holds %(most)s lines at most. Choose a shorter time, or take the spreadsheet.")
                % {"most": MOST_LINES}
            )
        title = _("Statement of %(name)s, %(currency)s") % {"name": person.name, "currency": wanted.currency}
        begins = datetime.combine(wanted.since or date(1970, 1, 1), _FIRST, UTC)
        return pdf_of(
            template=PAPERS / "statement.typ",
            data=_said_on(person, wanted, window, lines),
            title=title,
            language=language,
            at=lines[-1].entry.at if lines else begins,
            author=_("The hall"),
        )


def sums_of_window(window: Window, *, narrowed: bool) -> list[tuple[str, Money]]:
    """The sums of a statement as people read them, from its opening on; together they are its closing."""
    sums = [(_("Held at the beginning"), window.opening), (_("Came"), window.came), (_("Went"), window.went)]
    return [*sums, (_("All other movements"), window.others)] if narrowed else sums


def narrowed_by(wanted: Wanted, line: Line | None) -> list[tuple[str, str]]:
    """What a statement leaves out, said beside it; `line` is one of its lines, which knows the names."""
    said = []
    if wanted.kind:
        said.append((_("Only"), word_for_movement(wanted.kind)))
    if wanted.contract:
        said.append((_("Contract"), line.title if line else str(wanted.contract)))
    if wanted.other:
        said.append((_("With"), line.other if line else str(wanted.other)))
    if wanted.words:
        said.append((_("Words"), wanted.words))
    return said


def _said_on(person: Person, wanted: Wanted, window: Window, lines: Sequence[Line]) -> dict[str, Any]:
    locale = translation.to_locale(translation.get_language() or "en")

    def day(value: date | None) -> str:
        return str(format_date(value, "d MMMM y", locale=locale)) if value else "–"

    return {
        "heading": _("Statement"),
        "facts": [
            (_("Of"), person.name),
            (_("Currency"), wanted.currency),
            (_("From"), day(wanted.since or (lines[0].on if lines else None))),
            (_("To"), day(wanted.until or (lines[-1].on if lines else None))),
            *narrowed_by(wanted, lines[0] if lines else None),
        ],
        "sums": [(name, str(sum_)) for name, sum_ in sums_of_window(window, narrowed=wanted.is_narrowed)],
        "total": (_("Held at the end"), str(window.closing)),
        "columns": [_("Day"), _("What"), _("Change"), _("Held then")],
        "rows": [
            (
                line.on.isoformat(),
                line.word,
                " · ".join(part for part in (line.title, line.note, line.other) if part),
                line.entry.change.amount,
                line.entry.balance.amount,
            )
            for line in lines
        ],
        "notes": [
            _("Days are in UTC. Every line is a movement in the hall’s books, which cannot be changed.")
        ],
    }
