"""What the bank says about a payout."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.models import Movement
from guildhall.payments.actions.batching import OwnPayout
from guildhall.payments.actions.requesting import facts_of_payout
from guildhall.payments.models import Payout, PayoutBatch
from guildhall.payments.queries import own_under_way_in, reaches
from guildhall.payments.states import RETURNED, SENT, SETTLED
from guildhall.people.models import Person

BANK = "outside:bank"
_LONGEST_REASON = 200


class NoReason(Unfit):
    """Money that comes back has a reason."""

    code = "no_reason"


@transaction.atomic
def settle_payout(*, payout: Payout, by: Person, at: datetime) -> Payout:
    """Write down that the bank has paid.

    Raises:
        OwnPayout: it pays this operator.
        ForbiddenMove: it has not been sent, or its end is known already.
    """
    payout = _locked(payout, by)
    move(payout, SETTLED, by=by.pk, at=at, **facts_of_payout(payout))
    move_money(
        kind="payout.settled",
        key=f"payout.settled:{payout.pk}",
        flows=[_arriving(payout)],
        by=by.pk,
        at=at,
    )
    return payout


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
    payouts = list(under_way.exclude(reaches(by)).order_by("id"))
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
    return Flow(payout.transit, BANK, payout.amount, payout.currency)


@transaction.atomic
def return_payout(*, payout: Payout, reason: str, by: Person, at: datetime) -> Payout:
    """Write down that the bank has sent the money back, even after it had said that it arrived.

    Raises:
        NoReason: say why, the person will read it.
        OwnPayout: it pays this operator.
        ForbiddenMove: it has not been sent, or came back already.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= _LONGEST_REASON:
        raise NoReason(
            _("Say in up to 200 characters why the bank sent it back: its owner will read it."),
            field="reason",
        )
    payout = _locked(payout, by)
    in_transit = payout.is_in(SENT)
    move(payout, RETURNED, by=by.pk, at=at, **facts_of_payout(payout), reason=reason)
    Payout.objects.filter(pk=payout.pk).update(reason=reason)
    payout.reason = reason
    # Still in transit: the mirror of what was sent. Booked at the bank: a movement of its own.
    sent = Movement.objects.get(key=f"payout:{payout.pk}") if in_transit else None
    source = payout.transit if in_transit else BANK
    move_money(
        kind="payout.returned",
        key=f"payout.returned:{payout.pk}",
        flows=[Flow(source, f"wallet:person:{payout.person_id}", payout.amount, payout.currency)],
        by=by.pk,
        at=at,
        facts={"reason": reason},
        reverses=sent.pk if sent else None,
    )
    return payout


def _locked(payout: Payout, by: Person) -> Payout:
    if not by.is_operator:
        raise NotFound
    payout = Payout.objects.select_for_update().get(pk=payout.pk)
    if Payout.objects.filter(reaches(by), pk=payout.pk).exists():
        raise OwnPayout
    return payout
