"""Money stories, as an accountant reads them: accounts down the side, steps across, balances after each."""

from datetime import UTC, datetime, timedelta

import pytest

from guildhall.escrow.actions import (
    Payer,
    freeze_hold,
    hold_money,
    mature_clearing,
    release_hold,
    return_hold,
    split_hold,
)
from guildhall.escrow.rules import Deduction
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import open_payout_batch, request_payout, send_payout_batch, settle_payout
from guildhall.people.models import Person
from tests.builders.money import a_payout_account, a_wallet_with

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


class Story:
    """Tells a table: after each step the balances in its column, in dollars; `.` is nothing."""

    def __init__(self, table: str, **accounts: str) -> None:
        header, *rows = [line.split("|") for line in table.strip().splitlines()]
        self.steps = [step.strip() for step in header[1:]]
        self.rows = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}
        self.accounts = accounts
        self.told = 0

    def then(self, step: str) -> None:
        assert step == self.steps[self.told], f"the story goes on with {self.steps[self.told]!r}"
        wanted = {name: cells[self.told] for name, cells in self.rows.items()}
        found = {name: balance_of(self.accounts.get(name, name), "USD").minor for name in self.rows}
        assert {name: f"{minor / 100:.2f}" if minor else "." for name, minor in found.items()} == wanted, step
        self.told += 1


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def test_a_logo_from_deposit_to_payout(amara: Person, bushra: Person, olga: Person) -> None:
    story = Story(
        """
                         | paid in | held    | approved | cleared | asked   | arrived
        outside:practice | -120.00 | -120.00 | -120.00  | -120.00 | -120.00 | -120.00
        amara            |  120.00 |   10.00 |   10.00  |   10.00 |   10.00 |   10.00
        hold             |       . |  110.00 |       .  |       . |       . |       .
        clearing         |       . |       . |  104.50  |       . |       . |       .
        bushra           |       . |       . |       .  |  104.50 |       . |       .
        fees:work        |       . |       . |    5.50  |    5.50 |    5.50 |    5.50
        transit          |       . |       . |       .  |       . |  104.50 |       .
        outside:bank     |       . |       . |       .  |       . |       . |  104.50
        """,
        amara=f"wallet:{amara.party}",
        bushra=f"wallet:{bushra.party}",
        clearing=f"clearing:{bushra.party}",
        hold="escrow:none-yet",
        transit="transit:none-yet",
    )
    a_wallet_with(amara, 12_000, AT)
    story.then("paid in")
    hold = hold_money(
        purpose="milestone:logo",
        payers=[Payer(amara.party, usd("110.00"))],
        currency="USD",
        deductions=[Deduction("fees:work", 500, "fee")],
        worker=bushra.party,
        by=amara.pk,
        at=AT,
    )
    story.accounts["hold"] = hold.account
    story.then("held")
    release_hold(hold=hold, amount=usd("110.00"), key=new_id(), by=amara.pk, at=AT + 5 * DAY)
    story.then("approved")
    mature_clearing(at=AT + 8 * DAY)
    story.then("cleared")
    a_payout_account(bushra, AT + 8 * DAY)
    payout = request_payout(by=bushra, amount=usd("104.50"), at=AT + 8 * DAY)
    story.accounts["transit"] = payout.transit
    story.then("asked")
    batch = open_payout_batch(by=olga, at=AT + 9 * DAY)
    send_payout_batch(batch=batch, by=olga, at=AT + 9 * DAY)
    settle_payout(payout=payout, by=olga, at=AT + 11 * DAY)
    story.then("arrived")


def test_a_quarrel_settled_to_the_cent(amara: Person, bushra: Person) -> None:
    story = Story(
        """
                    | held   | paid a part | frozen | ruled | rest back
        amara       |      . |           . |      . | 30.90 |     41.20
        hold        | 103.00 |       61.80 |  61.80 | 10.30 |         .
        clearing    |      . |       38.00 |  38.00 | 57.00 |     57.00
        fees:work   |      . |        2.00 |   2.00 |  3.00 |      3.00
        fees:client |      . |        1.20 |   1.20 |  1.80 |      1.80
        """,
        amara=f"wallet:{amara.party}",
        clearing=f"clearing:{bushra.party}",
        hold="escrow:none-yet",
    )
    a_wallet_with(amara, 10_300, AT)
    hold = hold_money(
        purpose="milestone:sign",
        payers=[Payer(amara.party, usd("100.00"))],
        currency="USD",
        deductions=[Deduction("fees:work", 500, "fee")],
        worker=bushra.party,
        client_fee=300,
        by=amara.pk,
        at=AT,
    )
    story.accounts["hold"] = hold.account
    story.then("held")
    release_hold(hold=hold, amount=usd("40.00"), key=new_id(), by=amara.pk, at=AT)
    story.then("paid a part")
    freeze_hold(hold=hold, amount=usd("50.00"), reason="case:1", by=amara.pk, at=AT)
    story.then("frozen")
    split_hold(hold=hold, to_worker=usd("20.00"), to_client=usd("30.00"), key=new_id(), by=None, at=AT)
    story.then("ruled")
    return_hold(hold=hold, amount=usd("10.00"), key=new_id(), by=bushra.pk, at=AT)
    story.then("rest back")
    assert hold.state == "closed"
