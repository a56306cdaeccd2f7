"""Money that nobody explained goes back to its sender: out of suspense, on its way, there; or back again."""

from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.payments.banking.naming import name_transfer
from guildhall.payments.models import BankLine, SenderRefund
from guildhall.payments.states import RETURNED, SENT, SETTLED


def begin_to_send_back(line: BankLine, *, by: UUID, at: datetime) -> SenderRefund:
    """Take a line's money out of suspense; whoever orders the transfer at the bank writes its code on it."""
    refund = SenderRefund(
        id=new_id(),
        line=line,
        amount=line.amount,
        currency=line.currency,
        sent_at=at,
        state=SENT,
        moved_at=at,
    )
    refund.save(force_insert=True)
    name_transfer("refund", refund.pk)
    move_money(
        kind="suspended.sent_back",
        key=f"sender_refund:{refund.pk}",
        flows=[Flow(f"suspense:{line.rail}", refund.transit, refund.amount, refund.currency)],
        by=by,
        at=at,
    )
    return refund


def let_refund_arrive(refund: SenderRefund, *, by: UUID | None, at: datetime) -> Movement:
    """The bank says that it went."""
    move(refund, SETTLED, by=by, at=at, **_facts(refund))
    return move_money(
        kind="suspended.arrived_back",
        key=f"sender_refund.settled:{refund.pk}",
        flows=[Flow(refund.transit, f"outside:{refund.line.rail}", refund.amount, refund.currency)],
        by=by,
        at=at,
    )


def let_refund_come_back(
    refund: SenderRefund, reason: str, *, by: UUID | None, at: datetime
) -> list[Movement]:
    """The bank has sent it back: it lies in suspense again, and operators decide anew."""
    if refund.is_in(SENT):  # what comes back has left, though no line has said so
        let_refund_arrive(refund, by=by, at=at)
    move(refund, RETURNED, by=by, at=at, **_facts(refund), reason=reason)
    SenderRefund.objects.filter(pk=refund.pk).update(reason=reason)
    BankLine.objects.filter(pk=refund.line_id).update(outcome=BankLine.Outcome.SUSPENDED)
    rail = refund.line.rail
    movement = move_money(
        kind="suspended.came_again",
        key=f"sender_refund.returned:{refund.pk}",
        flows=[Flow(f"outside:{rail}", f"suspense:{rail}", refund.amount, refund.currency)],
        by=by,
        at=at,
    )
    return [movement]


def _facts(refund: SenderRefund) -> dict[str, object]:
    return {"amount": refund.amount, "currency": refund.currency, "line": str(refund.line_id)}
