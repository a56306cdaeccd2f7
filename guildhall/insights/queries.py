"""Figures for everybody, and what waits for the operator."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.disputes.models import Case
from guildhall.disputes.states import OPEN
from guildhall.insights.models import Figure
from guildhall.insights.rules import OPEN_JOBS, PAID, PEOPLE
from guildhall.insights.signs import house_trouble_seen_by
from guildhall.kernel.delivery import deliveries_in_trouble, deliveries_overdue
from guildhall.kernel.money import Money
from guildhall.ledger.queries import open_differences
from guildhall.payments.queries import money_that_waits, payouts_waiting_for, unmatched_notices_seen_by
from guildhall.people.models import Person
from guildhall.people.queries import adjudicators


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

    broken: int = 0
    failing: int = 0
    cases: int = 0
    overdue_cases: int = 0
    lacks_adjudicator: int = 0
    payouts: int = 0
    suspense: int = 0
    differences: int = 0
    late_differences: int = 0
    events: int = 0
    overdue: int = 0
    old_deposits: int = 0
    slow_payouts: int = 0
    unsent_batches: int = 0
    practice_notices: int = 0


def things_that_wait(operator: Person, *, at: datetime) -> ThingsThatWait:
    """What stands still until somebody acts, for an operator; nobody else gets to know."""
    if not operator.is_operator:
        return ThingsThatWait()
    cases = Case.objects.filter(state=OPEN)
    money = money_that_waits(operator, at=at)
    house = house_trouble_seen_by(operator)
    differences = open_differences()
    return ThingsThatWait(
        broken=len(house.broken),
        failing=len(house.failing),
        cases=cases.count(),
        overdue_cases=cases.filter(rule_by__lt=at).count(),
        lacks_adjudicator=int(not adjudicators().exists()),
        payouts=payouts_waiting_for(operator).count(),
        suspense=unmatched_notices_seen_by(operator).count(),
        differences=differences.count(),
        late_differences=differences.filter(answer_by__lt=at).count(),
        events=deliveries_in_trouble().count(),
        overdue=deliveries_overdue(at=at),
        old_deposits=money.deposits.count(),
        slow_payouts=money.payouts.count(),
        unsent_batches=money.batches.count(),
        practice_notices=money.notices.count(),
    )
