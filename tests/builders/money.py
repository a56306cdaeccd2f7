"""Money in people's hands, paid in at the practice bank through the hall's own door."""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

REST = timedelta(days=4)
LONG_AGO = timedelta(days=181)
"""So long after it was paid in, money may go to a bank account too."""

if TYPE_CHECKING:
    from guildhall.kernel.money import Money
    from guildhall.payments.models import Chargeback, Deposit, GatewayNotice, KeptMethod, Payout
    from guildhall.people.models import Person


def a_wallet_with(
    person: "Person", minor: int, at: datetime, currency: str = "USD", *, ago: timedelta = LONG_AGO
) -> "Deposit":
    """Put a sum into somebody's wallet, so long ago that it may also be paid out."""
    from guildhall.kernel.money import Money  # noqa: PLC0415 - builders are read before Django is ready
    from guildhall.payments.actions import start_deposit  # noqa: PLC0415
    from guildhall.payments.practice import pay_in_practice  # noqa: PLC0415

    deposit = start_deposit(by=person, amount=Money(minor, currency), at=at - ago)
    pay_in_practice(deposit=deposit, at=at - ago)
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


def spent_on_work(payer: "Person", amount: "Money", at: datetime, *, earned_by: "Person") -> None:
    """Somebody's money is set aside for work, released, and cleared: it is the worker's to use."""
    from guildhall.escrow.actions import Payer, hold_money, mature_clearing, release_hold  # noqa: PLC0415
    from guildhall.kernel.ids import new_id  # noqa: PLC0415

    hold = hold_money(
        purpose=f"milestone:{new_id()}",
        payers=[Payer(payer.party, amount)],
        currency=amount.currency,
        deductions=[],
        worker=earned_by.party,
        by=payer.pk,
        at=at,
    )
    release_hold(hold=hold, amount=amount, key=new_id(), by=payer.pk, at=at)
    mature_clearing(at=at + timedelta(days=60))


def send_the_post(at: datetime) -> None:
    """Bring every word of the practice bank that is due to the hall's door."""
    from guildhall.payments.models import Deposit  # noqa: PLC0415
    from guildhall.payments.practice import hand_over_words  # noqa: PLC0415

    for deposit in Deposit.objects.filter(rail="practice").order_by("id"):
        hand_over_words(deposit=deposit, at=at)


def a_chargeback(person: "Person", minor: int, at: datetime) -> "Chargeback":
    """A bank has taken back what somebody paid in."""
    from guildhall.payments.models import Chargeback, PracticeIntent  # noqa: PLC0415
    from guildhall.payments.practice import hand_over_words  # noqa: PLC0415
    from guildhall.payments.practice.disputing import dispute_practice_payment  # noqa: PLC0415

    deposit = a_wallet_with(person, minor, at)
    dispute_practice_payment(intent=PracticeIntent.objects.get(deposit=str(deposit.pk)), at=at)
    hand_over_words(deposit=deposit, at=at)
    return Chargeback.objects.get(deposit=deposit)


def a_kept_card(person: "Person", minor: int, at: datetime, choice: str = "now") -> "KeptMethod":
    """Somebody has paid in and had their practice card kept; it does what was chosen."""
    from guildhall.kernel.money import Money  # noqa: PLC0415
    from guildhall.payments.actions import start_deposit  # noqa: PLC0415
    from guildhall.payments.models import KeptMethod  # noqa: PLC0415
    from guildhall.payments.practice import pay_in_practice  # noqa: PLC0415

    deposit = start_deposit(by=person, amount=Money(minor, "USD"), at=at, keep=True)
    pay_in_practice(deposit=deposit, choice=choice, at=at)
    return KeptMethod.objects.filter(person=person).latest("id")
