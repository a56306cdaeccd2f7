"""Questions about holds, from the one who asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from guildhall.escrow.models import Hold, Release, ReleaseLine
from guildhall.escrow.rules import Deduction, Line, split_release
from guildhall.escrow.states import CLEARING, OPEN
from guildhall.kernel.money import Money
from guildhall.ledger.queries import currencies_of
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


def earnings_in_clearing_of(person: Person, currency: str = "") -> Sequence[Release]:
    """What this person has earned and cannot spend yet, the next to be free first; at most a hundred."""
    clearing = _in_clearing(person).select_related("hold").order_by("matures_at", "id")
    return list((clearing.filter(currency=currency) if currency else clearing)[:100])


def _in_clearing(person: Person) -> QuerySet[Release]:
    return Release.objects.filter(worker=person.party, state=CLEARING)


def currencies_kept_for(person: Person) -> list[str]:
    """Every currency of which this person has something, ever had, or will have for work under way."""
    held = currencies_of([f"wallet:{person.party}", f"clearing:{person.party}"])
    return sorted({*held, *open_holds_earned_by(person).values_list("currency", flat=True).distinct()})


@dataclass(frozen=True, slots=True)
class Lot:
    """How many there are of something, and what they add up to: of all of them, not of those on a page."""

    count: int
    sum: Money


@dataclass(frozen=True, slots=True)
class Aside:
    """A person's money that lies in holds or clears, in one currency."""

    for_you: Lot
    by_you: Lot
    clearing: Lot


def aside_of(person: Person, currency: str) -> Aside:
    """What lies in holds for this person, what they set aside (fee included), and what they earned."""

    def lot(found: dict[str, int | None]) -> Lot:
        return Lot(found["count"] or 0, Money(int(found["sum"] or 0), currency))

    earned = open_holds_earned_by(person).filter(currency=currency)
    paid = open_holds_paid_by(person).filter(currency=currency)
    return Aside(
        for_you=lot(earned.aggregate(count=Count("pk"), sum=Sum("left"))),
        by_you=lot(paid.aggregate(count=Count("pk"), sum=Sum(F("left") + F("client_fee_left")))),
        clearing=lot(
            _in_clearing(person).filter(currency=currency).aggregate(count=Count("pk"), sum=Sum("net"))
        ),
    )


def agreed_of(hold: Hold) -> list[Deduction]:
    """What each release of a hold owes to others than the worker, as agreed."""
    return [Deduction.read(deduction) for deduction in hold.deductions]


def taken_from(holds: Iterable[Hold]) -> dict[UUID, list[int]]:
    """What each agreed deduction has taken of each hold so far, in minor units, in one query."""
    agreed = {hold.pk: agreed_of(hold) for hold in holds}
    rows = ReleaseLine.objects.filter(release__hold__in=list(agreed)).values_list(
        "release__hold", "account", "name"
    )
    taken = {
        (hold, account, name): int(total)
        for hold, account, name, total in rows.annotate(total=Sum("amount")).order_by()
    }
    return {
        hold: [taken.get((hold, one.account, one.name), 0) for one in deductions]
        for hold, deductions in agreed.items()
    }


def divide_next(hold: Hold, gross: int, worker_account: str) -> list[Line]:
    """How the next so many minor units that leave a hold for the worker's side are divided.

    The release does it by these lines, and the preview before it shows them.
    """
    if hold.left == hold.placed:
        return split_release(gross, agreed_of(hold), worker_account)
    gone = Release.objects.filter(hold=hold).aggregate(gross=Sum("gross", default=0))["gross"]
    return split_release(
        gross, agreed_of(hold), worker_account, released=gone, taken=taken_from([hold])[hold.pk]
    )
