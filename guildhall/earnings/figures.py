"""What a certificate counts: income by month as the books have it, and for how many clients it was earned."""

from collections import defaultdict
from datetime import UTC, date, datetime

from guildhall.earnings.rules import Income, MonthEarned, months_before, months_within
from guildhall.escrow.models import HoldPart
from guildhall.escrow.states import MATURED
from guildhall.ledger.spans import flow_by_month
from guildhall.people.models import Person


def income_of(person: Person, *, first: date, last: date) -> tuple[Income, ...]:
    """What became free to spend of a person's earnings, after all fees, in whole months, by currency.

    `first` and `last` are the first days of the first and the last month. Months in between that brought
    nothing count in the average.
    """
    found: dict[str, dict[date, int]] = defaultdict(dict)
    since, before = _instants(first, last)
    for month, net in flow_by_month(
        f"clearing:{person.party}", f"wallet:{person.party}", since=since, before=before
    ):
        found[net.currency][month] = net.minor
    months = months_within(first, last)
    return tuple(
        Income(
            currency=currency,
            total=sum(earned.values()),
            average=sum(earned.values()) // len(months),
            by_month=tuple(MonthEarned(month=f"{month:%Y-%m}", net=earned.get(month, 0)) for month in months),
        )
        for currency, earned in sorted(found.items())
    )


def clients_of(person: Person, *, first: date, last: date) -> int:
    """For how many clients that income was earned."""
    since, before = _instants(first, last)
    payers = HoldPart.objects.filter(
        hold__releases__worker=person.party,
        hold__releases__state=MATURED,
        hold__releases__moved_at__gte=since,
        hold__releases__moved_at__lt=before,
    )
    return payers.values("party").distinct().count()


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    after = months_before(last, -1)
    return (
        datetime(first.year, first.month, 1, tzinfo=UTC),
        datetime(after.year, after.month, 1, tzinfo=UTC),
    )
