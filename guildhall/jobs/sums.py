"""What a price means to each side: the same arithmetic that will move the money, run beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from guildhall.contracts.queries import Pair, settled_between
from guildhall.contracts.rules import Terms
from guildhall.escrow.fees import WORKER_FEE_STEPS, Fees, deductions_under, fees_for
from guildhall.escrow.rules import split_release
from guildhall.jobs.models import Job
from guildhall.jobs.offers import ProposalDraft, tidy_offer
from guildhall.kernel.money import Money, basis_points_of
from guildhall.kernel.rules import HouseRules
from guildhall.people.models import Person

_NET = "net"

KIND: Final = "job"
"""What the house rules call contracts that grow from a job."""


class Levied(NamedTuple):
    """What goes to an authority or a fund, by its name, its share in basis points and the sum."""

    name: str
    basis_points: int
    sum: Money


@dataclass(frozen=True, slots=True)
class Sums:
    """A price from both sides.

    Args:
        price: what the client pays for the work.
        client_fee: what the client pays the hall besides.
        worker_fee: what the hall keeps of the price.
        levied: what authorities and funds get of it.
        net: what reaches the worker.
        first: what the client sets aside for the first milestone alone, their fee included.
        fees: the rules that these sums follow from.
    """

    price: Money
    client_fee: Money
    worker_fee: Money
    levied: tuple[Levied, ...]
    net: Money
    first: Money
    fees: Fees

    @property
    def client_total(self) -> Money:
        """Everything that the client pays."""
        return self.price + self.client_fee


def sums_of(amounts: Sequence[int], currency: str, fees: Fees, *, before: int) -> Sums:
    """The sums of milestones: each is rounded by itself, because each is released by itself.

    Args:
        amounts: of the milestones, in order, in minor units.
        currency: of each.
        fees: what is taken.
        before: minor units that the two had settled with each other before.
    """
    taken = [0] * (1 + len(fees.levies))
    net = 0
    for amount in amounts:
        own, *others = split_release(amount, deductions_under(fees, before=before), _NET)
        net += own.amount
        taken = [sum_ + line.amount for sum_, line in zip(taken, others, strict=True)]
        before += amount
    client_fees = [basis_points_of(amount, fees.client_bp) for amount in amounts]
    return Sums(
        price=Money(sum(amounts), currency),
        client_fee=Money(sum(client_fees), currency),
        worker_fee=Money(taken[0], currency),
        levied=tuple(
            Levied(levy.name, levy.basis_points, Money(sum_, currency))
            for levy, sum_ in zip(fees.levies, taken[1:], strict=True)
        ),
        net=Money(net, currency),
        first=Money(amounts[0] + client_fees[0], currency),
        fees=fees,
    )


def sums_of_terms(terms: Terms) -> Sums:
    """The sums of terms, by the fees written into them."""
    amounts = [milestone.amount for milestone in terms.milestones]
    return sums_of(amounts, terms.currency, terms.fees, before=terms.settled_before)


def fees_of_job(job: Job, worker: Person, rules: HouseRules) -> Fees:
    """What would be taken of this worker's pay for a job, under these rules."""
    return fees_for(rules, kind=KIND, currency=job.currency, country=worker.country)


def client_total_of(amounts: Sequence[int], job: Job, rules: HouseRules) -> Money:
    """Everything that a job's client pays for milestones of so many minor units, their fee included.

    Of one sum it is the most that it can come to in any number of milestones: each fee is rounded down.
    """
    share = fees_for(rules, kind=KIND, currency=job.currency, country="").client_bp
    minor = sum(amount + basis_points_of(amount, share) for amount in amounts)
    return Money(minor, job.currency)


def settled_before(offers: Iterable[tuple[Job, Person]], rules: HouseRules) -> dict[Pair, int]:
    """What the clients of these jobs and these workers have settled by now; in one query, or none.

    It decides only where the worker's fee has steps.
    """
    pairs = {(job.client_id, worker.pk, job.currency) for job, worker in offers}
    stepped = {row["currency"] for row in rules.rows_of(WORKER_FEE_STEPS)}
    return settled_between(pair for pair in pairs if pair[2] in stepped) if stepped else {}


def sums_of_offer(
    amounts: Sequence[Money], *, job: Job, worker: Person, rules: HouseRules, settled: Mapping[Pair, int]
) -> Sums:
    """The sums of an offer that nobody has accepted yet, by the fees in force.

    Args:
        amounts: of its milestones.
        job: what it answers.
        worker: whose it is.
        rules: as they stand.
        settled: what `settled_before` found.
    """
    fees = fees_of_job(job, worker, rules)
    before = settled.get((job.client_id, worker.pk, job.currency), 0)
    return sums_of([amount.minor for amount in amounts], job.currency, fees, before=before)


def reckon_offer(offer: ProposalDraft, *, job: Job, rules: HouseRules, by: Person, at: datetime) -> Sums:
    """What an offer would bring its sender if it were sent now; nothing is kept of it.

    Raises:
        Unfit: it could not be sent as written.
    """
    kept = tidy_offer(offer, title=job.title, currency=job.currency, rules=rules, at=at)
    return sums_of_offer(
        [step.amount for step in kept.milestones],
        job=job,
        worker=by,
        rules=rules,
        settled=settled_before([(job, by)], rules),
    )
