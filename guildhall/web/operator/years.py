"""Yearly totals of all workers, what was kept for authorities and funds, and the key of certificates."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.documents.csv import Cell, csv_lines
from guildhall.earnings.actions import change_signing_key
from guildhall.earnings.queries import signing_keys
from guildhall.earnings.words import word_for_deduction
from guildhall.earnings.years import (
    Deducted,
    YearOfWorker,
    all_workers_of_year,
    kept_for_others_in,
    read_year,
    workers_of_year,
    years_of_hall,
)
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.web.page import operator_only, page, person_of
from guildhall.web.people.choices import countries


@require_safe
@operator_only
def years(request: HallRequest) -> HttpResponse:
    """Who earned what in a year, and what was kept for others."""
    operator = person_of(request)
    year, country = _asked(request)
    found = workers_of_year(operator, year, country=country, after=request.GET.get("after", ""))
    query = urlencode([("year", year), *([("country", country)] if country else [])])
    context = {
        "found": found,
        "rows": [_row(one) for one in found.rows],
        "kept": kept_for_others_in(operator, year),
        "year": year,
        "years": years_of_hall(at=request.at),
        "country": country,
        "countries": list(countries()),
        "here": f"/operator/years?{query}",
        "file": f"/operator/years.csv?{query}",
        "kept_file": f"/operator/withheld.csv?year={year}",
    }
    return page(request, "operator/years.html", context)


@require_safe
@operator_only
def years_csv(request: HallRequest) -> StreamingHttpResponse:
    """All workers of a year, written as they are read."""
    year, country = _asked(request)
    header = [_("person"), _("name"), _("country"), _("currency"), _("gross"), _("fees of the hall")]
    header += [_("tax withheld"), _("contributions"), _("other"), _("net"), _("paid out"), _("line by line")]
    lines = _lines(all_workers_of_year(person_of(request), year, country=country))
    return _as_csv(header, lines, f"guildhall-workers-{year}.csv")


@require_safe
@operator_only
def withheld_csv(request: HallRequest) -> StreamingHttpResponse:
    """What was kept for each authority and fund."""
    year, _country = _asked(request)
    header = [_("year"), _("account"), _("currency"), _("amount")]
    rows = (
        (year, account, kept.currency, kept.amount)
        for account, kept in kept_for_others_in(person_of(request), year)
    )
    return _as_csv(header, rows, f"guildhall-withheld-{year}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def signing_key(request: HallRequest) -> HttpResponse:
    """The keys that certificates are signed with; on POST begin a new one."""
    if request.method == "POST":
        change_signing_key(by=person_of(request), at=request.at)
        return redirect("operator:signing_key")
    found = page_by_key(signing_keys(), by=("-id",), after=request.GET.get("after", ""))
    return page(request, "operator/signing_key.html", {"found": found})


def _asked(request: HallRequest) -> tuple[int, str]:
    country = request.GET.get("country", "")
    year = read_year(request.GET.get("year") or request.at.year)
    return year, country if country in dict(countries()) else ""


def _as_csv(header: list[str], rows: Iterator[tuple[Cell, ...]], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _row(one: YearOfWorker) -> dict[str, Any]:
    return {
        "person": one.person,
        "name": one.name,
        "country": one.country,
        "gross": one.gross,
        "taken": _sum_of(one.deducted, one.currency),
        "lines": [(word_for_deduction(taken.name), taken.sum) for taken in one.deducted],
        "net": one.net,
        "paid_out": one.paid_out,
    }


def _lines(found: Iterator[YearOfWorker]) -> Iterator[tuple[Cell, ...]]:
    for one in found:
        kinds: dict[str, list[Deducted]] = {start: [] for start in ("fees:", "tax:", "benefit:", "")}
        for taken in one.deducted:
            kinds[next(kind for kind in kinds if taken.account.startswith(kind))].append(taken)
        yield (
            one.person,
            one.name,
            one.country,
            one.currency,
            one.gross.amount,
            *(_sum_of(part, one.currency).amount for part in kinds.values()),
            one.net.amount,
            one.paid_out.amount,
            "; ".join(f"{taken.name} {taken.sum.amount}" for taken in one.deducted),
        )


def _sum_of(deducted: list[Deducted], currency: str) -> Money:
    return sum((taken.sum for taken in deducted), Money(0, currency))


year_urls: list[URLPattern] = [
    path("operator/years", years, name="years"),
    path("operator/years.csv", years_csv, name="years_csv"),
    path("operator/withheld.csv", withheld_csv, name="withheld_csv"),
    path("operator/signing-key", signing_key, name="signing_key"),
]
