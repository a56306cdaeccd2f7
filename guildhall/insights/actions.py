"""Counting."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Sum

from guildhall.escrow.models import Release
from guildhall.insights.models import Figure
from guildhall.insights.rules import OPEN_JOBS, PAID, PEOPLE, may_be_shown, rounded, sum_may_be_shown
from guildhall.jobs.queries import open_jobs
from guildhall.people.models import Person


@transaction.atomic
def count_hall(*, at: datetime) -> int:
    """Count the public figures anew; how many may be shown. It writes no event: nothing happened."""
    found = [*_people(), *_open_jobs(), *_paid()]
    for name, currency, value in found:
        Figure.objects.update_or_create(
            name=name, currency=currency, defaults={"value": value, "counted_at": at}
        )
    Figure.objects.filter(counted_at__lt=at).delete()
    return len(found)


def _people() -> list[tuple[str, str, int]]:
    people = Person.objects.filter(is_active=True).count()
    return [(PEOPLE, "", rounded(people))] if may_be_shown(people=people) else []


def _open_jobs() -> list[tuple[str, str, int]]:
    # The list of open jobs is public, so its length says nothing new; it is told plainly.
    count = open_jobs().count()
    return [(OPEN_JOBS, "", count)] if count else []


def _paid() -> list[tuple[str, str, int]]:
    """What went to workers so far, by currency; each payer is one part of it."""
    parts: dict[str, list[int]] = defaultdict(list)
    rows = Release.objects.filter(gross__gt=0, hold__parts__number=1).values(
        "currency", payer=F("hold__parts__party")
    )
    for row in rows.annotate(paid=Sum("gross")):
        parts[row["currency"]].append(row["paid"])
    workers = dict(
        Release.objects.filter(gross__gt=0)
        .values_list("currency")
        .annotate(people=Count("worker", distinct=True))
    )
    return [
        (PAID, currency, rounded(sum(paid)))
        for currency, paid in sorted(parts.items())
        if sum_may_be_shown(people=workers[currency] + len(paid), parts=paid)
    ]
