"""A statement of a wallet: any time, narrowed as one likes, as a page, for a spreadsheet, on paper."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal
from guildhall.ledger.queries import currencies_of
from guildhall.people.models import Person
from guildhall.people.queries import people_with_ids
from guildhall.statements.drawing import csv_of_statement, pdf_of_statement, sums_of_window
from guildhall.statements.looks import looks_at
from guildhall.statements.queries import Line, Wanted, contracts_to_choose, others_in, statement_page
from guildhall.web.money.forms import StatementForm
from guildhall.web.page import page, person_of, signed_in

_USUAL = "USD"
_LAST_LOOKS = 10
_ASKED = ("since", "until", "kind", "contract", "other", "words")


@require_safe
@signed_in
def show_statement(request: HallRequest) -> HttpResponse:
    """Every movement that was asked for, the newest first, with the sums of all of them."""
    return _page(request, Question.of(request, person_of(request)))


@require_safe
@signed_in
def show_statement_file(request: HallRequest) -> StreamingHttpResponse | HttpResponse:
    """The same for a spreadsheet, all of it, the oldest first."""
    asked = Question.of(request, person_of(request))
    return asked.csv() if asked.form.is_valid() else _page(request, asked)


@require_safe
@signed_in
def show_statement_paper(request: HallRequest) -> HttpResponse:
    """The same on paper."""
    asked = Question.of(request, person_of(request))
    if not asked.form.is_valid():
        return _page(request, asked)
    try:
        return asked.pdf(request.locale)
    except Refusal as refusal:
        asked.form.refuse(refusal)
        return _page(request, asked)


def _page(request: HallRequest, asked: "Question") -> HttpResponse:
    looks = list(looks_at(asked.person).order_by("-id")[:_LAST_LOOKS])
    names = people_with_ids(look.by for look in looks if look.by)
    told = [
        {"at": look.at, "name": names[look.by].name, "why": look.facts["why"]}
        for look in looks
        if look.by in names
    ]
    context = {**asked.context("/money/statement"), "looks": told}
    return page(request, "money/statement.html", context, status=asked.status)


@dataclass(frozen=True, slots=True)
class Question:
    """What of whose statement is asked for by an address."""

    request: HallRequest
    person: Person
    form: StatementForm
    currencies: list[str]
    wanted: Wanted

    @classmethod
    def of(cls, request: HallRequest, person: Person) -> "Question":
        """Read it; what cannot be understood stands on the form."""
        currencies = currencies_of([f"wallet:{person.party}"]) or [_USUAL]
        asked = request.GET.get("currency", "")
        currency = asked if asked in currencies else _USUAL if _USUAL in currencies else currencies[0]
        contracts = contracts_to_choose(person)
        form = StatementForm(request.GET, contracts=contracts, others=others_in(contracts, person))
        form.is_valid()
        return cls(request, person, form, currencies, form.wanted(currency))

    @property
    def status(self) -> int:
        """422 where something could not be understood."""
        refused = self.form.refusal_status
        return refused if refused != 200 or not self.form.errors else 422  # noqa: PLR2004 - statuses

    def context(self, path: str) -> dict[str, Any]:
        """What the page shows; `path` is where it stands."""
        found = statement_page(self.person, self.wanted, after=self.request.GET.get("after", ""))
        currency = self.wanted.currency
        said = {name: self.request.GET[name] for name in _ASKED if self.request.GET.get(name)}
        query = urlencode({"currency": currency, **said})
        return {
            "form": self.form,
            "currency": currency,
            "currencies": self.currencies,
            "found": found,
            "lines": [_line(line) for line in found.lines],
            "sums": sums_of_window(found.window, narrowed=self.wanted.is_narrowed),
            "closing": found.window.closing,
            "wanted": self.wanted,
            "path": path,
            "here": f"{path}?{query}",
            "csv": f"{path}.csv?{query}",
            "pdf": f"{path}.pdf?{query}",
            "spans": self._spans(path),
        }

    def csv(self) -> StreamingHttpResponse:
        """As a file for spreadsheets."""
        lines = csv_of_statement(self.person, self.wanted)
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self._name}.csv"'
        return answer

    def pdf(self, language: str) -> HttpResponse:
        """On paper.

        Raises:
            TooLongForPaper: nobody leafs through that.
        """
        made = pdf_of_statement(self.person, self.wanted, language=language)
        return made_as_download(made, name=f"{self._name}.pdf", kind="application/pdf")

    @property
    def _name(self) -> str:
        days = [f"{day}" for day in (self.wanted.since, self.wanted.until) if day]
        return "-".join(["statement", self.wanted.currency.lower(), *days])

    def _spans(self, path: str) -> list[tuple[str, str, bool]]:
        """Stretches of time that people ask for most, each with its address and whether it is this one."""
        today = self.request.at.astimezone(UTC).date()
        month = today.replace(day=1)
        before = (month - timedelta(days=1)).replace(day=1)
        spans: list[tuple[str, date | None, date | None]] = [
            (_("All of it"), None, None),
            (_("This month"), month, None),
            (_("Last month"), before, month - timedelta(days=1)),
            (_("This year"), today.replace(month=1, day=1), None),
            (_("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        ]
        chosen = (self.wanted.since, self.wanted.until)
        return [
            (
                name,
                f"{path}?"
                + urlencode(
                    {"currency": self.wanted.currency}
                    | ({"since": since.isoformat()} if since else {})
                    | ({"until": until.isoformat()} if until else {})
                ),
                chosen == (since, until) and not self.wanted.is_narrowed,
            )
            for name, since, until in spans
        ]


def _line(line: Line) -> dict[str, Any]:
    return {
        "on": line.on,
        "word": line.word,
        "title": line.title,
        "note": line.note,
        "other": line.other,
        "url": f"/contracts/{line.contract}" if line.contract else "",
        "change": line.entry.change,
        "balance": line.entry.balance,
    }
