"""What a price means to each side: the same arithmetic that will move the money, run beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.contracts.rules import Terms
from guildhall.escrow.rules import CLIENT_FEE, WORKER_FEE, Deduction, split_release
from guildhall.jobs.models import Job
from guildhall.jobs.offers import ProposalDraft, tidy_offer
from guildhall.jobs.rules import MINIMUM_FIXED
from guildhall.kernel.money import Money, basis_points_of
from guildhall.kernel.rules import HouseRules

_NET = "net"


@dataclass(frozen=True, slots=True)
class Sums:
    """A price from both sides.

    Args:
        price: what the client pays for the work.
        client_fee: what the client pays the hall besides.
        worker_fee: what the hall keeps of the price.
        net: what reaches the worker.
        first: what the client sets aside for the first milestone alone, their fee included.
        worker_fee_bp, client_fee_bp: the fees in basis points.
    """

    price: Money
    client_fee: Money
    worker_fee: Money
    net: Money
    first: Money
    worker_fee_bp: int
    client_fee_bp: int

    @property
    def client_total(self) -> Money:
        """Everything that the client pays."""
        return self.price + self.client_fee


def sums_of(amounts: Sequence[int], currency: str, *, worker_fee_bp: int, client_fee_bp: int) -> Sums:
    """The sums of milestones: each is rounded by itself, because each is released by itself."""
    deductions = [Deduction("fees:work", worker_fee_bp, "fee")]
    nets = [
        line.amount
        for amount in amounts
        for line in split_release(amount, deductions, _NET)
        if line.account == _NET
    ]
    fees = [basis_points_of(amount, client_fee_bp) for amount in amounts]
    price, net = sum(amounts), sum(nets)
    return Sums(
        price=Money(price, currency),
        client_fee=Money(sum(fees), currency),
        worker_fee=Money(price - net, currency),
        net=Money(net, currency),
        first=Money(amounts[0] + fees[0], currency),
        worker_fee_bp=worker_fee_bp,
        client_fee_bp=client_fee_bp,
    )


def sums_of_terms(terms: Terms) -> Sums:
    """The sums of terms, by the fees written into them."""
    amounts = [milestone.amount for milestone in terms.milestones]
    return sums_of(
        amounts, terms.currency, worker_fee_bp=terms.worker_fee_bp, client_fee_bp=terms.client_fee_bp
    )


def sums_of_offer(amounts: Sequence[Money], rules: HouseRules) -> Sums:
    """The sums of an offer that nobody has accepted yet, by the fees in force."""
    return sums_of(
        [amount.minor for amount in amounts],
        amounts[0].currency,
        worker_fee_bp=rules[WORKER_FEE],
        client_fee_bp=rules[CLIENT_FEE],
    )


def reckon_offer(offer: ProposalDraft, *, job: Job, rules: HouseRules, at: datetime) -> Sums:
    """What an offer would bring if it were sent now; nothing is kept of it.

    Raises:
        Unfit: it could not be sent as written.
    """
    kept = tidy_offer(
        offer, title=job.title, currency=job.currency, minimum_fixed=rules[MINIMUM_FIXED], at=at
    )
    return sums_of_offer([step.amount for step in kept.milestones], rules)
