"""Which cases somebody may see."""

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from guildhall.contracts.models import Contract
from guildhall.disputes.models import Case, Contention, Offer, Ruling
from guildhall.disputes.states import OPEN
from guildhall.kernel.money import Money
from guildhall.people.models import Person


def cases_visible_to(person: Person | None) -> QuerySet[Case]:
    """The cases of somebody's own contracts; and for an adjudicator, all open ones and those they ruled."""
    if person is None:
        return Case.objects.none()
    seen = Q(milestone__contract__client=person) | Q(milestone__contract__worker=person)
    if person.is_adjudicator:
        seen |= Q(state=OPEN) | Q(adjudicator=person)
    return _as_shown(Case.objects.filter(seen))


def cases_of(person: Person) -> QuerySet[Case]:
    """The cases of which somebody is a side."""
    mine = Q(milestone__contract__client=person) | Q(milestone__contract__worker=person)
    return _as_shown(Case.objects.filter(mine))


def cases_to_rule(person: Person | None) -> QuerySet[Case]:
    """The open cases that an adjudicator may rule: none of their own."""
    if person is None or not person.is_adjudicator:
        return Case.objects.none()
    own = Q(milestone__contract__client=person) | Q(milestone__contract__worker=person)
    return _as_shown(Case.objects.filter(state=OPEN).exclude(own))


def subject_of(case: Case) -> str:
    """The subject of a case's conversation."""
    return f"case:{case.pk}"


def is_anybodys(case: Case, *, at: datetime) -> bool:
    """Whether any adjudicator may take a case: nobody has it who can rule, or whoever has it is late."""
    taker = case.adjudicator
    return taker is None or not (taker.is_adjudicator and taker.is_active) or at > case.rule_by


def _as_shown(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related(
        "opened_by",
        "adjudicator",
        "milestone__hold",
        "milestone__contract__client",
        "milestone__contract__worker",
    )


def open_cases_of(contract: Contract) -> QuerySet[Case]:
    """The open cases of a contract that the asker has loaded, one for a milestone at most, newest first."""
    return (
        Case.objects.filter(milestone__contract=contract, state=OPEN)
        .select_related("opened_by", "milestone")
        .order_by("-opened_at", "-id")
    )


def contentions_in(case: Case) -> QuerySet[Contention]:
    """What was contested more in a case that the asker has loaded, the oldest first."""
    return Contention.objects.filter(case=case).select_related("by", "refund").order_by("at", "id")


def contested_at_opening(case: Case) -> Money:
    """What a case that the asker has loaded contested when it was opened."""
    more = Contention.objects.filter(case=case).aggregate(sum=Sum("contested"))["sum"]
    return Money(case.contested - int(more or 0), case.currency)


def is_widened_by_other(case: Case) -> bool:
    """Whether the other side than its opener has contested more in a case that the asker has loaded."""
    return Contention.objects.filter(case=case).exclude(by=case.opened_by_id).exists()


def offers_in(case: Case, person: Person) -> QuerySet[Offer]:
    """The offers of a case that the asker has loaded: for its two sides and whoever has it, newest first."""
    contract = case.milestone.contract
    if person.pk not in {contract.client_id, contract.worker_id, case.adjudicator_id}:
        return Offer.objects.none()
    return Offer.objects.filter(case=case).select_related("by", "case").order_by("-at", "-id")


def ruling_of(case: Case) -> Ruling | None:
    """How a case that the asker has loaded was ruled."""
    return Ruling.objects.filter(case=case).select_related("by").first()


def offers_visible_to(person: Person | None) -> QuerySet[Offer]:
    """The offers within the cases of somebody's own contracts."""
    if person is None:
        return Offer.objects.none()
    mine = Q(case__milestone__contract__client=person) | Q(case__milestone__contract__worker=person)
    return Offer.objects.filter(mine).select_related("by", "case")
