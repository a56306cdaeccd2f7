"""Which contracts and milestones somebody may see, and how they stand."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from guildhall.contracts.models import Contract, Milestone, Refund
from guildhall.contracts.models import Terms as TermsRow
from guildhall.contracts.rules import Outcome, Standing, Terms, outcome_of_ending, terms_from_json
from guildhall.contracts.states import ASKED, HELD
from guildhall.people.models import Person


def contracts_visible_to(person: Person | None) -> QuerySet[Contract]:
    """The contracts that somebody is a side of, with both sides."""
    if person is None:
        return Contract.objects.none()
    mine = Contract.objects.filter(Q(client=person) | Q(worker=person))
    return mine.select_related("client", "worker")


def milestones_visible_to(person: Person | None) -> QuerySet[Milestone]:
    """The milestones of the contracts that somebody is a side of, with contract, sides and hold."""
    if person is None:
        return Milestone.objects.none()
    mine = Milestone.objects.filter(Q(contract__client=person) | Q(contract__worker=person))
    return mine.select_related("contract__client", "contract__worker", "hold")


def refunds_visible_to(person: Person | None) -> QuerySet[Refund]:
    """The requests for a refund within the contracts that somebody is a side of."""
    if person is None:
        return Refund.objects.none()
    mine = Refund.objects.filter(
        Q(milestone__contract__client=person) | Q(milestone__contract__worker=person)
    )
    return mine.select_related("by", "milestone__contract__client", "milestone__contract__worker")


def milestones_of(contracts: Iterable[Contract]) -> QuerySet[Milestone]:
    """The milestones of contracts that the asker has loaded, in order, with their holds."""
    rows = Milestone.objects.filter(contract__in=[contract.pk for contract in contracts])
    return rows.select_related("hold", "contract").order_by("contract_id", "number")


def refunds_asked_of(contract: Contract) -> QuerySet[Refund]:
    """The requests within a contract that still wait for the worker."""
    return Refund.objects.filter(milestone__contract=contract, state=ASKED).select_related("by", "milestone")


def refunds_overdue(*, at: datetime) -> QuerySet[Refund]:
    """The requests whose time to be answered is over; not for doors: nobody asks."""
    return (
        Refund.objects.filter(state=ASKED, answer_by__lte=at)
        .select_related("by", "milestone__contract")
        .order_by("answer_by", "pk")
    )


def terms_of(contract: Contract) -> Terms:
    """The terms in force of a contract that the asker has loaded."""
    return terms_from_json(terms_row_of(contract).body)


def terms_by_contract(contracts: Iterable[UUID]) -> dict[UUID, Terms]:
    """The terms in force of contracts that the asker may read, in one query."""
    rows = TermsRow.objects.filter(contract__in=list(contracts), number=F("contract__terms_number"))
    return {row.contract_id: terms_from_json(row.body) for row in rows}


def terms_row_of(contract: Contract) -> TermsRow:
    """The version of the terms in force, word for word."""
    return TermsRow.objects.get(contract=contract, number=contract.terms_number)


type Pair = tuple[UUID, UUID, str]
"""A client, a worker and a currency."""


def settled_between(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """What each client has paid each worker by now, before deductions, in minor units; in one query."""
    wanted = set(pairs)
    rows = Milestone.objects.filter(
        contract__client__in={client for client, _worker, _currency in wanted},
        contract__worker__in={worker for _client, worker, _currency in wanted},
        released__gt=0,
    ).values_list("contract__client", "contract__worker", "currency")
    paid = {
        (client, worker, currency): int(total)
        for client, worker, currency, total in rows.annotate(total=Sum("released")).order_by()
    }
    return {pair: paid.get(pair, 0) for pair in wanted}


def outcome_if_ended(contract: Contract, *, by_worker: bool) -> Outcome:
    """What ending the contract now would do with its money."""
    rows = Milestone.objects.filter(contract=contract).select_related("hold")
    asked = dict(
        Refund.objects.filter(milestone__contract=contract, state=ASKED).values_list("milestone_id", "amount")
    )
    standings = []
    for milestone in rows:
        hold = milestone.hold if milestone.state in HELD else None
        frozen = hold.frozen if hold else 0
        waits = asked.get(milestone.pk, 0)
        standings.append(
            Standing(
                milestone.state, free=hold.left - frozen if hold else 0, asked=waits, contested=frozen - waits
            )
        )
    return outcome_of_ending(standings, by_worker=by_worker)
