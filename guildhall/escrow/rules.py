"""How a release is divided. The preview, the statement and the money itself all come from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from guildhall.kernel.money import basis_points_of, divide_by_weights
from guildhall.kernel.rules import house_rule

WORKER_FEE = house_rule(
    "worker_fee",
    unit="basis points",
    default=500,
    low=0,
    high=5_000,
    meaning=_("What the hall keeps of the worker's earnings."),
)
CLIENT_FEE = house_rule(
    "client_fee",
    unit="basis points",
    default=0,
    low=0,
    high=5_000,
    meaning=_("What the client pays to the hall on top of the price."),
)
CLEARING_DAYS = house_rule(
    "clearing_days",
    unit="days",
    default=3,
    low=0,
    high=30,
    meaning=_("How long earnings wait before the worker can spend or withdraw them."),
)

_WHOLE: Final = 10_000  # basis points

_OF_THE_WORKER: Final = ("clearing", "wallet", "savings")


@dataclass(frozen=True, slots=True)
class Deduction:
    """A share of every release that goes elsewhere than to the worker, as agreed.

    Args:
        account: where it goes: ``fees:work``, ``tax:…``, ``savings:…``.
        basis_points: how much of the gross.
        name: what the statement calls it.
    """

    account: str
    basis_points: int
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A named part of a release."""

    account: str
    amount: int
    name: str


def split_release(
    gross: int, deductions: Sequence[Deduction], worker_account: str, *, released: int = 0
) -> list[Line]:
    """Divide a gross amount into the worker's net and the agreed deductions; the lines sum to the gross.

    What goes to others is rounded down, over everything that was released so far: many small releases of one
    hold pay what one big one pays. What that leaves stays on the worker's side, and where that side has
    several parts (a share for savings) it is divided among them by largest remainder.

    Args:
        gross: minor units, zero or more.
        deductions: as agreed when the money was set aside.
        worker_account: where the net goes; it is the first line.
        released: of the same hold, before this.
    """
    assert gross >= 0, "nothing negative is released"
    assert sum(deduction.basis_points for deduction in deductions) <= _WHOLE, "deductions exceed the gross"
    others = _of_others(gross, deductions, released)
    own = [place for place in range(len(deductions)) if place not in others]
    rest = _WHOLE - sum(deduction.basis_points for deduction in deductions)
    weights = [rest, *(deductions[place].basis_points for place in own)]
    left = gross - sum(others.values())
    # If everything is deducted, what rounding leaves still is the worker's.
    net, *shares = divide_by_weights(left, weights) if any(weights) else [left]
    amounts = others | dict(zip(own, shares, strict=True))
    return [
        Line(worker_account, net, "net"),
        *(
            Line(deduction.account, amounts[place], deduction.name)
            for place, deduction in enumerate(deductions)
        ),
    ]


def _of_others(gross: int, deductions: Sequence[Deduction], released: int) -> dict[int, int]:
    """What of a release goes to others than the worker, by the place of its deduction."""
    amounts: dict[int, int] = {}
    for place, deduction in enumerate(deductions):
        if deduction.account.partition(":")[0] in _OF_THE_WORKER:
            continue
        due, paid = (basis_points_of(sum_, deduction.basis_points) for sum_ in (released + gross, released))
        # Of a release of a few minor units several may be due at once: it has no more than itself to give.
        amounts[place] = min(due - paid, gross - sum(amounts.values()))
    return amounts


def fee_after(client_fee: int, placed: int, left: int) -> int:
    """How much of the client's fee stays in a hold that has so much of its work left.

    It follows from what is left alone, so that many small releases take exactly what one big one takes.
    """
    return client_fee * left // placed
