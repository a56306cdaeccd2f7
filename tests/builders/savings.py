"""Savings goals, and payments of which they keep their share."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guildhall.escrow.models import Release
    from guildhall.escrow.savings.models import SavingsGoal
    from guildhall.people.models import Person

CLEARED = timedelta(days=3)


def a_goal(
    person: "Person",
    at: datetime,
    *,
    target: int = 20_000,
    share: int = 1_000,
    name: str = "Semester fee",
    by_day: date = date(2027, 3, 1),
    currency: str = "USD",
) -> "SavingsGoal":
    """Somebody saves ten percent for 200.00, unless told otherwise."""
    from guildhall.escrow.savings.goals import set_goal  # noqa: PLC0415 - read before Django is ready
    from guildhall.kernel.money import Money  # noqa: PLC0415

    return set_goal(name=name, target=Money(target, currency), share=share, by_day=by_day, by=person, at=at)


def a_payment(
    client: "Person", worker: "Person", minor: int, at: datetime, currency: str = "USD"
) -> "Release":
    """A release without a fee, in clearing for three days."""
    from guildhall.escrow.actions import Payer, hold_money, release_hold  # noqa: PLC0415 - as above
    from guildhall.kernel.ids import new_id  # noqa: PLC0415
    from guildhall.kernel.money import Money  # noqa: PLC0415
    from tests.builders.money import a_wallet_with  # noqa: PLC0415

    a_wallet_with(client, minor, at, currency)
    amount = Money(minor, currency)
    hold = hold_money(
        purpose=f"milestone:{new_id()}",
        payers=[Payer(client.party, amount)],
        currency=currency,
        deductions=[],
        worker=worker.party,
        clearing_days=CLEARED.days,
        by=client.pk,
        at=at,
    )
    return release_hold(hold=hold, amount=amount, key=new_id(), by=client.pk, at=at)
