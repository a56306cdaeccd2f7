"""Where the money of a milestone is: in escrow, clearing until, available, on its way, arrived.

One question follows a sum from its hold over each release into the worker's wallet, and on with the payout
that carried it (`following` says by which rule). The client sees it as far as the worker's wallet: what
somebody does with their own money is theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from guildhall.contracts.models import Milestone
from guildhall.escrow.models import Hold, Release
from guildhall.escrow.states import CLEARING
from guildhall.kernel.money import Money
from guildhall.ledger.windows import legs_since
from guildhall.payments.models import Payout
from guildhall.payments.queries import payouts_of
from guildhall.payments.states import SETTLED
from guildhall.people.models import Person
from guildhall.statements.following import Portion, portions_of

_PAYOUT: Final = "payout:"
_NOT_A_DEDUCTION: Final = {"net", "returned", "client_fee"}


class Place(StrEnum):
    """Where money of a milestone can be, in the order in which it comes there."""

    ESCROW = "in_escrow"
    CLEARING = "clearing"
    AVAILABLE = "available"
    ON_ITS_WAY = "on_its_way"
    ARRIVED = "arrived"
    USED = "used"  # left the wallet otherwise: set aside for other work, or taken back by a bank
    RETURNED = "returned"  # to the client


@dataclass(frozen=True, slots=True)
class Step:
    """One place on the way.

    Args:
        reached: how much of it has come here so far.
        here: how much of that is here now.
        at: when the first of it came.
        until: when the last of what is here moves on by itself.
        is_end: nothing moves on from here, as far as its reader sees.
    """

    place: Place
    reached: Money
    here: Money
    at: datetime | None = None
    until: datetime | None = None
    is_end: bool = False

    @property
    def status(self) -> str:
        """``done``, ``now`` or ``todo``."""
        if not self.reached:
            return "todo"
        return "done" if self.is_end or not self.here else "now"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The money of one milestone, for one of its two sides.

    Args:
        placed: what was set aside for the work.
        gross, net: what was released so far, before and after what is taken of it.
        frozen: what of it in escrow a case or a request holds.
        deductions: what was taken, by name.
        steps: the places in order; those out of the ordinary only where something came.
        payouts: those that carried some of it, and how much.
    """

    milestone: Milestone
    placed: Money
    gross: Money
    net: Money
    frozen: Money
    deductions: list[tuple[str, Money]]
    steps: list[Step]
    payouts: list[tuple[Payout, Money]]

    def step(self, place: Place) -> Step | None:
        """The step of a place, if it belongs to this way."""
        return next((step for step in self.steps if step.place == place), None)

    @property
    def now(self) -> Step | None:
        """Where it is now, if it is somewhere on its way: the place that comes first."""
        return next((step for step in self.steps if step.status == "now"), None) or next(
            (step for step in reversed(self.steps) if step.status == "done"), None
        )


def timelines_of(milestones: Sequence[Milestone], person: Person) -> dict[UUID, Timeline]:
    """Where the money of each milestone is, by its id; those for which none was set aside have none.

    Args:
        milestones: of contracts of which `person` is a side, with contract and hold joined.
        person: who asks.
    """
    held = [milestone for milestone in milestones if milestone.hold is not None]
    releases: dict[UUID, list[Release]] = defaultdict(list)
    rows = Release.objects.filter(hold__in=[one.hold_id for one in held]).prefetch_related("lines")
    for release in rows.order_by("at", "id"):
        releases[release.hold_id].append(release)
    own = [one for one in held if one.contract.worker_id == person.pk]
    mine = [release for one in own for release in releases[one.hold_id] if release.net]  # type: ignore[index]
    portions = _portions_of([release for release in mine if release.state != CLEARING], person)
    payouts = _payouts_behind(portions.values(), person)
    gone = _Gone(portions, payouts)
    return {
        one.pk: _timeline(one, one.hold, releases[one.hold.pk], gone if one in own else None)
        for one in held
        if one.hold is not None
    }


@dataclass(frozen=True, slots=True)
class _Gone:
    """What became of releases in their worker's own wallet, and the payouts that carried some of it."""

    portions: dict[UUID, list[Portion]]
    payouts: dict[str, Payout]


def _portions_of(matured: Sequence[Release], person: Person) -> dict[UUID, list[Portion]]:
    """What became of each release in its worker's wallet."""
    keys = {f"matured:{release.pk}": release.pk for release in matured}
    if not keys:
        return {}
    found: dict[UUID, list[Portion]] = {}
    for held, legs in legs_since(f"wallet:{person.party}", keys).values():
        gone = portions_of(held, legs)
        found |= {release: gone[key] for key, release in keys.items() if key in gone}
    return found


def _payouts_behind(portions: Iterable[Iterable[Portion]], person: Person) -> dict[str, Payout]:
    keys = {portion.by for each in portions for portion in each if portion.by.startswith(_PAYOUT)}
    if not keys:
        return {}
    ids = [UUID(key.removeprefix(_PAYOUT)) for key in keys]
    return {f"{_PAYOUT}{payout.pk}": payout for payout in payouts_of(person).filter(pk__in=ids)}


def _timeline(milestone: Milestone, hold: Hold, releases: Sequence[Release], gone: _Gone | None) -> Timeline:
    currency = hold.currency

    def money(minor: int) -> Money:
        return Money(minor, currency)

    paid = [release for release in releases if release.gross]
    back = [release for release in releases if release.returned]
    steps = [Step(Place.ESCROW, money(hold.placed), hold.money_left, hold.placed_at)]
    steps += _steps_of_clearing(paid, currency)
    carried: dict[str, int] = defaultdict(int)
    if gone is not None:
        mine = [portion for release in paid for portion in gone.portions.get(release.pk, [])]
        for portion in mine:
            if portion.by in gone.payouts:
                carried[portion.by] += portion.minor
        steps[-1:] = _steps_out_of_the_wallet(steps[-1], mine, gone.payouts, currency)
    if back:
        given = money(sum(release.returned for release in back))
        steps.append(Step(Place.RETURNED, given, given, back[0].at, is_end=True))
    taken: dict[str, int] = defaultdict(int)
    for release in paid:
        for line in release.lines.all():
            if line.name not in _NOT_A_DEDUCTION:
                taken[line.name] += line.amount
    return Timeline(
        milestone=milestone,
        placed=money(hold.placed),
        gross=money(sum(release.gross for release in paid)),
        net=money(sum(release.net for release in paid)),
        deductions=[(name, money(minor)) for name, minor in taken.items() if minor],
        steps=steps,
        payouts=[(gone.payouts[key], money(minor)) for key, minor in carried.items()] if gone else [],
        frozen=hold.money_frozen,
    )


def _steps_of_clearing(paid: Sequence[Release], currency: str) -> list[Step]:
    """Clearing, and what is free after it."""
    clearing = [release for release in paid if release.state == CLEARING]
    free = [release for release in paid if release.state != CLEARING]
    ends = [release.matures_at for release in clearing if release.matures_at]
    since = [release.matures_at or release.at for release in free]
    all_free = Money(sum(release.net for release in free), currency)
    return [
        Step(
            Place.CLEARING,
            Money(sum(release.net for release in paid), currency),
            Money(sum(release.net for release in clearing), currency),
            min((release.at for release in paid), default=None),
            max(ends, default=None),
        ),
        Step(Place.AVAILABLE, all_free, all_free, min(since, default=None), is_end=True),
    ]


def _steps_out_of_the_wallet(
    available: Step, portions: Sequence[Portion], payouts: dict[str, Payout], currency: str
) -> list[Step]:
    """What of the free money is still there, what goes to the bank, what went elsewhere."""

    def lot(chosen: Sequence[Portion]) -> Money:
        return Money(sum(portion.minor for portion in chosen), currency)

    def first(chosen: Sequence[Portion]) -> datetime | None:
        return min((portion.at for portion in chosen if portion.at), default=None)

    kept = [portion for portion in portions if not portion.by]
    out = [portion for portion in portions if portion.by in payouts]
    there = [portion for portion in out if payouts[portion.by].state == SETTLED]
    used = [portion for portion in portions if portion.by and portion.by not in payouts]
    came = max((payouts[portion.by].moved_at for portion in there), default=None)
    steps = [
        Step(Place.AVAILABLE, available.reached, lot(kept), available.at),
        Step(Place.ON_ITS_WAY, lot(out), lot(out) - lot(there), first(out)),
        Step(Place.ARRIVED, lot(there), lot(there), came, is_end=True),
    ]
    if used:
        steps.append(Step(Place.USED, lot(used), lot(used), first(used), is_end=True))
    return steps
