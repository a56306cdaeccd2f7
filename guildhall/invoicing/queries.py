"""Which papers somebody may see, who somebody is on paper, and what VAT is reckoned with."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from guildhall.invoicing.models import HALL, BillingProfile, BillingReference, Invoice, Series, VatRate
from guildhall.invoicing.rules import STANDARD_RATES, Identity, Kind, whole_months
from guildhall.kernel.money import Money
from guildhall.people.models import Person


def invoices_visible_to(person: Person | None) -> QuerySet[Invoice]:
    """The papers made out in somebody's name or to them, with those that they correct or replace."""
    if person is None:
        return Invoice.objects.none()
    rows = Invoice.objects.select_related("credits", "replaces")
    return rows.filter(Q(issuer=person.party) | Q(recipient=person.party))


def invoices_seen_by(operator: Person) -> QuerySet[Invoice]:
    """Every paper, with what it corrects or replaces; for operators."""
    rows = Invoice.objects.select_related("credits", "replaces")
    return rows if operator.is_operator else rows.none()


def invoices_of(person: Person, *, period: str = "", kind: str = "", side: str = "") -> QuerySet[Invoice]:
    """Somebody's own papers, narrowed; what the narrowing does not know narrows nothing.

    Args:
        person: whose.
        period: a month or a year: ``2026-03``, ``2026``.
        kind: one of `Kind`, or ``credit_note``.
        side: ``out`` for what is made out in their name, ``in`` for what they got.
    """
    own = Q(issuer=person.party) | Q(recipient=person.party)
    if side:
        own = Q(issuer=person.party) if side == "out" else Q(recipient=person.party)
    return _narrowed(Invoice.objects.filter(own), period, kind)


def invoices_of_the_hall(operator: Person, *, period: str = "", kind: str = "") -> QuerySet[Invoice]:
    """Every paper there is, narrowed the same way; for operators."""
    rows = Invoice.objects.all() if operator.is_operator else Invoice.objects.none()
    return _narrowed(rows, period, kind)


def _narrowed(rows: QuerySet[Invoice], period: str, kind: str) -> QuerySet[Invoice]:
    if span := whole_months(period):
        rows = rows.filter(issued_on__gte=span[0], issued_on__lt=span[1])
    if kind == "credit_note":
        return rows.filter(credits__isnull=False)
    return rows.filter(kind=kind, credits__isnull=True) if kind in set(Kind) else rows


def years_of(person: Person) -> list[int]:
    """The years in which somebody has papers, the last first."""
    rows = invoices_of(person).order_by("-year").values_list("year", flat=True)
    return list(rows.distinct())


def series_seen_by(operator: Person) -> QuerySet[Series]:
    """Every series and its last number; for operators."""
    return Series.objects.all() if operator.is_operator else Series.objects.none()


def papers_of_release(release_id: UUID) -> QuerySet[Invoice]:
    """What was made out for one release."""
    return Invoice.objects.filter(release=release_id).order_by("id")


def left_to_credit(invoice: Invoice) -> Money:
    """What of an invoice no credit note has taken back."""
    taken = Invoice.objects.filter(credits=invoice).aggregate(sum=Sum("gross", default=0))["sum"]
    return Money(invoice.gross - int(taken), invoice.currency)


def billing_profile_of(person: Person) -> BillingProfile | None:
    """What somebody said about who they are on paper."""
    return BillingProfile.objects.filter(party=person.party).first()


def billing_profile_of_the_hall() -> BillingProfile | None:
    """What an operator said about who the hall is on paper."""
    return BillingProfile.objects.filter(party=HALL).first()


def billing_reference_of(contract_id: UUID) -> BillingReference | None:
    """What its client wants to read on the invoices of a contract that the asker may see."""
    return BillingReference.objects.filter(contract=contract_id).first()


def identity_of(profile: BillingProfile | None, *, name: str, country: str) -> Identity:
    """Somebody as they go on a paper today; `name` and `country` where they have said nothing."""
    if profile is None:
        return Identity(name=name, country=country)
    return Identity(
        name=profile.legal_name,
        street=profile.street,
        postcode=profile.postcode,
        city=profile.city,
        country=profile.country,
        tax_id=profile.tax_id,
        is_business=profile.is_business,
    )


def rates_in_force() -> Mapping[str, int]:
    """Standard rates by country, in basis points: what operators said last, or else what came along."""
    said = VatRate.objects.order_by("country", "-id").distinct("country")
    return {**STANDARD_RATES, **{rate.country: rate.basis_points for rate in said}}


def vat_rate_changes() -> QuerySet[VatRate]:
    """What operators said about rates, to whom the house rules are shown too."""
    return VatRate.objects.all()


def sums_of(rows: QuerySet[Invoice]) -> list[tuple[int, Money]]:
    """How many papers and what they come to, credit notes taken off, by currency."""
    found = (
        rows.order_by("currency")
        .values("currency")
        .annotate(
            count=Count("pk"),
            asked=Sum("gross", filter=Q(credits__isnull=True), default=0),
            back=Sum("gross", filter=Q(credits__isnull=False), default=0),
        )
    )
    return [(one["count"], Money(int(one["asked"]) - int(one["back"]), one["currency"])) for one in found]
