"""The bank: bringing its files in, what became of each line, and its balance beside the books."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from guildhall.documents.csv import csv_lines
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import import_bank_file, keep_statement_columns
from guildhall.payments.actions.bank_files import BOOK, columns_in_force
from guildhall.payments.bank_queries import (
    bank_files_seen_by,
    columns_kept_seen_by,
    comparison_seen_by,
    lines_of_file,
    transfers_to_order,
)
from guildhall.payments.banking.reading import refuse_too_large
from guildhall.payments.banking.reasons import reason_in_words
from guildhall.payments.banking.references import shown_reference
from guildhall.payments.banking.tables import DAY_FORMS, Columns
from guildhall.payments.models import BankFile, BankLine
from guildhall.payments.queries import bank_lines_to_explain
from guildhall.payments.rules import CURRENCIES
from guildhall.people.queries import decisions_waiting_for, second_operators
from guildhall.web.forms import HallForm
from guildhall.web.page import attempt, operator_only, page, person_of

OUTCOMES: Final[dict[str, tuple[Promise, str]]] = {
    "waiting": (_("Not booked yet"), "wait"),
    "credited": (_("Credited"), "good"),
    "suspended": (_("Fits nothing: put aside"), "bad"),
    "arrived": (_("Payout arrived"), "good"),
    "returned": (_("Payout came back"), "bad"),
    "under_way": (_("Under way"), "wait"),
    "known": (_("Was known"), "plain"),
    "unexplained": (_("Nothing explains it"), "bad"),
}
"""What became of a line, in a word, and its tone."""

_SHOWN: Final = 20
_EVERY: Final = ("", _("found out"))


class FileForm(HallForm):
    """A file from the bank."""

    file = forms.FileField(
        label=_("File from the bank"),
        help_text=_(
            "A statement (camt.053 or CSV), a report on transfers (pain.002), or a sheet that came back."
        ),
    )


class ColumnsForm(HallForm):
    """What the columns of the bank's table mean."""

    day = forms.CharField(label=_("Day"), max_length=100, required=False)
    amount = forms.CharField(label=_("Sum, below zero what went"), max_length=100, required=False)
    came = forms.CharField(label=_("Or what came"), max_length=100, required=False)
    went = forms.CharField(label=_("and what went"), max_length=100, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=100, required=False)
    fixed = forms.ChoiceField(
        label=_("Or all of it is in"),
        choices=[("", _("as the column says")), *((code, code) for code in CURRENCIES)],
        required=False,
    )
    reference = forms.CharField(label=_("The bank’s own number of the line"), max_length=100, required=False)
    text = forms.CharField(label=_("What the payer wrote"), max_length=100, required=False)
    party = forms.CharField(label=_("Name of the other side"), max_length=100, required=False)
    number = forms.CharField(label=_("Account of the other side"), max_length=100, required=False)
    balance = forms.CharField(
        label=_("What the account held then"),
        max_length=100,
        required=False,
        help_text=_("With it every statement is added up, and a missing line is found."),
    )
    decimal = forms.ChoiceField(
        label=_("Decimals come after"),
        choices=[_EVERY, (".", _("a point")), (",", _("a comma"))],
        required=False,
    )
    day_form = forms.ChoiceField(
        label=_("Days are written"), choices=[_EVERY, *((form, form) for form in DAY_FORMS)], required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def bank(request: HallRequest) -> HttpResponse:
    """What the bank says beside the books, its files, and bringing the next one."""
    operator = person_of(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        file = attempt(form, lambda: _bring(request, form))
        if file is not None:
            return redirect("operator:bank_file", bank_file_id=file.pk)
    found = page_by_key(bank_files_seen_by(operator), by=["-id"], after=request.GET.get("after", ""))
    context = {
        "form": form,
        "found": found,
        "compared": comparison_seen_by(operator),
        "alone": not second_operators(operator).exists(),
        "columns": columns_in_force("bank"),
        "orders": [(each, shown_reference(each.code)) for each in transfers_to_order(operator)],
        "open_lines": list(bank_lines_to_explain(operator).order_by("-id")[:_SHOWN]),
    }
    return page(request, "operator/bank.html", context, status=form.refusal_status)


def _bring(request: HallRequest, form: FileForm) -> BankFile:
    given = form.cleaned_data["file"]
    refuse_too_large(given.size)
    return import_bank_file(content=given.read(), name=given.name or "", by=person_of(request), at=request.at)


@require_GET
@operator_only
def bank_file(request: HallRequest, bank_file_id: UUID) -> HttpResponse:
    """One file: what it says of the account, and what became of each line."""
    operator = person_of(request)
    file = get_object_or_404(bank_files_seen_by(operator), pk=bank_file_id)
    lines = lines_of_file(file)
    outcome = request.GET.get("outcome", "")
    chosen = lines.filter(outcome=outcome) if outcome in OUTCOMES else lines
    found = page_by_key(chosen, by=("number",), after=request.GET.get("after", ""), size=100)
    counted = [
        (name, *OUTCOMES[name], count) for name in OUTCOMES if (count := lines.filter(outcome=name).count())
    ]
    context = {
        "file": file,
        "found": found,
        "rows": [
            (line, *OUTCOMES[line.outcome], line.reason and reason_in_words(line.reason))
            for line in found.rows
        ],
        "counted": counted,
        "outcome": outcome if outcome in OUTCOMES else "",
        "statements": [
            (each, *(_held(each.currency, sum_) for sum_ in (each.opening, each.closing)))
            for each in file.statements.order_by("account", "currency")
        ],
        "waits": decisions_waiting_for(operator).filter(kind=BOOK, subject_id=file.pk).exists(),
    }
    return page(request, "operator/bank_file.html", context)


def _held(currency: str, minor: int | None) -> Money | None:
    return None if minor is None else Money(minor, currency)


@require_GET
@operator_only
def bank_file_lines(request: HallRequest, bank_file_id: UUID) -> StreamingHttpResponse:
    """The lines of a file and what became of them, as a table."""
    file = get_object_or_404(bank_files_seen_by(person_of(request)), pk=bank_file_id)
    header = [
        "line",
        "day",
        "amount",
        "currency",
        "reference",
        "name",
        "account",
        "text",
        "outcome",
        "payout",
    ]
    answer = StreamingHttpResponse(csv_lines(header, _cells(file)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lines-{file.pk}.csv"'
    return answer


def _cells(file: BankFile) -> Iterator[list[str]]:
    line: BankLine
    for line in lines_of_file(file).order_by("number").iterator(chunk_size=1000):
        yield [
            str(line.number),
            line.day.isoformat() if line.day else "",
            line.money.amount if line.amount else "",
            line.currency,
            line.reference,
            line.party,
            line.account,
            line.text or line.end_to_end,
            line.outcome,
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def bank_columns(request: HallRequest) -> HttpResponse:
    """What the columns of the bank's table mean, and what they meant before."""
    operator = person_of(request)
    kept = columns_in_force("bank")
    initial: dict[str, Any] = {name: getattr(kept, name) for name in ColumnsForm.base_fields} if kept else {}
    form = ColumnsForm(request.POST or None, initial=initial)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: keep_statement_columns(columns=Columns(**form.cleaned_data), by=operator, at=request.at),
        )
        if done is not None:
            return redirect("operator:bank")
    context = {
        "form": form,
        "kept": kept,
        "history": list(columns_kept_seen_by(operator).order_by("-kept_at")[:20]),
    }
    return page(request, "operator/bank_columns.html", context, status=form.refusal_status)


bank_urls: list[URLPattern] = [
    path("operator/bank", bank, name="bank"),
    path("operator/bank/columns", bank_columns, name="bank_columns"),
    path("operator/bank/files/<uuid:bank_file_id>", bank_file, name="bank_file"),
    path("operator/bank/files/<uuid:bank_file_id>/lines.csv", bank_file_lines, name="bank_file_lines"),
]
"""The addresses of these pages; the operator's urls take them in."""
