"""Saying who one is on paper, what a client's books want to read, and which VAT a country has."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from babel import Locale
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guildhall.contracts.models import Contract
from guildhall.invoicing import events
from guildhall.invoicing.models import HALL, BillingProfile, BillingReference, VatRate
from guildhall.invoicing.tax_ids import read_tax_id
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.people.models import Person
from guildhall.people.rules import country_codes, read_country, read_line

_HIGHEST_RATE = 5_000  # basis points


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingDetails:
    """What goes on papers, as typed."""

    legal_name: str
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    tax_id: str = ""
    is_business: bool = False
    purchase_order: str = ""
    cost_centre: str = ""


@transaction.atomic
def say_billing(*, details: BillingDetails, by: Person, at: datetime) -> BillingProfile:
    """Say who one is on papers from now on; those that exist stay as they are.

    Raises:
        Unfit: naming the field: no name, a number for VAT that its country would not give, and the like.
    """
    return _say(by.party, by.pk, details, by=by, at=at)


@transaction.atomic
def say_billing_of_hall(*, details: BillingDetails, by: Person, at: datetime) -> BillingProfile:
    """Say who the hall is on its own papers; for operators.

    Raises:
        Unfit: as for anybody.
    """
    assert by.is_operator, "doors let operators only come here"
    profile = BillingProfile.objects.filter(party=HALL).first()
    return _say(HALL, profile.pk if profile else new_id(), details, by=by, at=at)


def _say(party: str, subject: UUID, details: BillingDetails, *, by: Person, at: datetime) -> BillingProfile:
    wanted = _read_details(details)
    profile, new = BillingProfile.objects.select_for_update().get_or_create(
        party=party, defaults={**wanted, "said_at": at}
    )
    changed = sorted(wanted) if new else [name for name in wanted if getattr(profile, name) != wanted[name]]
    for name in changed:
        setattr(profile, name, wanted[name])
    if changed:
        profile.said_at = at
        profile.save()
        record_event(events.BILLING_SAID, subject=subject, by=by.pk, at=at, party=party, fields=changed)
    return profile


def _read_details(details: BillingDetails) -> dict[str, Any]:
    longest = {"legal_name": 120, "street": 120, "postcode": 20, "city": 80}
    longest |= {"purchase_order": 60, "cost_centre": 60}
    typed = asdict(details)
    wanted: dict[str, Any] = {
        name: read_line(typed[name], field=name, longest=most) for name, most in longest.items()
    }
    if not wanted["legal_name"]:
        raise Unfit(_("Write the name that invoices go to: your own, or your company’s."), field="legal_name")
    country = read_country(details.country)
    name = str(Locale.parse((get_language() or "en").replace("-", "_")).territories.get(country, country))
    tax_id = read_tax_id(details.tax_id[:60], country=country, name_of_country=name)
    if tax_id and not details.is_business:
        raise Unfit(
            _("A VAT number belongs to a business: say that you act as one, or leave the number out."),
            field="tax_id",
        )
    return {**wanted, "country": country, "tax_id": tax_id, "is_business": details.is_business}


@transaction.atomic
def set_billing_reference(
    *, contract: Contract, purchase_order: str, cost_centre: str, by: Person, at: datetime
) -> BillingReference:
    """Say which order number and cost centre the invoices of a contract carry from now on; for its client.

    Raises:
        NotFound: somebody else's contract, or one that one works under.
        Unfit: too long.
    """
    if contract.client_id != by.pk:
        raise NotFound
    wanted = {
        "purchase_order": read_line(purchase_order, field="purchase_order", longest=60),
        "cost_centre": read_line(cost_centre, field="cost_centre", longest=60),
    }
    before = BillingReference.objects.filter(contract=contract).first()
    reference, _new = BillingReference.objects.update_or_create(
        contract=contract, defaults={**wanted, "set_at": at}
    )
    if before is None or (before.purchase_order, before.cost_centre) != tuple(wanted.values()):
        record_event(events.BILLING_REFERENCE_SET, subject=contract.pk, by=by.pk, at=at, **wanted)
    return reference


@transaction.atomic
def set_vat_rate(*, country: str, basis_points: Any, reason: str, by: Person, at: datetime) -> VatRate:
    """Say which standard rate a country has from now on; for operators.

    Raises:
        Unfit: no such country, a rate beyond all measure, or no reason.
    """
    assert by.is_operator, "doors let operators only come here"
    if country not in country_codes():
        raise Unfit(_("Choose a country from the list."), field="country")
    if type(basis_points) is not int or not 0 <= basis_points <= _HIGHEST_RATE:
        raise Unfit(
            _("The rate must be a whole number from %(low)s to %(high)s (basis points: 1900 is 19 %%).")
            % {"low": 0, "high": _HIGHEST_RATE},
            field="basis_points",
        )
    why = read_line(reason, field="reason", longest=300)
    if not why:
        raise Unfit(_("Say why the rate changes: everyone can read it."), field="reason")
    rate = VatRate.objects.create(country=country, basis_points=basis_points, reason=why, by=by.pk, at=at)
    record_event(
        events.VAT_RATE_SET,
        subject=rate.pk,
        by=by.pk,
        at=at,
        country=country,
        basis_points=basis_points,
        reason=why,
    )
    return rate
