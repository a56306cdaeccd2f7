"""Money in people's hands, paid in at the practice bank through the hall's own door."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

REST = timedelta(days=4)

if TYPE_CHECKING:
    from guildhall.payments.models import Deposit, GatewayNotice, OwnTransfer, Payout
    from guildhall.people.models import Person


def a_wallet_with(person: "Person", minor: int, at: datetime, currency: str = "USD") -> "Deposit":
    """Put a sum into somebody's wallet."""
    from guildhall.kernel.money import Money  # noqa: PLC0415 - builders are read before Django is ready
    from guildhall.payments.actions import start_deposit  # noqa: PLC0415
    from guildhall.payments.practice import pay_in_practice  # noqa: PLC0415

    deposit = start_deposit(by=person, amount=Money(minor, currency), at=at)
    pay_in_practice(deposit=deposit, at=at)
    return deposit


def an_unmatched_payment(minor: int, at: datetime, reference: str = "") -> "GatewayNotice":
    """Money that the practice bank speaks of and no deposit explains."""
    from guildhall.kernel.ids import new_id  # noqa: PLC0415
    from guildhall.payments.actions import receive_notice  # noqa: PLC0415
    from guildhall.payments.practice.signing import sign  # noqa: PLC0415

    reference = reference or f"word_{new_id()}"
    said = {"reference": reference, "serial": 1, "deposit": "an old letter", "outcome": "paid"}
    body = json.dumps({**said, "minor": minor, "currency": "USD"}).encode()
    kept = receive_notice(rail="practice", body=body, signature=sign(body, at), at=at)
    assert kept is not None
    return kept


def a_payout_account(person: "Person", at: datetime) -> None:
    """Somebody has said where they are paid, so long before that their account has rested."""
    from guildhall.payments.actions import set_payout_account  # noqa: PLC0415

    number = f"SAMPLE {person.pk.int % 10**12:012d}"
    set_payout_account(by=person, holder=person.name, bank="Sample Savings", number=number, at=at - REST)


def a_requested_payout(person: "Person", minor: int, at: datetime) -> "Payout":
    """A sum on its way out of somebody's wallet."""
    from guildhall.kernel.money import Money  # noqa: PLC0415
    from guildhall.payments.actions import request_payout  # noqa: PLC0415

    a_wallet_with(person, minor, at)
    a_payout_account(person, at)
    return request_payout(by=person, amount=Money(minor, "USD"), at=at)


def said_by_the_bank(
    deposit: "Deposit", serial: int, outcome: str, *, at: datetime, minor: int | None = None
) -> "GatewayNotice":
    """Let the practice bank say its `serial`-th word about a deposit, and the hall hear it."""
    from guildhall.payments.actions import receive_notice  # noqa: PLC0415 - as above
    from guildhall.payments.practice.signing import sign  # noqa: PLC0415

    body = json.dumps(
        {
            "reference": f"practice_{deposit.pk.hex}_{serial}",
            "serial": serial,
            "deposit": str(deposit.pk),
            "outcome": outcome,
            "minor": deposit.amount if minor is None else minor,
            "currency": deposit.currency,
        }
    ).encode()
    kept = receive_notice(rail=deposit.rail, body=body, signature=sign(body, at), at=at)
    assert kept is not None
    return kept


def an_own_transfer(
    client: "Person", worker: "Person", *, by: "Person", second: "Person", at: datetime, minor: int = 100
) -> "OwnTransfer":
    """Fees of work between two people on their way out, by two operators."""
    from guildhall.contracts.actions import approve_milestone  # noqa: PLC0415 - as above
    from guildhall.kernel.money import Money  # noqa: PLC0415 - as above
    from guildhall.payments.actions import confirm_decision, take_out_fees  # noqa: PLC0415
    from guildhall.payments.models import OwnTransfer  # noqa: PLC0415
    from tests.builders.contracts import a_delivered_milestone  # noqa: PLC0415

    approve_milestone(milestone=a_delivered_milestone(client, worker, at=at), by=client, at=at)
    where = {"holder": "The owner of the hall", "number": "000111222", "reason": "Fees of the month."}
    decision = take_out_fees(account="fees:work", amount=Money(minor, "USD"), by=by, at=at, **where)
    confirm_decision(decision=decision, by=second, at=at)
    return OwnTransfer.objects.get(pk=decision.subject_id)
