"""An instruction whose outcome nobody knows: its money lies in `unknown:<rail>` until the rail has spoken."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement


class Instructed(Protocol):
    """A refund or a payout: money in transit."""

    id: UUID
    amount: int
    currency: str

    @property
    def transit(self) -> str:
        """The account that its money lies in while it is on its way."""
        ...


def book_unknown(instructed: Instructed, *, rail: str, at: datetime) -> Movement:
    """Nobody knows what the rail did: out of transit into `unknown:<rail>`, once for an instruction."""
    flow = Flow(instructed.transit, f"unknown:{rail}", instructed.amount, instructed.currency)
    return move_money(kind="outcome.unknown", key=f"unknown:{instructed.id}", flows=[flow], by=None, at=at)


def book_known(instructed: Instructed, *, rail: str, at: datetime) -> Movement:
    """The rail has spoken: back into transit, from where the movement of its outcome takes it."""
    flow = Flow(f"unknown:{rail}", instructed.transit, instructed.amount, instructed.currency)
    unknown = Movement.objects.get(key=f"unknown:{instructed.id}")
    return move_money(
        kind="outcome.known",
        key=f"known:{instructed.id}",
        flows=[flow],
        by=None,
        at=at,
        reverses=unknown.pk,
    )
