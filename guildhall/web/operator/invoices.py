"""The hall's papers for operators: all of them, their series, who the hall is, which VAT there is."""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.edge.request import HallRequest
from guildhall.invoicing.actions import issue_credit_note, say_billing_of_hall, set_vat_rate
from guildhall.invoicing.actions.issuing import HALLS_NAME
from guildhall.invoicing.queries import (
    billing_profile_of_the_hall,
    invoices_of_the_hall,
    invoices_seen_by,
    left_to_credit,
    rates_in_force,
    series_seen_by,
    sums_of,
    vat_rate_changes,
)
from guildhall.invoicing.words import kinds_of_papers
from guildhall.kernel.ids import new_id
from guildhall.kernel.paging import page_by_key
from guildhall.web.money.billing_forms import BillingForm, CreditForm, RateForm, typed_before
from guildhall.web.money.invoices import ORDER, asked_of, handed_out, lines_of, periods_of, row_of, shown
from guildhall.web.page import attempt, operator_only, page, person_of
from guildhall.web.values import percent


@require_safe
@operator_only
def invoices(request: HallRequest) -> HttpResponse:
    """Every paper, the newest first, and what they come to."""
    operator = person_of(request)
    asked = asked_of(request)
    rows = invoices_of_the_hall(operator, period=asked["period"], kind=asked["kind"])
    found = page_by_key(rows, by=ORDER, after=request.GET.get("after", ""))
    query = urlencode({name: asked[name] for name in ("period", "kind") if asked[name]})
    years = sorted({series.year for series in series_seen_by(operator).distinct("year").order_by("year")})
    context = {
        "found": found,
        "rows": [row_of(paper) for paper in found.rows],
        "sums": sums_of(rows),
        "asked": asked,
        "kinds": kinds_of_papers(),
        "periods": periods_of(years[::-1], request.locale),
        "here": f"/operator/invoices?{query}" if query else "/operator/invoices",
        "file": f"/operator/invoices.csv?{query}" if query else "/operator/invoices.csv",
    }
    return page(request, "operator/invoices.html", context)


@require_safe
@operator_only
def invoices_csv(request: HallRequest) -> StreamingHttpResponse:
    """The same as a file, all of it, the oldest first."""
    asked = asked_of(request)
    rows = invoices_of_the_hall(person_of(request), period=asked["period"], kind=asked["kind"])
    answer = StreamingHttpResponse(
        lines_of(rows.select_related("credits")), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="guildhall-invoices.csv"'
    return answer


@require_safe
@operator_only
def series(request: HallRequest) -> HttpResponse:
    """Every series and its last number."""
    found = page_by_key(
        series_seen_by(person_of(request)), by=("-year", "id"), after=request.GET.get("after", "")
    )
    return page(request, "operator/series.html", {"found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def invoice(request: HallRequest, invoice_id: UUID) -> HttpResponse:
    """One paper; on POST take it back, wholly or in part."""
    operator = person_of(request)
    found = get_object_or_404(invoices_seen_by(operator), pk=invoice_id)
    form = CreditForm(
        request.POST or None, currency=found.currency, initial={"amount": left_to_credit(found)}
    )
    if request.method == "POST":
        note = attempt(
            form,
            lambda: issue_credit_note(
                invoice=found, key=str(new_id()), by=operator, at=request.at, **form.cleaned_data
            ),
        )
        if note is not None:
            return redirect("operator:invoice", invoice_id=note.pk)
    context = {**shown(request, found), "form": form}
    return page(request, "operator/invoice.html", context, status=form.refusal_status)


@require_safe
@operator_only
def invoice_file(request: HallRequest, invoice_id: UUID, form: str) -> HttpResponse:
    """Any paper as a file."""
    found = get_object_or_404(invoices_seen_by(person_of(request)), pk=invoice_id)
    return handed_out(found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def billing(request: HallRequest) -> HttpResponse:
    """Who the hall is on its papers."""
    profile = billing_profile_of_the_hall()
    form = BillingForm(request.POST or None, initial=typed_before(profile, name=HALLS_NAME, country=""))
    if request.method == "POST":
        said = attempt(
            form,
            lambda: say_billing_of_hall(details=form.details(), by=person_of(request), at=request.at),
        )
        if said is not None:
            return redirect("operator:billing")
    return page(
        request, "operator/billing.html", {"form": form, "profile": profile}, status=form.refusal_status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def vat(request: HallRequest) -> HttpResponse:
    """Each country's standard rate, and setting one."""
    form = RateForm(request.POST or None)
    if request.method == "POST":
        said = attempt(form, lambda: set_vat_rate(by=person_of(request), at=request.at, **form.cleaned_data))
        if said is not None:
            return redirect("operator:vat")
    changes = page_by_key(vat_rate_changes(), by=("-id",), after=request.GET.get("after", ""))
    context = {
        "form": form,
        "rates": [(code, percent(rate)) for code, rate in sorted(rates_in_force().items())],
        "changes": changes,
        "history": [
            {"country": one.country, "rate": percent(one.basis_points), "at": one.at, "reason": one.reason}
            for one in changes.rows
        ],
    }
    return page(request, "operator/vat.html", context, status=form.refusal_status)


invoice_urls: list[URLPattern] = [
    path("operator/invoices", invoices, name="invoices"),
    path("operator/invoices.csv", invoices_csv, name="invoices_csv"),
    path("operator/invoices/series", series, name="series"),
    path("operator/invoices/<uuid:invoice_id>", invoice, name="invoice"),
    path("operator/invoices/<uuid:invoice_id>/files/<slug:form>", invoice_file, name="invoice_file"),
    path("operator/billing", billing, name="billing"),
    path("operator/vat", vat, name="vat"),
]
