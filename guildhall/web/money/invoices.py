"""Somebody's papers: the list, one of them, the files of it, and a month as one paper."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guildhall.documents.csv import csv_lines
from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.invoicing.actions import replace_invoice
from guildhall.invoicing.collective import collective_for, name_of_month, pdf_of_collective
from guildhall.invoicing.drawing import side_on_paper
from guildhall.invoicing.einvoices import NoEInvoice, why_no_einvoice
from guildhall.invoicing.handing import FORMS
from guildhall.invoicing.models import Invoice
from guildhall.invoicing.queries import (
    billing_profile_of,
    identity_of,
    invoices_of,
    invoices_visible_to,
    left_to_credit,
    sums_of,
    years_of,
)
from guildhall.invoicing.rules import whole_months
from guildhall.invoicing.words import heading_of, item_of, kinds_of_papers, notes_on
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.web.page import page, person_of, signed_in
from guildhall.web.values import percent

ORDER = ("-issued_on", "-id")
_MONTHS = 12


@require_safe
@signed_in
def show_invoices(request: HallRequest) -> HttpResponse:
    """What was made out in one's name or to one, narrowed by time, kind and side; the newest first."""
    person = person_of(request)
    asked = asked_of(request)
    rows = invoices_of(person, **asked)
    found = page_by_key(rows, by=ORDER, after=request.GET.get("after", ""))
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "found": found,
        "rows": [row_of(paper, own=person.party) for paper in found.rows],
        "sums": sums_of(rows),
        "asked": asked,
        "periods": periods_of(years_of(person), request.locale),
        "kinds": kinds_of_papers(),
        "here": f"/money/invoices?{query}" if query else "/money/invoices",
        "file": f"/money/invoices.csv?{query}" if query else "/money/invoices.csv",
        "month": asked["period"] if "-" in asked["period"] and whole_months(asked["period"]) else "",
    }
    return page(request, "money/invoices.html", context)


@require_safe
@signed_in
def show_invoices_file(request: HallRequest) -> StreamingHttpResponse:
    """The same list as a file, all of it, the oldest first."""
    rows = invoices_of(person_of(request), **asked_of(request)).select_related("credits")
    answer = StreamingHttpResponse(lines_of(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="invoices.csv"'
    return answer


@require_safe
@signed_in
def show_invoice(request: HallRequest, invoice_id: UUID) -> HttpResponse:
    """One paper, as it stands on it."""
    invoice = get_object_or_404(invoices_visible_to(person_of(request)), pk=invoice_id)
    return page(request, "money/invoice.html", shown(request, invoice))


@require_safe
@signed_in
def show_invoice_file(request: HallRequest, invoice_id: UUID, form: str) -> HttpResponse:
    """One paper as a PDF, or as an e-invoice alone."""
    invoice = get_object_or_404(invoices_visible_to(person_of(request)), pk=invoice_id)
    try:
        return handed_out(invoice, form)
    except NoEInvoice as refusal:
        context = {**shown(request, invoice), "trouble": refusal.sentence}
        return page(request, "money/invoice.html", context, status=refusal.status)


@require_POST
@signed_in
def make_out_again(request: HallRequest, invoice_id: UUID) -> HttpResponse:
    """Have it made out again to the billing details of today."""
    person = person_of(request)
    invoice = get_object_or_404(invoices_visible_to(person), pk=invoice_id)
    try:
        fresh = replace_invoice(invoice=invoice, by=person, at=request.at)
    except Refusal as refusal:
        context = {**shown(request, invoice), "trouble": refusal.sentence}
        return page(request, "money/invoice.html", context, status=refusal.status)
    return redirect("money:invoice", invoice_id=fresh.pk)


@require_safe
@signed_in
def show_collective(request: HallRequest, month: str) -> HttpResponse:
    """Everything that one got in a month, by order number and cost centre."""
    collective = collective_for(person_of(request).party, month)
    groups = [
        {"heading": group.heading, "rows": [row_of(paper) for paper in group.papers], "sums": group.sums}
        for group in collective.groups
    ]
    context = {
        "collective": collective,
        "groups": groups,
        "name": name_of_month(month, request.locale),
    }
    return page(request, "money/collective.html", context)


@require_safe
@signed_in
def show_collective_file(request: HallRequest, month: str) -> HttpResponse:
    """The month as a PDF, in the reader's language."""
    person = person_of(request)
    collective = collective_for(person.party, month)
    buyer = identity_of(billing_profile_of(person), name=person.name, country=person.country)
    made = pdf_of_collective(collective, buyer, language=request.locale)
    return made_as_download(made, name=f"invoices-{month}.pdf", kind="application/pdf")


def handed_out(invoice: Invoice, form: str) -> HttpResponse:
    """A paper that the asker may see, in one of its forms.

    Raises:
        NotFound: no such form.
        NoEInvoice: this paper has none.
    """
    if form not in FORMS:
        raise NotFound
    which = FORMS[form]
    return made_as_download(which.make(invoice), name=which.name_of(invoice), kind=which.kind)


def asked_of(request: HallRequest) -> dict[str, str]:
    """What a list is narrowed to, as the address says it."""
    said = {name: request.GET.get(name, "")[:12] for name in ("period", "kind", "side")}
    return {**said, "side": said["side"] if said["side"] in {"in", "out"} else ""}


def periods_of(years: list[int], locale: str) -> list[tuple[str, str]]:
    """The years that have papers, and each of their months, the last first."""
    periods = []
    for year in years:
        periods.append((str(year), str(year)))
        names = (f"{year}-{month:02d}" for month in range(_MONTHS, 0, -1))
        periods += [(name, name_of_month(name, locale)) for name in names]
    return periods


def row_of(paper: Invoice, *, own: str = "") -> dict[str, Any]:
    """A paper as a row of a list; `own` says who looks."""
    return {
        "id": paper.pk,
        "number": paper.number,
        "heading": heading_of(paper),
        "item": item_of(paper),
        "from": paper.seller["name"],
        "to": paper.buyer["name"],
        "is_out": paper.issuer == own,
        "on": paper.issued_on,
        "sum": paper.signed,
        "is_credit": paper.is_credit_note,
        "order": paper.purchase_order,
        "centre": paper.cost_centre,
    }


def lines_of(rows: Any) -> Any:
    """Papers as lines of a file."""
    header = [_("number"), _("date"), _("kind"), _("from"), _("to"), _("net"), _("VAT"), _("gross")]
    header += [
        _("currency"),
        _("VAT category"),
        _("VAT rate"),
        _("corrects"),
        _("purchase order"),
        _("cost centre"),
    ]
    cells = (
        (
            paper.number,
            paper.issued_on.isoformat(),
            "credit_note" if paper.is_credit_note else paper.kind,
            paper.seller["name"],
            paper.buyer["name"],
            *(
                Money(paper.signed_part(minor), paper.currency).amount
                for minor in (paper.net, paper.tax, paper.gross)
            ),
            paper.currency,
            paper.category,
            f"{paper.rate / 100:g}",
            paper.credits.number if paper.credits else "",
            paper.purchase_order,
            paper.cost_centre,
        )
        for paper in rows.order_by("issued_on", "id").iterator(chunk_size=500)
    )
    return csv_lines(header, cells)


def shown(request: HallRequest, invoice: Invoice) -> dict[str, Any]:
    """Everything that the page of one paper needs."""
    person = person_of(request)
    net, tax, gross = (Money(minor, invoice.currency) for minor in (invoice.net, invoice.tax, invoice.gross))
    vat = _("VAT, %(rate)s") % {"rate": percent(invoice.rate)} if invoice.rate else _("VAT")
    notes = list(invoice.credit_notes.order_by("serial"))
    is_side = person.party in {invoice.issuer, invoice.recipient}
    return {
        "invoice": invoice,
        "heading": heading_of(invoice),
        "item": item_of(invoice),
        "seller": side_on_paper(invoice.seller, _("From"), request.locale),
        "buyer": side_on_paper(invoice.buyer, _("To"), request.locale),
        "sums": [(_("Net"), net), (vat, tax)],
        "total": (_("To be given back") if invoice.is_credit_note else _("Total, paid"), gross),
        "notes": notes_on(invoice),
        "credit_notes": notes,
        "left": left_to_credit(invoice),
        "no_einvoice": why_no_einvoice(invoice),
        "may_replace": is_side and not invoice.is_credit_note and not notes,
        "may_credit": not is_side and not invoice.is_credit_note and bool(left_to_credit(invoice)),
        "trouble": "",
    }
