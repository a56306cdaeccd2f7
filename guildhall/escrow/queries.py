"""Questions about holds, from the one who asks."""

from collections.abc import Sequence

from django.db.models import QuerySet

from guildhall.escrow.models import Hold, Release
from guildhall.escrow.states import CLEARING, OPEN
from guildhall.people.models import Person


def holds_paid_by(person: Person) -> QuerySet[Hold]:
    """What this person has set aside."""
    return Hold.objects.filter(parts__party=person.party)


def open_holds_paid_by(person: Person) -> QuerySet[Hold]:
    """What of it is still there."""
    return holds_paid_by(person).filter(state=OPEN)


def open_holds_earned_by(person: Person) -> QuerySet[Hold]:
    """What others have set aside for this person's work."""
    return Hold.objects.filter(worker=person.party, state=OPEN)


def releases_earned_by(person: Person) -> QuerySet[Release]:
    """What this person has been paid."""
    return (
        Release.objects.filter(worker=person.party, net__gt=0)
        .select_related("hold")
        .prefetch_related("lines")
    )


def earnings_in_clearing_of(person: Person) -> Sequence[Release]:
    """What this person has earned and cannot spend yet, the next to be free first."""
    return list(
        Release.objects.filter(worker=person.party, state=CLEARING)
        .select_related("hold")
        .order_by("matures_at", "id")[:100]
    )
