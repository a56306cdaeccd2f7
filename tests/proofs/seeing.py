"""What somebody who walks through the hall sees of it, in an order that is the same in each run."""

from typing import Any

from guildhall.contracts.models import Milestone
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person

UNDELIVERED = ("funded", "changes_asked")


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def held_by(person: Person) -> int:
    return balance_of(f"wallet:{person.party}", "USD").minor


def milestones(*states: str) -> Any:
    rows = Milestone.objects.filter(state__in=states).select_related("contract__client", "contract__worker")
    return rows.order_by("contract__opened_at", "contract_id", "number")


def may_be_funded() -> Any:
    return milestones("planned").filter(contract__state="active")


def chosen(things: Any, which: int) -> Any:
    """One of some things, or None."""
    found = list(things)
    return found[which % len(found)] if found else None
