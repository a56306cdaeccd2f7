"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from guildhall.invoicing.models import BillingProfile, Invoice
from guildhall.kernel.registry import Holding, register_holding


def _invoices(person_id: UUID) -> Iterator[dict[str, Any]]:
    party = f"person:{person_id}"
    rows = Invoice.objects.filter(Q(issuer=party) | Q(recipient=party)).order_by("issued_on", "id")
    for row in rows.iterator():
        yield {
            "number": row.number,
            "kind": row.kind,
            "credit_note": row.is_credit_note,
            "issued_on": row.issued_on.isoformat(),
            "net": row.net,
            "tax": row.tax,
            "gross": row.gross,
            "currency": row.currency,
            "seller": row.seller,
            "buyer": row.buyer,
            "title": row.title,
            "purchase_order": row.purchase_order,
            "cost_centre": row.cost_centre,
        }


def _billing(person_id: UUID) -> Iterator[dict[str, Any]]:
    for profile in BillingProfile.objects.filter(party=f"person:{person_id}"):
        yield {
            "legal_name": profile.legal_name,
            "street": profile.street,
            "postcode": profile.postcode,
            "city": profile.city,
            "country": profile.country,
            "tax_id": profile.tax_id,
            "is_business": profile.is_business,
            "purchase_order": profile.purchase_order,
            "cost_centre": profile.cost_centre,
            "said_at": profile.said_at.isoformat(),
        }


_LAW = "tax law wants invoices kept for years, whole and in their series"
register_holding(Holding("invoicing", "invoices", _invoices, kept_because=_LAW))
register_holding(Holding("invoicing", "billing_details", _billing))
