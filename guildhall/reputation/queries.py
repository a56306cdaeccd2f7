"""What is known of somebody as a client or as a worker, and what was said of them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Aggregate, QuerySet

from guildhall.contracts.models import Contract
from guildhall.people.models import Person
from guildhall.reputation.models import Fact, Feedback
from guildhall.reputation.rules import ClientFacts, FactKind, WorkerFacts

_FACTS = """
SELECT person_id, kind, count(*), avg(value)::numeric(20, 4),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY value)
  FROM reputation_fact WHERE person_id = ANY(%s) GROUP BY person_id, kind
"""


def client_facts(person_ids: Iterable[UUID]) -> dict[UUID, ClientFacts]:
    """What is known of these people as clients, in one query; everybody asked for is in the answer."""
    return {person: _client(facts) for person, facts in _facts_of(person_ids).items()}


def worker_facts(person_ids: Iterable[UUID]) -> dict[UUID, WorkerFacts]:
    """What is known of these people as workers, in one query; everybody asked for is in the answer."""
    return {person: _worker(facts) for person, facts in _facts_of(person_ids).items()}


type _Facts = dict[str, tuple[int, Any, int | None]]


class _Median(Aggregate):
    """The middle value; of an even number the lower one of the two."""

    name = "Median"
    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.BigIntegerField()


def prompt_payments(*, days: int) -> QuerySet[Fact, Any]:
    """One row for each client whose median wait from a delivery to the money is at most so many days.

    Meant for ``Exists(prompt_payments(days=3).filter(person=OuterRef("client")))``: so a list looks up the
    clients on it and never all there are.
    """
    longest = days * 24 * 60 * 60
    rows = Fact.objects.filter(kind=FactKind.PAID).values("person")
    return rows.annotate(waited=_Median("value")).filter(waited__lte=longest)


def _facts_of(person_ids: Iterable[UUID]) -> dict[UUID, _Facts]:
    """Count, average and median of each kind of fact, by person."""
    found: dict[UUID, _Facts] = {person: {} for person in person_ids}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(_FACTS, [list(found)])
            for person, kind, count, average, median in cursor.fetchall():
                found[person][kind] = (count, average, median)
    return found


def _count(facts: _Facts, kind: FactKind) -> int:
    return facts[kind][0] if kind in facts else 0


def _stars(facts: _Facts, kind: FactKind) -> int | None:
    return round(facts[kind][1] * 100) if kind in facts else None


def _client(facts: _Facts) -> ClientFacts:
    waited = facts[FactKind.PAID][2] if FactKind.PAID in facts else None
    return ClientFacts(
        posts=_count(facts, FactKind.POST_OPENED),
        hires=_count(facts, FactKind.POST_FILLED),
        finished=_count(facts, FactKind.JOB_FINISHED),
        paid=_count(facts, FactKind.PAID),
        paid_silently=_count(facts, FactKind.PAID_BY_SILENCE),
        pays_after=None if waited is None else timedelta(seconds=waited),
        changes_asked=_count(facts, FactKind.CHANGES_ASKED),
        refused=_count(facts, FactKind.DELIVERY_REFUSED),
        stars=_stars(facts, FactKind.STARS_AS_CLIENT),
        reviews=_count(facts, FactKind.STARS_AS_CLIENT),
    )


def _worker(facts: _Facts) -> WorkerFacts:
    return WorkerFacts(
        finished=_count(facts, FactKind.WORK_FINISHED),
        paid_milestones=_count(facts, FactKind.EARNED),
        stars=_stars(facts, FactKind.STARS_AS_WORKER),
        reviews=_count(facts, FactKind.STARS_AS_WORKER),
    )


def feedback_about_worker(person: Person) -> QuerySet[Feedback]:
    """What clients said of somebody's work and is shown, newest first; everybody may read it."""
    return _shown_about(person).filter(contract__worker=person)


def feedback_about_client(person: Person) -> QuerySet[Feedback]:
    """What workers said of somebody who hired them and is shown, newest first; everybody may read it."""
    return _shown_about(person).filter(contract__client=person)


def _shown_about(person: Person) -> QuerySet[Feedback]:
    shown = Feedback.objects.filter(about=person, revealed_at__isnull=False)
    return shown.select_related("by", "contract").order_by("-revealed_at", "-id")


def feedback_on(contract: Contract, person: Person) -> dict[str, Feedback]:
    """What a side of a contract may read of its feedback: ``mine`` always, ``theirs`` once it is shown."""
    seen: dict[str, Feedback] = {}
    for feedback in Feedback.objects.filter(contract=contract).select_related("by", "about"):
        if feedback.by_id == person.pk:
            seen["mine"] = feedback
        elif feedback.revealed_at is not None and feedback.about_id == person.pk:
            seen["theirs"] = feedback
    return seen
