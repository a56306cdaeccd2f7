"""Figures for everybody, and what waits for the operator."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.disputes.models import Case
from guildhall.disputes.states import OPEN
from guildhall.insights.models import Figure
from guildhall.insights.rules import OPEN_JOBS, PAID, PEOPLE
from guildhall.kernel.delivery import deliveries_in_trouble, deliveries_overdue
from guildhall.kernel.money import Money
from guildhall.payments.models import GatewayNotice
from guildhall.payments.queries import payouts_waiting_for
from guildhall.people.models import Person


@dataclass(frozen=True, slots=True)
class HallFigures:
    """What the hall says of itself in public. None or empty where it would give somebody away."""

    people: int | None
    open_jobs: int | None
    paid: list[Money]


def hall_figures() -> HallFigures:
    """The public figures as they were last counted, in one small query."""
    counts: dict[str, int] = {}
    paid = []
    for figure in Figure.objects.order_by("name", "-value"):
        if figure.name == PAID:
            paid.append(Money(figure.value, figure.currency))
        else:
            counts[figure.name] = figure.value
    return HallFigures(people=counts.get(PEOPLE), open_jobs=counts.get(OPEN_JOBS), paid=paid)


@dataclass(frozen=True, slots=True)
class ThingsThatWait:
    """How many things of each kind may need a hand."""

    cases: int
    payouts: int
    suspense: int
    events: int
    overdue: int


def things_that_wait(operator: Person, *, at: datetime) -> ThingsThatWait:
    """What stands still until somebody acts, for an operator; nobody else gets to know."""
    if not operator.is_operator:
        return ThingsThatWait(0, 0, 0, 0, 0)
    return ThingsThatWait(
        cases=Case.objects.filter(state=OPEN).count(),
        payouts=payouts_waiting_for(operator).count(),
        suspense=GatewayNotice.objects.filter(outcome=GatewayNotice.Outcome.UNMATCHED).count(),
        events=deliveries_in_trouble().count(),
        overdue=deliveries_overdue(at=at),
    )
