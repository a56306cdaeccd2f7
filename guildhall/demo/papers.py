"""What the sample hall's people say of themselves on invoices, and one paper that was corrected."""

from datetime import datetime, timedelta
from typing import Final

from guildhall.contracts.models import Contract
from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.invoicing.actions import (
    BillingDetails,
    issue_credit_note,
    say_billing,
    say_billing_of_hall,
    set_billing_reference,
)
from guildhall.invoicing.models import Invoice
from guildhall.kernel.money import Money

_HALL: Final = BillingDetails(
    legal_name="Guildhall Sample Ltd",
    street="1 Moot Lane",
    postcode="LS1 4AB",
    city="Leeds",
    country="GB",
    tax_id="GB980780684",
    is_business=True,
)
_PEOPLE: Final = {
    "Amara Okafor": BillingDetails(
        legal_name="Okafor’s Bakery",
        street="12 Mill Street",
        postcode="LS2 7EY",
        city="Leeds",
        country="GB",
        is_business=True,
        purchase_order="BAKERY-26",
        cost_centre="Shop",
    ),
    "Bushra Karim": BillingDetails(
        legal_name="بشریٰ کریم", street="Link Road 5", postcode="15100", city="گلگت", country="PK"
    ),
}


def say_who_is_who(year: Year) -> None:
    """The hall, a client with a shop and a worker in Gilgit are on paper as they should be."""
    at = year.diary.now
    say_billing_of_hall(details=_HALL, by=year.town.operator, at=at)
    for name, details in _PEOPLE.items():
        say_billing(details=details, by=year.town.named(name), at=at)
    year.diary.tell(year.diary.end - timedelta(days=12), lambda at: _refer_and_correct(year, at))


def _refer_and_correct(year: Year, at: datetime) -> Story:
    """A contract gets an order number of its own, and a part of an old invoice is taken back on paper."""
    amara = year.town.named("Amara Okafor")
    contract = Contract.objects.filter(client=amara).order_by("opened_at").first()
    if contract is not None:
        set_billing_reference(
            contract=contract, purchase_order="SIGN-7", cost_centre="Shop front", by=amara, at=at
        )
    at = yield timedelta(hours=1)
    paper = Invoice.objects.filter(kind="work").order_by("at", "id").first()
    if paper is not None:
        issue_credit_note(
            invoice=paper,
            amount=Money(paper.gross // 10, paper.currency),
            reason="Two hours too many were counted.",
            key="sample",
            by=year.town.operator,
            at=at,
        )
