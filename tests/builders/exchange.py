"""Rates of exchange, and what the hall holds to pay by them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guildhall.people.models import Person

TO_RUPEES = {"currency": "USD", "to": "PKR", "per": 100, "gives": 28_000, "spread": 100, "most": 50_000}
TO_DOLLARS = {"currency": "PKR", "to": "USD", "per": 28_000, "gives": 100, "spread": 100, "most": 20_000_000}
"""1.00 USD for 280.00 PKR and back, less one percent; at most 500.00 USD or 200,000.00 PKR a day."""


def the_rates_are(*rows: dict[str, Any], by: "Person", at: datetime) -> None:
    """Write the table of rates."""
    from guildhall.kernel.rules import set_table  # noqa: PLC0415 - builders are read before Django is ready

    set_table(name="exchange_rates", rows=rows, reason="The bank's rate of today.", by=by.pk, at=at)


def the_hall_holds(minor: int, currency: str, *, by: "Person", at: datetime) -> None:
    """Fill the reserve, and put all of it where exchanges are paid from; there is one operator."""
    from guildhall.kernel.money import Money  # noqa: PLC0415 - as above
    from guildhall.payments.actions import fill_reserve  # noqa: PLC0415
    from guildhall.payments.exchange.funding import fund_position  # noqa: PLC0415

    amount = Money(minor, currency)
    assert fill_reserve(amount=amount, by=by, at=at) is None, "another operator has to confirm it"
    assert fund_position(amount=amount, way="in", by=by, at=at) is None
