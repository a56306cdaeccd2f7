"""What the bank says about a payout."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guildhall.kernel.errors import NotFound
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.models import Movement
from guildhall.payments.actions.batching import OwnPayout
from guildhall.payments.actions.requesting import facts_of_payout
from guildhall.payments.models import Payout, PayoutBatch
from guildhall.payments.queries import own_under_way_in, reaches
from guildhall.payments.states import SENT, SETTLED
from guildhall.people.models import Person

BANK = "outside:bank"


@transaction.atomic
def settle_payout(*, payout: Payout, by: Person, at: datetime) -> Payout:
    """Write down that the bank has paid.

    Raises:
        OwnPayout: it pays this operator.
        ForbiddenMove: it has not been sent, or its end is known already.
    """
    payout = lock_payout(payout, by)
    let_arrive(payout, by=by.pk, at=at)
    return payout


def let_arrive(payout: Payout, *, by: UUID | None, at: datetime) -> Movement:
    """A payout that is locked has arrived: the movement, for whoever has seen it at the bank."""
    move(payout, SETTLED, by=by, at=at, **facts_of_payout(payout))
    return move_money(
        kind="payout.settled",
        key=f"payout.settled:{payout.pk}",
        flows=[_arriving(payout)],
        by=by,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many payouts of a batch have arrived, and how many pay the asker and wait for another operator."""

    settled: int
    own: int


@transaction.atomic
def settle_payout_batch(*, batch: PayoutBatch, by: Person, at: datetime) -> Arrivals:
    """Write down that the bank has paid all of a batch; what pays this operator stays for another.

    Raises:
        OwnPayout: nothing is under way in it but what pays this operator.
    """
    if not by.is_operator:
        raise NotFound
    under_way = Payout.objects.select_for_update(of=("self",)).filter(batch=batch, state=SENT)
    payouts = list(under_way.exclude(reaches(by)).select_related("batch").order_by("id"))
    own = own_under_way_in(batch, by)
    if own and not payouts:
        raise OwnPayout
    for payout in payouts:
        move(payout, SETTLED, by=by.pk, at=at, **facts_of_payout(payout))
    move_batch(
        moves=[Move("payout.settled", f"payout.settled:{each.pk}", [_arriving(each)]) for each in payouts],
        by=by.pk,
        at=at,
    )
    return Arrivals(len(payouts), own)


def _arriving(payout: Payout) -> Flow:
    return Flow(payout.transit, payout.outside, payout.amount, payout.currency)


def lock_payout(payout: Payout, by: Person) -> Payout:
    """A payout as it stands now, for an operator whom it does not pay; nobody else changes it until then."""
    if not by.is_operator:
        raise NotFound
    payout = (
        Payout.objects.select_for_update(of=("self",))
        .select_related("person", "account", "batch")
        .get(pk=payout.pk)
    )
    if Payout.objects.filter(reaches(by), pk=payout.pk).exists():
        raise OwnPayout
    return payout
