"""All papers, their series, credit notes, who the hall is and which VAT there is, for operators."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.invoices import (
    ORDER,
    BillingAsked,
    BillingShown,
    InvoiceShown,
    billing_shown,
    handed_out,
    invoice_shown,
)
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.invoicing.actions import issue_credit_note, say_billing_of_hall, set_vat_rate
from guildhall.invoicing.actions.issuing import HALLS_NAME
from guildhall.invoicing.models import Series
from guildhall.invoicing.queries import (
    billing_profile_of_the_hall,
    invoices_of_the_hall,
    invoices_seen_by,
    rates_in_force,
    series_seen_by,
)
from guildhall.kernel.ids import new_id

router = Router(tags=["operator"])


class SeriesShown(Schema):
    """One issuer's papers of one year: from 1 to `last`, without a gap."""

    issuer: str
    year: int
    last: int
    last_on: date


class CreditAsked(Asked):
    """How much of an invoice is taken back, VAT included, and why."""

    amount: Sum
    reason: str = Field(max_length=1000)


class RateShown(Schema):
    """A country's standard rate."""

    country: str
    basis_points: int


class RateAsked(Asked):
    """Its new rate and why."""

    basis_points: int
    reason: str = Field(max_length=1000)


class RateSaid(RateShown):
    """The rate as it was set."""

    reason: str
    at: datetime


@router.get("/operator/invoices", response=Listing[InvoiceShown], summary="Every paper of the hall")
@needs_scope("operate")
def list_all_invoices(
    request: HallRequest, period: str = "", kind: str = "", after: str = "", size: int = 20
) -> Listing[InvoiceShown]:
    """The newest first; narrowed as one's own are."""
    rows = invoices_of_the_hall(operator_of(request), period=period, kind=kind)
    return listed(rows.select_related("credits", "replaces"), invoice_shown, by=ORDER, after=after, size=size)


@router.get("/operator/invoices/{invoice_id}", response=InvoiceShown, summary="Any paper")
@needs_scope("operate")
def show_any_invoice(request: HallRequest, invoice_id: UUID) -> InvoiceShown:
    """What stands on it."""
    return invoice_shown(get_object_or_404(invoices_seen_by(operator_of(request)), pk=invoice_id))


@router.get("/operator/invoices/{invoice_id}/files/{form}", summary="Any paper as a file")
@needs_scope("operate")
def show_any_invoice_file(request: HallRequest, invoice_id: UUID, form: str) -> HttpResponse:
    """In the forms that its sides can have it in."""
    return handed_out(get_object_or_404(invoices_seen_by(operator_of(request)), pk=invoice_id), form)


@router.get("/operator/series", response=Listing[SeriesShown], summary="Series and their last numbers")
@needs_scope("operate")
def list_series(request: HallRequest, after: str = "", size: int = 20) -> Listing[SeriesShown]:
    """The last year first."""
    rows = series_seen_by(operator_of(request))
    return listed(rows, _series, by=("-year", "id"), after=after, size=size)


@router.post(
    "/operator/invoices/{invoice_id}/credit-notes", response={201: InvoiceShown}, summary="Take a paper back"
)
@needs_scope("operate")
def make_out_credit_note(request: HallRequest, invoice_id: UUID, asked: CreditAsked) -> Status[InvoiceShown]:
    """Wholly or in part, on paper only: money moves by other verbs."""
    operator = operator_of(request)
    note = issue_credit_note(
        invoice=get_object_or_404(invoices_seen_by(operator), pk=invoice_id),
        amount=asked.amount.money(),
        reason=asked.reason,
        key=str(new_id()),
        by=operator,
        at=request.at,
    )
    return Status(201, invoice_shown(note))


@router.get("/operator/billing", response=BillingShown, summary="Who the hall is on paper")
@needs_scope("operate")
def show_billing_of_hall(request: HallRequest) -> BillingShown:
    """On what its fees are for."""
    operator_of(request)
    return billing_shown(billing_profile_of_the_hall(), name=HALLS_NAME, country="")


@router.put("/operator/billing", response=BillingShown, summary="Say who the hall is on paper")
@needs_scope("operate")
def put_billing_of_hall(request: HallRequest, asked: BillingAsked) -> BillingShown:
    """From now on."""
    profile = say_billing_of_hall(details=asked.details(), by=operator_of(request), at=request.at)
    return billing_shown(profile, name="", country="")


@router.get("/operator/vat-rates", response=list[RateShown], summary="VAT rates in force")
@needs_scope("operate")
def list_vat_rates(request: HallRequest) -> list[RateShown]:
    """By country."""
    operator_of(request)
    return [
        RateShown(country=country, basis_points=rate) for country, rate in sorted(rates_in_force().items())
    ]


@router.put("/operator/vat-rates/{country}", response=RateSaid, summary="Set a country's VAT rate")
@needs_scope("operate")
def put_vat_rate(request: HallRequest, country: str, asked: RateAsked) -> RateSaid:
    """From now on, with a reason that everybody can read."""
    said = set_vat_rate(
        country=country,
        basis_points=asked.basis_points,
        reason=asked.reason,
        by=operator_of(request),
        at=request.at,
    )
    return RateSaid(country=said.country, basis_points=said.basis_points, reason=said.reason, at=said.at)


def _series(series: Series) -> SeriesShown:
    return SeriesShown(issuer=series.issuer, year=series.year, last=series.last, last_on=series.last_on)
