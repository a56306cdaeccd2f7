"""A wallet by month, as a bank would send it: what it held, what came and went, what it holds."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildhall.documents.csv import csv_lines
from guildhall.edge.request import HallRequest
from guildhall.ledger.months import (
    balance_at,
    instant_from,
    month_from,
    months_of,
    name_of,
    statement_for_month,
)
from guildhall.ledger.queries import Entry, currencies_of
from guildhall.web.money.forms import InstantForm
from guildhall.web.money.words import milestones_behind, place_of, word_for_movement
from guildhall.web.page import attempt, page, person_of, signed_in

_USUAL = "USD"
_AT_ONCE = 500
_NOWHERE = {"title": "", "url": "", "note": ""}


@require_safe
@signed_in
def show_months(request: HallRequest) -> HttpResponse:
    """The months in which something moved; with ``month`` the statement of that one."""
    person = person_of(request)
    wallet = f"wallet:{person.party}"
    currencies = currencies_of([wallet]) or [_USUAL]
    currency = _chosen(request, currencies)
    context: dict[str, Any] = {
        "currency": currency,
        "currencies": currencies,
        "here": f"/money/months?{_asked(currency)}",
    }
    after = request.GET.get("after", "")
    if not request.GET.get("month"):
        form, then = _held_then(request, currency)
        context |= {"form": form, "then": then}
        months = months_of(wallet, currency, today=_today(request), after=after)
        rows = [{"sums": one, "path": f"/money/months?{_asked(currency, one.month)}"} for one in months.rows]
        context |= {"months": months, "rows": rows}
        return page(request, "money/months.html", context, status=form.refusal_status)
    month = month_from(request.GET["month"])
    statement = statement_for_month(wallet, currency, month, after=after)
    milestones = milestones_behind(
        (entry.facts["purpose"] for entry in statement.entries if "purpose" in entry.facts), person
    )
    lines = [
        {
            "at": entry.at,
            "word": word_for_movement(entry.kind),
            "change": entry.change,
            "balance": entry.balance,
            **(place_of(entry.facts["purpose"], milestones) if "purpose" in entry.facts else _NOWHERE),
        }
        for entry in statement.entries
    ]
    asked = _asked(currency, month)
    context |= {"here": f"/money/months?{asked}", "file": f"/money/months.csv?{asked}"}
    return page(request, "money/month.html", {**context, "statement": statement, "lines": lines})


def _held_then(request: HallRequest, currency: str) -> tuple[InstantForm, dict[str, Any] | None]:
    """What was held at the instant that is asked about, if one is."""
    if "at" not in request.GET:
        return InstantForm(), None
    form = InstantForm(request.GET)
    person = person_of(request)

    def held() -> dict[str, Any]:
        instant = instant_from(form.cleaned_data["at"], ZoneInfo(person.timezone))
        return {
            "at": instant,
            "available": balance_at(f"wallet:{person.party}", currency, instant),
            "clearing": balance_at(f"clearing:{person.party}", currency, instant),
        }

    return form, attempt(form, held)


@require_safe
@signed_in
def show_month_file(request: HallRequest) -> StreamingHttpResponse:
    """The statement of one month as a file."""
    wallet = f"wallet:{person_of(request).party}"
    currency = _chosen(request, currencies_of([wallet]) or [_USUAL])
    month = month_from(request.GET.get("month", "") or name_of(_today(request)))
    header = [_("time"), _("what"), _("change"), _("balance"), _("currency"), _("key")]
    rows = (
        (
            entry.at.isoformat(timespec="seconds"),
            word_for_movement(entry.kind),
            entry.change.amount,
            entry.balance.amount,
            currency,
            entry.key,
        )
        for entry in _entries(wallet, currency, month)
    )
    answer = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    name = f"statement-{name_of(month)}-{currency.lower()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _entries(wallet: str, currency: str, month: date) -> Iterator[Entry]:
    after = ""
    while True:
        statement = statement_for_month(wallet, currency, month, after=after, size=_AT_ONCE)
        yield from statement.entries
        after = statement.next
        if not after:
            return


def _today(request: HallRequest) -> date:
    return request.at.astimezone(UTC).date()


def _chosen(request: HallRequest, currencies: list[str]) -> str:
    asked = request.GET.get("currency", "")
    if asked in currencies:
        return asked
    return _USUAL if _USUAL in currencies else currencies[0]


def _asked(currency: str, month: date | None = None) -> str:
    return urlencode({"currency": currency, **({"month": name_of(month)} if month else {})})
