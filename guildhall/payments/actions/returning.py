"""The bank has sent a payout back. Two operators say so: the money is a wallet's again."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.payments.actions.requesting import facts_of_payout
from guildhall.payments.actions.settling import lock_payout
from guildhall.payments.models import Payout, PayoutAccount
from guildhall.payments.states import PAYOUT_MOVES, RETURNED, SENT
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

RETURN: Final = "payout_return"
"""The kind of decision that puts a payout back."""

_LONGEST_REASON = 200


class NoReason(Unfit):
    """Money that comes back has a reason."""

    code = "no_reason"


@transaction.atomic
def return_payout(*, payout: Payout, reason: str, by: Person, at: datetime) -> Payout:
    """Write down that the bank has sent the money back, even after it had said that it arrived.

    Where there is a second operator to confirm it, the payout comes back as it was until they do.

    Raises:
        NoReason: say why, the person will read it.
        OwnPayout: it pays this operator.
        WaitsForSecond: somebody has said so before, and a second operator has to confirm it.
        ForbiddenMove: it has not been sent, or came back already.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= _LONGEST_REASON:
        raise NoReason(
            _("Say in up to 200 characters why the bank sent it back: its owner will read it."),
            field="reason",
        )
    payout = lock_payout(payout, by)
    alone = {}
    if RETURNED in PAYOUT_MOVES[payout.state]:
        owners = PayoutAccount.objects.filter(number=payout.account.number).values_list("person", flat=True)
        asked = ask_second(
            RETURN, payout.pk, facts={"reason": reason}, concerns=payout.person, unfit=owners, by=by, at=at
        )
        if asked:
            return payout
        alone = {"alone": True}
    put_back(payout, reason, by=by.pk, at=at, **alone)
    return payout


@transaction.atomic
def confirm_return(*, decision: Decision, by: Person, at: datetime) -> Payout:
    """Confirm as the second operator that the bank has sent a payout back.

    Raises:
        NotFound: they are no operator.
        OwnPayout: it pays this operator.
        SecondNeeded: they said so themselves.
        ForbiddenMove: it is decided, or came back already.
    """
    assert decision.kind == RETURN, "another verb's decision"
    payout = lock_payout(Payout.objects.get(pk=decision.subject_id), by)
    decision = confirm_second(decision, by=by, at=at)
    put_back(payout, decision.facts["reason"], by=by.pk, at=at, asked_by=str(decision.asked_by_id))
    return payout


def put_back(payout: Payout, reason: str, *, by: UUID | None, at: datetime, **facts: object) -> Movement:
    """A payout that is locked has come back: the movement, for whoever has seen it at the bank."""
    in_transit = payout.is_in(SENT)
    move(payout, RETURNED, by=by, at=at, **facts_of_payout(payout), reason=reason, **facts)
    Payout.objects.filter(pk=payout.pk).update(reason=reason)
    payout.reason = reason
    # Still in transit: the mirror of what was sent. Booked at the bank: a movement of its own.
    sent = Movement.objects.get(key=f"payout:{payout.pk}") if in_transit else None
    source = payout.transit if in_transit else payout.outside
    return move_money(
        kind="payout.returned",
        key=f"payout.returned:{payout.pk}",
        flows=[Flow(source, f"wallet:person:{payout.person_id}", payout.amount, payout.currency)],
        by=by,
        at=at,
        facts={"reason": reason},
        reverses=sent.pk if sent else None,
    )
