"""What both sides agree on, and how the hall decides about it. Pure: no tables, no clock."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guildhall.contracts import states
from guildhall.escrow.fees import Fees, Levy, deductions_under
from guildhall.escrow.rules import Deduction
from guildhall.kernel.money import Money
from guildhall.kernel.rules import house_rule

SILENCE_DAYS = house_rule(
    "silence_days",
    unit="days",
    default=10,
    low=3,
    high=60,
    meaning=_("Delivered work that the client leaves unanswered for so long is paid."),
)
REFUND_DAYS = house_rule(
    "refund_days",
    unit="days",
    default=7,
    low=1,
    high=30,
    meaning=_("A request for a refund that the worker leaves unanswered for so long becomes a case."),
)
WARNING_DAYS: Final = (5, 1)
"""So many days before silence pays a delivery, its client is told."""
HEARING_DAYS: Final = 3
"""When the worker declines a refund or takes a case back, the client keeps at least so long to open a case
before the clock releases the money."""


@dataclass(frozen=True, slots=True)
class MilestoneTerms:
    """One milestone as agreed.

    Args:
        title: what it is for.
        amount: minor units of the terms' currency.
        due: the day by which it was promised, or None.
    """

    title: str
    amount: int
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the two sides agree on. Two terms are the same when their hashes are.

    Args:
        title, brief: the work, in the client's words.
        deliverables: what is to be handed over, numbered from 1 by their place.
        milestones: at least one, in order.
        currency: of every amount in here.
        client, worker: the two persons.
        worker_fee_bp, client_fee_bp: the hall's fees in basis points.
        silence_days: after which unanswered delivered work is paid.
        clearing_days: which earnings wait before they are free.
        rules_version: the house rules that these numbers were taken from.
        delivery: the day by which all of it is promised; None in terms from before it was agreed on.
        fee_steps: where the worker's fee changes: ``(over, basis points)`` in minor units, rising.
        settled_before: what the two had settled with each other when they agreed; it counts for the steps.
        levies: what of the earnings goes to authorities and funds.
    """

    title: str
    brief: str
    deliverables: tuple[str, ...]
    milestones: tuple[MilestoneTerms, ...]
    currency: str
    client: UUID
    worker: UUID
    worker_fee_bp: int
    client_fee_bp: int
    silence_days: int
    clearing_days: int
    rules_version: int
    delivery: date | None = None
    fee_steps: tuple[tuple[int, int], ...] = ()
    settled_before: int = 0
    levies: tuple[Levy, ...] = ()

    @property
    def total(self) -> Money:
        """The sum of the milestones."""
        return Money(sum(milestone.amount for milestone in self.milestones), self.currency)

    @property
    def fees(self) -> Fees:
        """What is taken of its payments."""
        return Fees(self.worker_fee_bp, self.client_fee_bp, self.fee_steps, self.levies)

    def as_json(self) -> dict[str, Any]:
        """These terms as JSON values; what is not agreed is left out, as in terms that knew nothing of it."""
        promised = {"delivery": self.delivery.isoformat()} if self.delivery else {}
        stepped = (
            {"fee_steps": [list(step) for step in self.fee_steps], "settled_before": self.settled_before}
            if self.fee_steps
            else {}
        )
        levied = {"levies": [asdict(levy) for levy in self.levies]} if self.levies else {}
        return {
            **promised,
            **stepped,
            **levied,
            "title": self.title,
            "brief": self.brief,
            "deliverables": list(self.deliverables),
            "milestones": [
                {
                    "title": milestone.title,
                    "amount": milestone.amount,
                    "due": milestone.due.isoformat() if milestone.due else None,
                }
                for milestone in self.milestones
            ],
            "currency": self.currency,
            "client": str(self.client),
            "worker": str(self.worker),
            "worker_fee_bp": self.worker_fee_bp,
            "client_fee_bp": self.client_fee_bp,
            "silence_days": self.silence_days,
            "clearing_days": self.clearing_days,
            "rules_version": self.rules_version,
        }

    @property
    def canonical(self) -> str:
        """The one text that stands for these terms: sorted keys, no spaces, nothing escaped."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal digits."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """The terms that `as_json` wrote."""
        return cls(
            **{
                **values,
                "deliverables": tuple(values["deliverables"]),
                "milestones": tuple(
                    MilestoneTerms(
                        title=one["title"],
                        amount=one["amount"],
                        due=_day(one["due"]),
                    )
                    for one in values["milestones"]
                ),
                "client": UUID(values["client"]),
                "worker": UUID(values["worker"]),
                "delivery": _day(values.get("delivery")),
                "fee_steps": tuple((over, share) for over, share in values.get("fee_steps", ())),
                "levies": tuple(Levy(**levy) for levy in values.get("levies", ())),
            }
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def terms_from_json(values: Mapping[str, Any] | str) -> Terms:
    """Terms from their JSON values or their canonical text."""
    return Terms.read(json.loads(values) if isinstance(values, str) else values)


def deductions_of(terms: Terms, number: int) -> list[Deduction]:
    """What each release of a milestone owes to others than the worker: the hall's fee first, then the levies.

    For the steps of the fee, the milestones before it count as settled, whichever is released first: so what
    each pays follows from the terms alone.

    Args:
        terms: as agreed.
        number: the milestone's place in them, from 1.
    """
    before = terms.settled_before + sum(one.amount for one in terms.milestones[: number - 1])
    return deductions_under(terms.fees, before=before)


def release_instant(*, delivered_at: datetime, silence_days: int) -> datetime:
    """When silence pays a delivery: whole days of 24 hours, so no local clock shortens or lengthens it."""
    return delivered_at + timedelta(days=silence_days)


def warning_due(
    *, delivered_at: datetime, release_at: datetime, warned: int | None, at: datetime
) -> int | None:
    """Of how many days left to tell the client now; None when there is nothing to tell, or no more.

    A time to answer no longer than a warning's days needs no such warning: the delivery said when it ends.

    Args:
        delivered_at: when the client's time began.
        release_at: when silence pays.
        warned: of how many days left they were told last, about this delivery.
        at: now.
    """
    for days in sorted(WARNING_DAYS):
        ahead = timedelta(days=days)
        if release_at - ahead <= at < release_at and ahead < release_at - delivered_at:
            return days if warned is None or days < warned else None
    return None


def finished_state(state: str, *, released: int, returned: int) -> str:
    """The last state of a milestone whose money is all gone. Undelivered work is never *released*."""
    if not released:
        return states.RETURNED
    return states.SETTLED if returned or state == states.FUNDED else states.RELEASED


@dataclass(frozen=True, slots=True)
class Standing:
    """How one milestone stands when somebody thinks of ending the contract.

    Args:
        state: of the milestone.
        free: held and not frozen.
        asked: held, frozen by an unanswered request for a refund.
        contested: held, frozen by an open case.
    """

    state: str
    free: int
    asked: int
    contested: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ending a contract does with the money that is held.

    Args:
        returned: goes back to the client at once.
        asked: the worker is asked to give it back.
        delivered: stays with its delivery and its clock.
        contested: stays until its case is decided.
        dropped: milestones for which nothing was set aside yet.
    """

    returned: int
    asked: int
    delivered: int
    contested: int
    dropped: int

    @property
    def ends_at_once(self) -> bool:
        """Whether nothing is held any more afterwards."""
        return not (self.asked or self.delivered or self.contested)


def outcome_of_ending(standings: Iterable[Standing], *, by_worker: bool) -> Outcome:
    """What ending does: a worker gives undelivered money back, a client can only ask for it."""
    returned = asked = delivered = contested = dropped = 0
    for one in standings:
        contested += one.contested
        if one.state == states.PLANNED:
            dropped += 1
        elif one.state == states.DELIVERED:
            delivered += one.free
            asked += one.asked
        elif one.state in states.HELD and by_worker:
            returned += one.free + one.asked
        elif one.state in states.HELD:
            asked += one.free + one.asked
    return Outcome(returned, asked, delivered, contested, dropped)
