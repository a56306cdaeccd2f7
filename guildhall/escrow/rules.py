"""How a release is divided. The preview, the statement and the money itself all come from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from guildhall.kernel.money import basis_points_of, divide_by_weights

_WHOLE: Final = 10_000  # basis points

_OF_THE_WORKER: Final = ("clearing", "wallet", "savings")


@dataclass(frozen=True, slots=True)
class Deduction:
    """A share of every release that goes elsewhere than to the worker, as agreed.

    Args:
        account: where it goes: ``fees:work``, ``tax:…``, ``savings:…``.
        basis_points: how much of the gross.
        name: what the statement calls it.
        steps: ``(over, basis points)``, rising: the share of what lies over so many minor units.
        before: minor units that count for the steps as settled before this hold.
    """

    account: str
    basis_points: int
    name: str
    steps: tuple[tuple[int, int], ...] = ()
    before: int = 0

    def as_json(self) -> dict[str, Any]:
        """As a hold keeps it; without steps, as holds were kept that knew of none."""
        stepped = {"steps": [list(step) for step in self.steps], "before": self.before} if self.steps else {}
        return {
            "account": self.account,
            "basis_points": self.basis_points,
            "name": self.name,
            **stepped,
        }

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """The deduction that `as_json` wrote."""
        return cls(**{**values, "steps": tuple((over, share) for over, share in values.get("steps", ()))})

    @property
    def most(self) -> int:
        """The largest share that it takes of anything, in basis points."""
        return max(self.basis_points, *(share for _over, share in self.steps), 0)

    def of(self, gross: int) -> int:
        """What it takes of the first so many minor units of a hold, rounded down once.

        With steps the share is that of the step a minor unit lies in, as with brackets of a tax.
        """
        if not self.steps:
            return basis_points_of(gross, self.basis_points)
        return self._bracketed(self.before + gross) - self._bracketed(self.before)

    def _bracketed(self, sum_: int) -> int:
        """The brackets up to a sum, in minor units rounded down."""
        edges = [(0, self.basis_points), *self.steps]
        tops = [over for over, _share in self.steps] + [max(sum_, edges[-1][0])]
        taken = sum(
            max(0, min(sum_, top) - over) * share for (over, share), top in zip(edges, tops, strict=True)
        )
        return taken // _WHOLE


@dataclass(frozen=True, slots=True)
class Line:
    """A named part of a release."""

    account: str
    amount: int
    name: str


def split_release(
    gross: int,
    deductions: Sequence[Deduction],
    worker_account: str,
    *,
    released: int = 0,
    taken: Sequence[int] | None = None,
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
        taken: what each deduction took of that; by default what it would have taken alone.
    """
    assert gross >= 0, "nothing negative is released"
    assert sum(deduction.most for deduction in deductions) <= _WHOLE, "deductions exceed the gross"
    if taken is None:
        taken = [deduction.of(released) for deduction in deductions]
    others = _of_others(gross, deductions, released, taken)
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


def _of_others(
    gross: int, deductions: Sequence[Deduction], released: int, taken: Sequence[int]
) -> dict[int, int]:
    """What of a release goes to others than the worker, by the place of its deduction."""
    amounts: dict[int, int] = {}
    for place, deduction in enumerate(deductions):
        if deduction.account.partition(":")[0] in _OF_THE_WORKER:
            continue
        # Of a release of a few minor units several may be due at once: it has no more than itself to give,
        # and the next release gives what this one could not.
        due = deduction.of(released + gross) - taken[place]
        amounts[place] = min(due, gross - sum(amounts.values()))
    return amounts


def fee_after(client_fee: int, placed: int, left: int) -> int:
    """How much of the client's fee stays in a hold that has so much of its work left.

    It follows from what is left alone, so that many small releases take exactly what one big one takes.
    """
    return client_fee * left // placed
