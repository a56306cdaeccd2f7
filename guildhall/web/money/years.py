"""What one earned in a year, as tax forms ask for it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildhall.documents.csv import Cell, csv_lines
from guildhall.earnings.drawing import pdf_of_year
from guildhall.earnings.words import word_for_deduction
from guildhall.earnings.years import YearOfOne, read_year, year_of, years_since_joining
from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.web.money.words import word_for_movement
from guildhall.web.page import page, person_of, signed_in


@require_safe
@signed_in
def show_years(request: HallRequest) -> HttpResponse:
    """The totals of one year, this one unless another is asked for."""
    person = person_of(request)
    year = _asked(request)
    context = {
        "year": year,
        "years": years_since_joining(person, at=request.at),
        "totals": [_shown(one) for one in year_of(person, year)],
    }
    return page(request, "money/years.html", context)


@require_safe
@signed_in
def show_year_file(request: HallRequest) -> StreamingHttpResponse:
    """The same as lines of a file."""
    year = _asked(request)
    header = [_("year"), _("currency"), _("part"), _("line"), _("account or kind"), _("amount")]
    lines = _lines(year_of(person_of(request), year))
    answer = StreamingHttpResponse(csv_lines(header, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="totals-{year}.csv"'
    return answer


@require_safe
@signed_in
def show_year_paper(request: HallRequest) -> HttpResponse:
    """The same as a PDF, in the reader's language."""
    person = person_of(request)
    year = _asked(request)
    made = pdf_of_year(
        person,
        year,
        year_of(person, year),
        word_for=word_for_movement,
        language=request.locale,
        at=request.at,
    )
    return made_as_download(made, name=f"totals-{year}.pdf", kind="application/pdf")


def _asked(request: HallRequest) -> int:
    return read_year(request.GET.get("year") or request.at.year)


def _shown(one: YearOfOne) -> dict[str, Any]:
    return {
        "currency": one.currency,
        "earned": [
            (_("Gross"), one.gross),
            *((word_for_deduction(taken.name), -taken.sum) for taken in one.deducted),
        ],
        "net": (_("Net"), one.net),
        "paid_out": one.paid_out,
        "moved": [
            (_("Held when the year began"), one.opening),
            *((word_for_movement(kind), change) for kind, change in one.moved),
        ],
        "closing": (_("Held at its end, or now"), one.closing),
    }


def _lines(totals: list[YearOfOne]) -> Iterator[tuple[Cell, ...]]:
    for one in totals:
        start = (one.year, one.currency)
        yield (*start, _("earned"), _("Gross"), "", one.gross.amount)
        for taken in one.deducted:
            line = word_for_deduction(taken.name)
            yield (*start, _("earned"), line, taken.account, (-taken.sum).amount)
        yield (*start, _("earned"), _("Net"), "", one.net.amount)
        yield (*start, _("wallet"), _("Held when the year began"), "", one.opening.amount)
        for kind, change in one.moved:
            yield (*start, _("wallet"), word_for_movement(kind), kind, change.amount)
        yield (*start, _("wallet"), _("Held at its end, or now"), "", one.closing.amount)
        yield (*start, _("paid out"), _("Paid out, less what came back"), "", one.paid_out.amount)
