"""Papers as JSON and as files, and who one is on them: the pages' verbs."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.contracts.queries import contracts_visible_to
from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.invoicing.actions import BillingDetails, replace_invoice, say_billing, set_billing_reference
from guildhall.invoicing.collective import Collective, Group, collective_for
from guildhall.invoicing.handing import FORMS
from guildhall.invoicing.models import BillingProfile, Invoice
from guildhall.invoicing.queries import (
    billing_profile_of,
    billing_reference_of,
    identity_of,
    invoices_of,
    invoices_visible_to,
)
from guildhall.invoicing.words import item_of, notes_on
from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money

router = Router(tags=["invoices"])
ORDER = ("-issued_on", "-id")


class Narrowed(Schema):
    """Which papers: of a month or a year, of a kind, got or given."""

    period: str = Field("", max_length=12, examples=["2026-03", "2026"])
    kind: str = Field("", max_length=12, description="work, worker_fee, client_fee or credit_note")
    side: Literal["", "in", "out"] = ""


class SideShown(Schema):
    """Who one side of a paper was on its day."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    tax_id: str
    is_business: bool


class InvoiceShown(Schema):
    """A paper. `vat_category` is of EN 16931: S standard, AE reverse charge, E exempt, O not subject."""

    id: UUID
    number: str
    kind: str = Field(description="work, worker_fee or client_fee")
    is_credit_note: bool
    corrects: UUID | None
    replaces: UUID | None
    issued_on: date
    supplied_on: date
    seller: SideShown
    buyer: SideShown
    item: str
    net: Sum
    vat: Sum
    gross: Sum
    vat_category: str
    vat_basis_points: int
    contract: UUID | None
    purchase_order: str
    cost_centre: str
    notes: list[str]


class BillingAsked(Asked):
    """What is to stand on papers."""

    legal_name: str = Field(max_length=400)
    street: str = Field("", max_length=400)
    postcode: str = Field("", max_length=80)
    city: str = Field("", max_length=400)
    country: str = Field("", max_length=2)
    tax_id: str = Field("", max_length=80)
    is_business: bool = False
    purchase_order: str = Field("", max_length=200)
    cost_centre: str = Field("", max_length=200)

    def details(self) -> BillingDetails:
        """For the verb."""
        return BillingDetails(**self.model_dump())


class BillingShown(Schema):
    """What stands on papers from now on; `said_at` is empty where nothing was said yet."""

    legal_name: str
    street: str
    postcode: str
    city: str
    country: str
    tax_id: str
    is_business: bool
    purchase_order: str
    cost_centre: str
    said_at: datetime | None


class ReferenceAsked(Asked):
    """What the invoices of a contract carry."""

    purchase_order: str = Field("", max_length=200)
    cost_centre: str = Field("", max_length=200)


class ReferenceShown(Schema):
    """What the invoices of a contract carry from now on."""

    purchase_order: str
    cost_centre: str


class GroupShown(Schema):
    """The papers of one order number, cost centre and currency, and what they come to."""

    purchase_order: str
    cost_centre: str
    net: Sum
    vat: Sum
    gross: Sum
    papers: list[UUID]


class CollectiveShown(Schema):
    """Everything that one got in a month, with its total in each currency."""

    month: str
    groups: list[GroupShown]
    totals: list[Sum]


@router.get("/money/invoices", response=Listing[InvoiceShown], summary="Your invoices and credit notes")
@needs_scope("read")
def list_invoices(
    request: HallRequest, asked: Annotated[Narrowed, Query()], after: str = "", size: int = 20
) -> Listing[InvoiceShown]:
    """The newest first; what narrows nothing that the hall knows is left out of account."""
    rows = invoices_of(person_of(request), period=asked.period, kind=asked.kind, side=asked.side)
    return listed(rows.select_related("credits", "replaces"), invoice_shown, by=ORDER, after=after, size=size)


@router.get("/money/invoices/{invoice_id}", response=InvoiceShown, summary="One paper")
@needs_scope("read")
def show_invoice(request: HallRequest, invoice_id: UUID) -> InvoiceShown:
    """What stands on it."""
    return invoice_shown(get_object_or_404(invoices_visible_to(person_of(request)), pk=invoice_id))


@router.get("/money/invoices/{invoice_id}/files/{form}", summary="One paper as a file")
@needs_scope("read")
def show_invoice_file(request: HallRequest, invoice_id: UUID, form: str) -> HttpResponse:
    """`pdf` with the e-invoice inside (Factur-X), or `ubl` or `cii` alone.

    409 where the standard cannot say it: a side without a country, sums with more than two decimals.
    """
    invoice = get_object_or_404(invoices_visible_to(person_of(request)), pk=invoice_id)
    return handed_out(invoice, form)


@router.post(
    "/money/invoices/{invoice_id}/replacement", response={201: InvoiceShown}, summary="Have it made out again"
)
@needs_scope("work")
def make_out_again(request: HallRequest, invoice_id: UUID) -> Status[InvoiceShown]:
    """To the billing details of today; the one there is is taken back by a credit note."""
    person = person_of(request)
    invoice = get_object_or_404(invoices_visible_to(person), pk=invoice_id)
    return Status(201, invoice_shown(replace_invoice(invoice=invoice, by=person, at=request.at)))


@router.get("/money/collective/{month}", response=CollectiveShown, summary="A month of invoices to you")
@needs_scope("read")
def show_collective(request: HallRequest, month: str) -> CollectiveShown:
    """By order number and cost centre; the month as in `2026-03`."""
    return _collective(collective_for(person_of(request).party, month))


@router.get("/money/billing", response=BillingShown, summary="What stands about you on invoices")
@needs_scope("read")
def show_billing(request: HallRequest) -> BillingShown:
    """Your name and country until you have said more."""
    person = person_of(request)
    return billing_shown(billing_profile_of(person), name=person.name, country=person.country)


@router.put("/money/billing", response=BillingShown, summary="Say what stands about you on invoices")
@needs_scope("work")
def put_billing(request: HallRequest, asked: BillingAsked) -> BillingShown:
    """From now on; what was made out stays as it is."""
    person = person_of(request)
    profile = say_billing(details=asked.details(), by=person, at=request.at)
    return billing_shown(profile, name="", country="")


@router.get("/contracts/{contract_id}/billing", response=ReferenceShown, summary="Order number, cost centre")
@needs_scope("read")
def show_reference(request: HallRequest, contract_id: UUID) -> ReferenceShown:
    """For its client."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person).filter(client=person), pk=contract_id)
    found = billing_reference_of(contract.pk)
    return ReferenceShown(
        purchase_order=found.purchase_order if found else "", cost_centre=found.cost_centre if found else ""
    )


@router.put(
    "/contracts/{contract_id}/billing", response=ReferenceShown, summary="Set order number and cost centre"
)
@needs_scope("work")
def put_reference(request: HallRequest, contract_id: UUID, asked: ReferenceAsked) -> ReferenceShown:
    """They stand on the contract's invoices from now on."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person).filter(client=person), pk=contract_id)
    found = set_billing_reference(
        contract=contract,
        purchase_order=asked.purchase_order,
        cost_centre=asked.cost_centre,
        by=person,
        at=request.at,
    )
    return ReferenceShown(purchase_order=found.purchase_order, cost_centre=found.cost_centre)


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


def invoice_shown(invoice: Invoice) -> InvoiceShown:
    """A paper for programs."""
    net, tax, gross = (Money(minor, invoice.currency) for minor in (invoice.net, invoice.tax, invoice.gross))
    return InvoiceShown(
        id=invoice.pk,
        number=invoice.number,
        kind=invoice.kind,
        is_credit_note=invoice.is_credit_note,
        corrects=invoice.credits_id,
        replaces=invoice.replaces_id,
        issued_on=invoice.issued_on,
        supplied_on=invoice.supplied_on,
        seller=SideShown(**invoice.seller),
        buyer=SideShown(**invoice.buyer),
        item=item_of(invoice),
        net=Sum.of(net),
        vat=Sum.of(tax),
        gross=Sum.of(gross),
        vat_category=invoice.category,
        vat_basis_points=invoice.rate,
        contract=invoice.contract_id,
        purchase_order=invoice.purchase_order,
        cost_centre=invoice.cost_centre,
        notes=notes_on(invoice),
    )


def billing_shown(profile: BillingProfile | None, *, name: str, country: str) -> BillingShown:
    """Who somebody is on paper, for programs."""
    identity = identity_of(profile, name=name, country=country).as_json()
    return BillingShown(
        legal_name=identity.pop("name"),
        **identity,
        purchase_order=profile.purchase_order if profile else "",
        cost_centre=profile.cost_centre if profile else "",
        said_at=profile.said_at if profile else None,
    )


def _collective(collective: Collective) -> CollectiveShown:
    return CollectiveShown(
        month=collective.month,
        groups=[_group(group) for group in collective.groups],
        totals=[Sum.of(sums.gross) for sums in collective.totals],
    )


def _group(group: Group) -> GroupShown:
    return GroupShown(
        purchase_order=group.purchase_order,
        cost_centre=group.cost_centre,
        net=Sum.of(group.sums.net),
        vat=Sum.of(group.sums.tax),
        gross=Sum.of(group.sums.gross),
        papers=[paper.pk for paper in group.papers],
    )
