"""The upload sheets of local banks and mobile-money companies: how each is written, and a look at it."""

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.payments.actions import keep_sheet_layout
from guildhall.payments.bank_queries import sheets_in_force_seen_by, sheets_seen_by
from guildhall.payments.banking.sheets import (
    ENCODINGS,
    WHAT,
    Layout,
    SheetRow,
    columns_as_text,
    columns_from_text,
    refuse_unusable,
    sheet_as_csv,
)
from guildhall.payments.banking.tables import DAY_FORMS
from guildhall.payments.models import SheetLayout
from guildhall.web.forms import HallForm
from guildhall.web.page import attempt, operator_only, page, person_of

_FIRST: Final = """Sr = number
Account = account
Name = holder
Bank = bank
Amount = amount
Purpose = "Earnings"
Reference = reference"""

_LOOK: Final = (
    SheetRow("RF72PAC24E3H", "Bushra Karim", "923001234567", "Easypaisa", "", Money(1_250_050, "PKR")),
    SheetRow("RF45PKMW7T29", "بشریٰ کریم", "0012345678901", "Karakoram Bank", "", Money(80_000, "PKR")),
)
"""Made-up payouts to look at a sheet with."""


class SheetForm(HallForm):
    """How a sheet is written, and how the one that comes back is read."""

    name = forms.CharField(label=_("Bank or company"), max_length=60)
    columns = forms.CharField(
        label=_("Columns, one a line: what stands above it = what is in it"),
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false"}),
        initial=_FIRST,
    )
    headers = forms.BooleanField(label=_("The first line names the columns"), required=False, initial=True)
    latin = forms.BooleanField(label=_("Names in Latin letters only"), required=False)
    delimiter = forms.ChoiceField(
        label=_("Between cells"),
        choices=[(",", _("a comma")), (";", _("a semicolon")), ("tab", _("a tab")), ("|", _("a bar"))],
    )
    decimal = forms.ChoiceField(
        label=_("Before decimals"), choices=[(".", _("a point")), (",", _("a comma"))]
    )
    day_form = forms.ChoiceField(label=_("Days are written"), choices=[(form, form) for form in DAY_FORMS])
    encoding = forms.ChoiceField(
        label=_("Letters are coded as"),
        choices=list(
            zip(ENCODINGS, (_("UTF-8"), _("UTF-8, marked as such"), _("Windows, western")), strict=True)
        ),
    )
    back_reference = forms.CharField(
        label=_("Sheet that comes back: column with our reference"), max_length=100, required=False
    )
    back_status = forms.CharField(label=_("Its column with the outcome"), max_length=100, required=False)
    back_reason = forms.CharField(label=_("Its column with the reason"), max_length=100, required=False)
    paid = forms.CharField(
        label=_("Words that mean paid"), max_length=200, required=False, help_text=_("With commas between.")
    )
    refused = forms.CharField(
        label=_("Words that mean refused"),
        max_length=200,
        required=False,
        help_text=_("With commas between."),
    )

    @property
    def layout(self) -> Layout:
        """What was typed, as a layout.

        Raises:
            NotALayout: a line of the columns is none.
        """
        said: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        words = {
            name: tuple(word.strip() for word in said[name].split(",") if word.strip())
            for name in ("paid", "refused")
        }
        mark = "\t" if said["delimiter"] == "tab" else said["delimiter"]
        columns = columns_from_text(said["columns"])
        return Layout(**{**said, **words, "columns": columns, "delimiter": mark})


def _initial(sheet: SheetLayout) -> dict[str, Any]:
    layout = Layout.kept(sheet.layout)
    said = layout.to_keep() | {"name": sheet.name, "columns": columns_as_text(layout.columns)}
    said |= {"paid": ", ".join(layout.paid), "refused": ", ".join(layout.refused)}
    return said | {"delimiter": "tab" if layout.delimiter == "\t" else layout.delimiter}


@require_GET
@operator_only
def sheets(request: HallRequest) -> HttpResponse:
    """The sheets that batches can be written as."""
    found = sheets_in_force_seen_by(person_of(request)).order_by("name")
    return page(request, "operator/sheets.html", {"sheets": list(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def sheet_new(request: HallRequest) -> HttpResponse:
    """Say how another company's sheet is written."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def sheet(request: HallRequest, sheet_id: UUID) -> HttpResponse:
    """One version of a sheet: change it, look at it, and the versions before."""
    return _edit(request, get_object_or_404(sheets_seen_by(person_of(request)), pk=sheet_id))


def _edit(request: HallRequest, kept: SheetLayout | None) -> HttpResponse:
    operator = person_of(request)
    form = SheetForm(request.POST or None, initial=_initial(kept) if kept else None)
    look = _look(Layout.kept(kept.layout), request.at) if kept else ""
    if request.method == "POST":
        if "look" in request.POST:
            look = attempt(form, lambda: _checked_look(form, request.at)) or ""
        else:
            done = attempt(
                form,
                lambda: keep_sheet_layout(
                    name=form.cleaned_data["name"], layout=form.layout, by=operator, at=request.at
                ),
            )
            if done is not None:
                return redirect("operator:sheet", sheet_id=done.pk)
    context = {
        "form": form,
        "kept": kept,
        "look": look,
        "what": list(WHAT.items()),
        "history": list(sheets_seen_by(operator).filter(name=kept.name).order_by("-version")) if kept else [],
    }
    return page(request, "operator/sheet.html", context, status=form.refusal_status)


def _checked_look(form: SheetForm, at: datetime) -> str:
    refuse_unusable(form.layout)
    return _look(form.layout, at)


def _look(layout: Layout, at: datetime) -> str:
    day: date = at.astimezone(UTC).date()
    return sheet_as_csv(layout, _LOOK, day=day).decode(layout.encoding)


sheet_urls: list[URLPattern] = [
    path("operator/sheets", sheets, name="sheets"),
    path("operator/sheets/new", sheet_new, name="sheet_new"),
    path("operator/sheets/<uuid:sheet_id>", sheet, name="sheet"),
]
"""The addresses of these pages; the operator's urls take them in."""
