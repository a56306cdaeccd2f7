"""Money that comes back, as an accountant reads it: accounts down, steps across, balances after each."""

from datetime import timedelta

import pytest

from guildhall.escrow.actions import Payer, hold_money, release_hold, return_hold
from guildhall.escrow.rules import Deduction
from guildhall.kernel.ids import new_id
from guildhall.payments.actions import (
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.people.models import Person
from tests.builders.money import a_payout_account, a_wallet_with, said_by_the_bank
from tests.cast import NOW
from tests.escrow.test_money_stories import Story, usd

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_a_deposit_that_the_bank_takes_back_after_it_was_spent(amara: Person, bushra: Person) -> None:
    """What the wallet still has goes back from there; the rest is a debt of the hall, nobody else pays it."""
    story = Story(
        """
                         | paid in | set aside | taken back
        outside:practice | -120.00 |   -120.00 |          .
        amara            |  120.00 |     30.00 |          .
        hold             |       . |     90.00 |      90.00
        reserve          |       . |         . |          .
        shortfall        |       . |         . |     -90.00
        """,
        amara=f"wallet:{amara.party}",
        hold="escrow:none-yet",
    )
    deposit = start_deposit(by=amara, amount=usd("120.00"), at=NOW)
    said_by_the_bank(deposit, 1, "paid", at=NOW)
    story.then("paid in")
    hold = hold_money(
        purpose="milestone:sign",
        payers=[Payer(amara.party, usd("90.00"))],
        currency="USD",
        deductions=[],
        worker=bushra.party,
        by=amara.pk,
        at=NOW,
    )
    story.accounts["hold"] = hold.account
    story.then("set aside")
    said_by_the_bank(deposit, 2, "failed", at=NOW + 60 * DAY)
    story.then("taken back")


def test_payouts_that_come_back_before_and_after_they_had_arrived(bushra: Person, olga: Person) -> None:
    story = Story(
        """
                         | earned  | asked   | sent    | no such | arrived | recalled
        outside:practice | -100.00 | -100.00 | -100.00 | -100.00 | -100.00 |  -100.00
        bushra           |  100.00 |       . |       . |   60.00 |   60.00 |   100.00
        first            |       . |   60.00 |   60.00 |       . |       . |        .
        second           |       . |   40.00 |   40.00 |   40.00 |       . |        .
        outside:bank     |       . |       . |       . |       . |   40.00 |        .
        """,
        bushra=f"wallet:{bushra.party}",
        first="transit:none-yet",
        second="transit:none-yet",
    )
    a_wallet_with(bushra, 10_000, NOW)
    a_payout_account(bushra, NOW)
    story.then("earned")
    first, second = (request_payout(by=bushra, amount=usd(sum_), at=NOW) for sum_ in ("60.00", "40.00"))
    story.accounts |= {"first": first.transit, "second": second.transit}
    story.then("asked")
    send_payout_batch(batch=open_payout_batch(by=olga, at=NOW), by=olga, at=NOW)
    story.then("sent")
    return_payout(payout=first, reason="No such account.", by=olga, at=NOW + DAY)
    story.then("no such")
    settle_payout(payout=second, by=olga, at=NOW + DAY)
    story.then("arrived")
    return_payout(payout=second, reason="Recalled.", by=olga, at=NOW + 9 * DAY)
    story.then("recalled")


def test_a_part_paid_a_part_returned_with_its_share_of_the_clients_fee(amara: Person, bushra: Person) -> None:
    story = Story(
        """
                    | set aside | a third paid | a third back | the rest paid
        amara       |         . |            . |        34.33 |         34.33
        hold        |    103.00 |        68.67 |        34.34 |             .
        clearing    |         . |        31.67 |        31.67 |         63.34
        fees:work   |         . |         1.66 |         1.66 |          3.33
        fees:client |         . |         1.00 |         1.00 |          2.00
        """,
        amara=f"wallet:{amara.party}",
        clearing=f"clearing:{bushra.party}",
        hold="escrow:none-yet",
    )
    a_wallet_with(amara, 10_300, NOW)
    hold = hold_money(
        purpose="milestone:sign",
        payers=[Payer(amara.party, usd("100.00"))],
        currency="USD",
        deductions=[Deduction("fees:work", 500, "fee")],
        worker=bushra.party,
        client_fee=300,
        by=amara.pk,
        at=NOW,
    )
    story.accounts["hold"] = hold.account
    story.then("set aside")
    release_hold(hold=hold, amount=usd("33.33"), key=new_id(), by=amara.pk, at=NOW)
    story.then("a third paid")
    return_hold(hold=hold, amount=usd("33.33"), key=new_id(), by=bushra.pk, at=NOW)
    story.then("a third back")
    release_hold(hold=hold, amount=usd("33.34"), key=new_id(), by=amara.pk, at=NOW)
    story.then("the rest paid")
