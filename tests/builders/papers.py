"""Papers, made out as the hall does it: by paying for work."""

from datetime import datetime
from typing import Any

from guildhall.contracts.actions import approve_milestone
from guildhall.contracts.models import Milestone
from guildhall.escrow.models import Release
from guildhall.invoicing.actions import (
    BillingDetails,
    issue_credit_note,
    issue_invoices,
    say_billing,
    say_billing_of_hall,
)
from guildhall.invoicing.models import Invoice
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from tests.builders.contracts import HOUR, a_delivered_milestone
from tests.cast import NOW


def heard(at: datetime = NOW) -> None:
    """Let everybody who wants to know hear what has happened."""
    while deliver_events(at=at):
        pass


def a_paid_milestone(client: Person, worker: Person, *, at: datetime = NOW, **facts: Any) -> Milestone:
    """Delivered, accepted and heard of: its papers are there."""
    milestone = a_delivered_milestone(client, worker, at=at, **facts)
    approve_milestone(milestone=milestone, by=client, at=at + 2 * HOUR)
    heard(at + 2 * HOUR)
    return milestone


def an_invoice(client: Person, worker: Person, *, at: datetime = NOW) -> Invoice:
    """A worker's invoice, made out at once and with nobody told yet."""
    milestone = a_delivered_milestone(client, worker, at=at)
    approve_milestone(milestone=milestone, by=client, at=at + 2 * HOUR)
    release = Release.objects.select_related("hold").get(hold__purpose=f"milestone:{milestone.pk}")
    return issue_invoices(release=release, by=None, at=at + 2 * HOUR)[0]


def a_corrected_paper(operator: Person, *, at: datetime = NOW) -> Invoice:
    """The credit note by which an operator took a cent of some worker's invoice back."""
    paper = Invoice.objects.filter(kind="work").order_by("id").first()
    assert paper is not None, "something was paid before"
    return issue_credit_note(
        invoice=paper, amount=Money(1, paper.currency), reason="A cent.", key="1", by=operator, at=at
    )


def papers_of(milestone: Milestone) -> dict[str, Invoice]:
    """The papers of a milestone's releases, by kind."""
    rows = Invoice.objects.filter(release__hold__purpose=f"milestone:{milestone.pk}").order_by("id")
    return {paper.kind: paper for paper in rows.filter(credits=None)}


def billed_as(person: Person, name: str, *, at: datetime = NOW, **details: Any) -> None:
    """Somebody has said who they are on paper."""
    say_billing(details=BillingDetails(legal_name=name, **details), by=person, at=at)


def the_hall_as(operator: Person, name: str, *, at: datetime = NOW, **details: Any) -> None:
    """An operator has said who the hall is."""
    say_billing_of_hall(details=BillingDetails(legal_name=name, **details), by=operator, at=at)
