"""Money goes back where it was paid in from, and nowhere else."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.actions.charging_back import heal_from_refund
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.actions.requesting import MoreThanAvailable
from guildhall.payments.actions.unknown import book_known, book_unknown
from guildhall.payments.deposits import refundable_of
from guildhall.payments.events import DEPOSIT_REFUND_REQUESTED
from guildhall.payments.gateways import Notice, can_refund
from guildhall.payments.models import Deposit, DepositRefund
from guildhall.payments.states import REQUESTED, RETURNED, SENT, SETTLED, UNKNOWN
from guildhall.people.models import Person


class NotRefundable(Refusal):
    """Nothing of this deposit can go back, or not so much."""

    code = "not_refundable"


@transaction.atomic
def refund_deposit(*, deposit: Deposit, amount: Money, by: Person, at: datetime) -> DepositRefund:
    """Send money from the wallet back to where a deposit came from, as far as both reach.

    This writes the intent and takes the money out of the wallet; the rail is asked afterwards, when no
    transaction is open.

    Raises:
        NotFound: it is not theirs.
        NotRefundable: it has not arrived, its rail pays nothing back, or less than that is left of it.
        MoreThanAvailable: the wallet holds less.
        NotDepositable: not an amount.
    """
    deposit = Deposit.objects.select_for_update().get(pk=deposit.pk)
    if deposit.person_id != by.pk:
        raise NotFound
    sum_to_move(amount)
    _refuse(deposit, amount)
    refund = DepositRefund(
        id=new_id(),
        deposit=deposit,
        amount=amount.minor,
        currency=amount.currency,
        requested_at=at,
        ask_at=at,
        state=REQUESTED,
        moved_at=at,
    )
    try:
        move_money(
            kind="refund.sent",
            key=f"refund:{refund.pk}",
            flows=[Flow(f"wallet:{by.party}", refund.transit, refund.amount, refund.currency)],
            by=by.pk,
            at=at,
        )
    except Overdraft as overdraft:
        raise MoreThanAvailable(
            _("That is %(missing)s more than is available.") % {"missing": overdraft.missing}, field="amount"
        ) from overdraft
    refund.save(force_insert=True)
    record_event(
        DEPOSIT_REFUND_REQUESTED, subject=refund.pk, by=by.pk, at=at, **facts_of_refund(refund, deposit)
    )
    return refund


def _refuse(deposit: Deposit, amount: Money) -> None:
    if amount.currency != deposit.currency:
        raise NotRefundable(
            _("This deposit came in %(currency)s, so it goes back in %(currency)s.")
            % {"currency": deposit.currency},
            field="currency",
        )
    if not deposit.is_in(SETTLED):
        raise NotRefundable(_("This deposit has not arrived, so there is nothing to send back."))
    if not can_refund(deposit.rail):
        raise NotRefundable(
            _("This way of paying in pays nothing back by itself. Write to the operator of the hall.")
        )
    rest = refundable_of(deposit)
    if amount.minor > rest.minor:
        raise NotRefundable(_("Of this deposit %(rest)s can still go back.") % {"rest": rest}, field="amount")


def follow_refund(refund: DepositRefund, notice: Notice, at: datetime) -> None:
    """Do what the rail says about a refund: it is on its way, has arrived, or comes back to the wallet."""
    deposit = refund.deposit
    outside, facts = f"outside:{deposit.rail}", facts_of_refund(refund, deposit)
    if refund.is_in(UNKNOWN):
        book_known(refund, rail=deposit.rail, at=at)
    refund.serial = notice.serial
    refund.ask_at = None
    refund.reason = notice.reason[:200]
    refund.save(update_fields=["serial", "ask_at", "reason"])
    if notice.outcome == "under_way":
        if not refund.is_in(SENT):
            move(refund, SENT, by=None, at=at, **facts)
    elif notice.outcome == "paid":
        move(refund, SETTLED, by=None, at=at, **facts)
        move_money(kind="refund.settled", **_movement(refund, "settled", (refund.transit, outside), at))
    else:
        arrived = refund.is_in(SETTLED)
        move(refund, RETURNED, by=None, at=at, **facts, reason=refund.reason)
        way = (outside if arrived else refund.transit, f"wallet:person:{deposit.person_id}")
        sent = None if arrived else Movement.objects.get(key=f"refund:{refund.pk}").pk
        move_money(kind="refund.returned", **_movement(refund, "returned", way, at), reverses=sent)
        heal_from_refund(refund, at)


def send_off_refund(refund: DepositRefund, at: datetime) -> bool:
    """The rail has accepted a refund, and its word about it comes later; False if it is further already."""
    if not (refund.is_in(REQUESTED) or refund.is_in(UNKNOWN)):
        return False
    if refund.is_in(UNKNOWN):
        book_known(refund, rail=refund.deposit.rail, at=at)
    move(refund, SENT, by=None, at=at, **facts_of_refund(refund, refund.deposit))
    return True


def lose_sight_of_refund(refund: DepositRefund, at: datetime) -> None:
    """The rail did not answer: it may have paid or not, and is asked until it says so."""
    if refund.is_in(REQUESTED):
        move(refund, UNKNOWN, by=None, at=at, **facts_of_refund(refund, refund.deposit))
        book_unknown(refund, rail=refund.deposit.rail, at=at)


def _movement(refund: DepositRefund, end: str, way: tuple[str, str], at: datetime) -> dict[str, Any]:
    return {
        "key": f"refund.{end}:{refund.pk}",
        "flows": [Flow(*way, refund.amount, refund.currency)],
        "by": None,
        "at": at,
        "facts": {"reason": refund.reason} if refund.reason else {},
    }


def facts_of_refund(refund: DepositRefund, deposit: Deposit) -> dict[str, object]:
    """What every event of a refund says about it."""
    return {
        "person": str(deposit.person_id),
        "amount": refund.amount,
        "currency": refund.currency,
        "deposit": str(deposit.pk),
        "rail": deposit.rail,
    }
