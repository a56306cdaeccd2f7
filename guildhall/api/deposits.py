"""What goes back of deposits, and kept cards, as JSON; chargebacks for operators."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from guildhall.api.auth import needs_scope, operator_of, person_of
from guildhall.api.decisions import DecisionShown, decision_shown
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.payments.actions import recover_chargeback, refund_deposit, remove_method
from guildhall.payments.deposits import (
    chargebacks_of,
    chargebacks_seen_by,
    kept_methods_of,
    refunds_of,
)
from guildhall.payments.models import Chargeback, DepositRefund, KeptMethod
from guildhall.payments.queries import deposits_of

router = Router(tags=["money"])


class DepositRefundShown(Schema):
    """Money that goes back to where it was paid in from. `reason` says why it came back, if it did."""

    id: UUID
    deposit: UUID
    amount: Sum
    state: str
    reason: str
    requested_at: datetime


class SendingBackAsked(Asked):
    """How much to send back."""

    amount: Sum


class CardShown(Schema):
    """A card that a processor keeps for you: all that the hall knows of it."""

    id: UUID
    rail: str
    brand: str
    last4: str
    expires: str
    kept_at: datetime


class ChargebackShown(Schema):
    """What a bank has taken back of a deposit, and what the payer still owes the hall for it."""

    id: UUID
    deposit: UUID
    amount: Sum
    state: str
    owed: Sum
    taken_at: datetime


class ChargebackSeen(ChargebackShown):
    """The same for operators: whose it is, and who bore it."""

    person: UUID
    rail: str
    reference: str
    from_wallet: Sum
    from_reserve: Sum
    from_shortfall: Sum
    recovered: Sum


class RecoveryAsked(Asked):
    """How much of what is owed to take from the client's wallet."""

    amount: Sum


class Recovery(Schema):
    """It is taken; or it waits with the `decision` until a second operator has confirmed it."""

    chargeback: ChargebackSeen
    decision: DecisionShown | None


@router.get("/money/refunds", response=Listing[DepositRefundShown], summary="What you have sent back")
@needs_scope("read")
def list_refunds(request: HallRequest, after: str = "", size: int = 20) -> Listing[DepositRefundShown]:
    """The newest first."""
    return listed(refunds_of(person_of(request)), _refund, after=after, size=size)


@router.post(
    "/money/deposits/{deposit_id}/refunds",
    response={201: DepositRefundShown},
    summary="Send money back to where it was paid in from",
)
@needs_scope("money")
def send_back(request: HallRequest, deposit_id: UUID, asked: SendingBackAsked) -> Status[DepositRefundShown]:
    """As far as the wallet and what is left of the deposit reach. It leaves the wallet at once."""
    person = person_of(request)
    deposit = get_object_or_404(deposits_of(person), pk=deposit_id)
    refund = refund_deposit(deposit=deposit, amount=asked.amount.money(), by=person, at=request.at)
    return Status(201, _refund(refund))


@router.get("/money/cards", response=Listing[CardShown], summary="The cards that are kept for you")
@needs_scope("read")
def list_cards(request: HallRequest, after: str = "", size: int = 20) -> Listing[CardShown]:
    """The newest first."""
    return listed(kept_methods_of(person_of(request)), _card, after=after, size=size)


@router.post("/money/cards/{card_id}/removal", response=CardShown, summary="Keep a card no longer")
@needs_scope("money")
def remove_card(request: HallRequest, card_id: UUID) -> CardShown:
    """Nothing can be paid with it from now on, and its processor is asked to delete it."""
    person = person_of(request)
    card = get_object_or_404(kept_methods_of(person), pk=card_id)
    return _card(remove_method(method=card, by=person, at=request.at))


@router.get("/money/chargebacks", response=Listing[ChargebackShown], summary="What your bank took back")
@needs_scope("read")
def list_own_chargebacks(request: HallRequest, after: str = "", size: int = 20) -> Listing[ChargebackShown]:
    """The newest first."""
    return listed(chargebacks_of(person_of(request)), _own, after=after, size=size)


@router.get(
    "/operator/chargebacks", response=Listing[ChargebackSeen], summary="Chargebacks", tags=["operator"]
)
@needs_scope("operate")
def list_chargebacks(request: HallRequest, after: str = "", size: int = 20) -> Listing[ChargebackSeen]:
    """The newest first."""
    return listed(chargebacks_seen_by(operator_of(request)), _seen, after=after, size=size)


@router.post(
    "/operator/chargebacks/{chargeback_id}/recoveries",
    response={201: Recovery},
    summary="Take what is owed for a chargeback",
    tags=["operator"],
)
@needs_scope("operate")
def recover(request: HallRequest, chargeback_id: UUID, asked: RecoveryAsked) -> Status[Recovery]:
    """From the client's wallet, as far as it reaches. A second operator confirms it where there is one."""
    operator = operator_of(request)
    chargeback = get_object_or_404(chargebacks_seen_by(operator), pk=chargeback_id)
    amount = asked.amount.money()
    decision = recover_chargeback(chargeback=chargeback, amount=amount, by=operator, at=request.at)
    chargeback.refresh_from_db()
    waiting = decision_shown(decision, operator) if decision else None
    return Status(201, Recovery(chargeback=_seen(chargeback), decision=waiting))


def _refund(refund: DepositRefund) -> DepositRefundShown:
    return DepositRefundShown(
        id=refund.pk,
        deposit=refund.deposit_id,
        amount=Sum.of(refund.money),
        state=refund.state,
        reason=refund.reason,
        requested_at=refund.requested_at,
    )


def _card(card: KeptMethod) -> CardShown:
    return CardShown(
        id=card.pk,
        rail=card.rail,
        brand=card.brand,
        last4=card.last4,
        expires=card.expires,
        kept_at=card.kept_at,
    )


def _own(chargeback: Chargeback) -> ChargebackShown:
    return ChargebackShown(
        id=chargeback.pk,
        deposit=chargeback.deposit_id,
        amount=Sum.of(chargeback.money),
        state=chargeback.state,
        owed=Sum.of(chargeback.owed),
        taken_at=chargeback.taken_at,
    )


def _seen(chargeback: Chargeback) -> ChargebackSeen:
    currency = chargeback.currency
    return ChargebackSeen(
        **_own(chargeback).dict(),
        person=chargeback.deposit.person_id,
        rail=chargeback.rail,
        reference=chargeback.reference,
        from_wallet=Sum.of(Money(chargeback.from_wallet, currency)),
        from_reserve=Sum.of(Money(chargeback.from_reserve, currency)),
        from_shortfall=Sum.of(Money(chargeback.from_shortfall, currency)),
        recovered=Sum.of(Money(chargeback.recovered, currency)),
    )
