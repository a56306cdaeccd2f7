"""Bring in posts of another market, from a CSV file, as jobs of one client.

A post is known again by its link: a second run changes nothing but what changed at its source. What may not
be opened here is kept as a draft with the reason. Rows that cannot be used are reported and stop nothing.
"""

import argparse
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

from guildhall.jobs.importing.actions import import_jobs
from guildhall.jobs.importing.report import Outcome, Report
from guildhall.jobs.rules import CURRENCIES
from guildhall.kernel.errors import Unfit
from guildhall.people.models import Person

_MOST_UNKNOWN = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `import jobs` wants to know."""
    parser.add_argument("file", type=Path, help="the CSV file")
    parser.add_argument("--as", dest="client", required=True, metavar="EMAIL", help="whose jobs they become")
    parser.add_argument(
        "--deadline",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day on which the work is wanted",
    )
    parser.add_argument("--currency", default="USD", choices=CURRENCIES, help="of the file's budgets (USD)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what became of each row as CSV")


def run(options: Any) -> int:
    """Import, and say what became of it; 1 if a row was broken."""
    client = Person.objects.filter(email__iexact=options.client, is_active=True).first()
    if client is None:
        raise Unfit(_("Nobody here has the address %(email)s.") % {"email": options.client}, field="as")
    with nullcontext() if options.report is None else _opened(options.report) as file:
        with options.progress(_("Importing")) as progress:
            report = import_jobs(
                file=options.file,
                by=client,
                at=options.at,
                deadline=options.deadline,
                currency=options.currency,
                progress=progress,
            )
        if file is not None:
            _write(report, file, options.report)
    for line in lines_for_a_person(report, each_row=options.report is None):
        sys.stdout.write(f"{line}\n")
    return 1 if report.totals[Outcome.BROKEN] else 0


def _opened(path: Path) -> TextIO:
    """The file of the report, opened before anything is imported; what stood in it stays until then.

    Raises:
        Unfit: it cannot be written.
    """
    try:
        return path.open("a", encoding="utf-8", newline="")
    except OSError as error:
        raise _not_writable(path, error) from error


def _write(report: Report, file: TextIO, path: Path) -> None:
    try:
        file.truncate(0)
        file.writelines(report.as_csv())
        file.flush()
    except OSError as error:
        raise _not_writable(path, error) from error


def _not_writable(path: Path, error: OSError) -> Unfit:
    facts = {"path": path, "why": error.strerror or error}
    return Unfit(_("The report %(path)s cannot be written: %(why)s.") % facts, field="report")


def lines_for_a_person(report: Report, *, each_row: bool) -> list[str]:
    """The report as it is read at a terminal: every row if wanted, then totals and reasons."""
    lines = []
    if each_row:
        for line in report.lines:
            words = f"{line.reason} {line.detail}".strip() or "; ".join(line.unknown)
            lines.append(f"{line.row:>6}  {line.outcome.value:<15}  {line.title[:60]:<60}  {words}".rstrip())
        lines.append("")
    if report.not_read:
        lines.append(_("Columns that mean nothing here: %(names)s.") % {"names": ", ".join(report.not_read)})
    lines.append(_("%(count)s rows:") % {"count": len(report.lines)})
    for outcome in Outcome:
        if report.totals[outcome]:
            lines.append(f"{report.totals[outcome]:>6}  {outcome.value}")
            reasons = [
                (n, said)
                for (of, said), n in report.reasons.most_common()
                if of == outcome != Outcome.REPEATED
            ]
            lines += [f"{n:>14}  {said}" for n, said in reasons]
    if report.mentions:
        missed = sum(report.unknown.values())
        lines.append(
            _("%(known)s of %(all)s mentions of skills are known here.")
            % {"known": report.mentions - missed, "all": report.mentions}
        )
    if report.unknown:
        names = ", ".join(f"{name} ({n})" for name, n in report.unknown.most_common(_MOST_UNKNOWN))
        lines.append(_("Not known, most frequent first: %(names)s.") % {"names": names})
    if report.strange_countries:
        names = ", ".join(f"{name} ({n})" for name, n in report.strange_countries.most_common(_MOST_UNKNOWN))
        sentence = _("Not known as a country, so the client's own stands in its place: %(names)s.")
        lines.append(sentence % {"names": names})
    return [_printable(line) for line in lines]


def _printable(line: str) -> str:
    """A line with what strangers wrote in it: nothing there may break it, or speak to the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in line)
