"""The totals of a year as tax forms ask for them: of one person, of all workers, and what was withheld.

Years are in UTC. What was earned belongs to the year of its release: then it was the worker's. What moved in
the wallet belongs to the year in which it moved, so what comes back later stands in its own year.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core import signing
from django.db import connection
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from guildhall.escrow.models import Release, ReleaseLine
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page
from guildhall.ledger.months import balance_at
from guildhall.ledger.queries import currencies_of
from guildhall.ledger.spans import changes_by_kind
from guildhall.people.models import Person

_SALT: Final = "guildhall.earnings.workers"
_AT_ONCE: Final = 500
_PAYER: Final = ("net", "client_fee", "returned")
"""Lines of a release that take nothing of what the worker earned."""


@dataclass(frozen=True, slots=True)
class Deducted:
    """What was taken of earnings under one name, and into which account."""

    name: str
    account: str
    sum: Money

    @property
    def is_tax(self) -> bool:
        """Whether it was withheld for an authority."""
        return self.account.startswith("tax:")


@dataclass(frozen=True, slots=True)
class YearOfOne:
    """One year in one currency: ``gross = net + Σ deducted`` and ``opening + Σ moved = closing``.

    Args:
        gross, net: of what was released in the year.
        deducted: by name, fees and levies alike.
        paid_out: what left for the person's bank, less what came back.
        opening, closing: what the wallet held when the year began, and at its end or now.
        moved: what each kind of movement changed in it, as in its statements.
    """

    year: int
    currency: str
    gross: Money
    net: Money
    deducted: list[Deducted]
    paid_out: Money
    opening: Money
    closing: Money
    moved: list[tuple[str, Money]]


@dataclass(frozen=True, slots=True)
class YearOfWorker:
    """One worker's year in one currency, for the operator."""

    person: str
    name: str
    country: str
    currency: str
    gross: Money
    net: Money
    deducted: list[Deducted]
    paid_out: Money


def read_year(text: str | int) -> int:
    """A year that a hall can have had.

    Raises:
        NotFound: it is none.
    """
    year = str(text)
    if not (len(year) == 4 and year.isascii() and year.isdigit() and "1970" <= year <= "9000"):  # noqa: PLR2004
        raise NotFound
    return int(year)


def years_since_joining(person: Person, *, at: datetime) -> list[int]:
    """The years of somebody's membership, the last first."""
    return list(range(at.astimezone(UTC).year, person.joined_at.astimezone(UTC).year - 1, -1))


def year_of(person: Person, year: int) -> list[YearOfOne]:
    """A person's totals of a year, by currency; currencies in which nothing was are left out."""
    since, before = _bounds(year)
    wallet = f"wallet:{person.party}"
    earned = {
        row["currency"]: row
        for row in Release.objects.filter(worker=person.party, at__gte=since, at__lt=before, gross__gt=0)
        .values("currency")
        .annotate(gross_sum=Sum("gross"), net_sum=Sum("net"))
        .order_by("currency")
    }
    deducted = _deducted([person.party], since, before)
    moved = changes_by_kind([wallet], since=since, before=before)
    found = []
    for currency in sorted({*earned, *currencies_of([wallet])}):
        opening = balance_at(wallet, currency, since - timedelta(microseconds=1))
        changes = moved.get((wallet, currency), [])
        if currency not in earned and not changes and not opening:
            continue
        nothing = Money(0, currency)
        row = earned.get(currency, {"gross_sum": 0, "net_sum": 0})
        found.append(
            YearOfOne(
                year=year,
                currency=currency,
                gross=Money(int(row["gross_sum"]), currency),
                net=Money(int(row["net_sum"]), currency),
                deducted=deducted.get((person.party, currency), []),
                paid_out=_paid_out(changes, nothing),
                opening=opening,
                closing=sum((change for _kind, change in changes), opening),
                moved=changes,
            )
        )
    return found


def _deducted(
    parties: Sequence[str], since: datetime, before: datetime
) -> dict[tuple[str, str], list[Deducted]]:
    rows = (
        ReleaseLine.objects.filter(
            release__worker__in=parties, release__at__gte=since, release__at__lt=before, amount__gt=0
        )
        .exclude(name__in=_PAYER)
        .values("name", "account", worker=F("release__worker"), currency=F("release__currency"))
        .annotate(sum=Sum("amount"))
        .order_by("worker", "currency", "account", "name")
    )
    found: dict[tuple[str, str], list[Deducted]] = defaultdict(list)
    for row in rows:
        taken = Money(int(row["sum"]), row["currency"])
        found[row["worker"], row["currency"]].append(Deducted(row["name"], row["account"], taken))
    return found


def _paid_out(changes: Sequence[tuple[str, Money]], nothing: Money) -> Money:
    return -sum((change for kind, change in changes if kind.startswith("payout.")), nothing)


_WORKERS = """
SELECT person.id::text, person.name, person.country, earned.currency, earned.gross, earned.net
FROM (
    SELECT worker, currency, sum(gross)::bigint AS gross, sum(net)::bigint AS net
    FROM escrow_release WHERE at >= %(since)s AND at < %(before)s AND gross > 0
    GROUP BY worker, currency
) earned JOIN people_person person ON earned.worker = 'person:' || person.id
WHERE (%(country)s = '' OR person.country = %(country)s)
    AND (person.country, person.id::text, earned.currency) > (%(c)s, %(p)s, %(m)s)
ORDER BY person.country, person.id::text, earned.currency LIMIT %(size)s
"""


def workers_of_year(
    operator: Person, year: int, *, country: str = "", after: str = "", size: int = 20
) -> Page[YearOfWorker]:
    """Who earned in a year, by the country that each names today; for operators.

    Args:
        operator: who asks.
        year: which.
        country: only those of one.
        after: the `next` of the page before.
        size: at most 500.

    Raises:
        Unfit: the cursor is not one of ours.
    """
    if not operator.is_operator:
        return Page([], "")
    size = max(1, min(size, _AT_ONCE))
    since, before = _bounds(year)
    place = _read_cursor(after) if after else ("", "", "")
    asked: dict[str, str | int | datetime] = {"since": since, "before": before, "country": country}
    asked |= {"size": size + 1, **dict(zip("cpm", place, strict=True))}
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, asked)
        rows = cursor.fetchall()
    parties = [f"person:{row[0]}" for row in rows[:size]]
    deducted = _deducted(parties, since, before)
    moved = changes_by_kind([f"wallet:{party}" for party in parties], since=since, before=before)
    found = [
        YearOfWorker(
            person=person,
            name=name,
            country=land,
            currency=currency,
            gross=Money(gross, currency),
            net=Money(net, currency),
            deducted=deducted.get((f"person:{person}", currency), []),
            paid_out=_paid_out(moved.get((f"wallet:person:{person}", currency), []), Money(0, currency)),
        )
        for person, name, land, currency, gross, net in rows[:size]
    ]
    more = len(rows) > size
    last = found[-1] if found else None
    return Page(
        found, signing.dumps([last.country, last.person, last.currency], salt=_SALT) if more and last else ""
    )


def all_workers_of_year(operator: Person, year: int, *, country: str = "") -> Iterator[YearOfWorker]:
    """All of them, read as they are asked for."""
    after = ""
    while True:
        page = workers_of_year(operator, year, country=country, after=after, size=_AT_ONCE)
        yield from page.rows
        after = page.next
        if not after:
            return


def kept_for_others_in(operator: Person, year: int) -> list[tuple[str, Money]]:
    """What a year's releases kept for each authority and fund, by its account; for operators."""
    if not operator.is_operator:
        return []
    since, before = _bounds(year)
    rows = (
        ReleaseLine.objects.filter(release__at__gte=since, release__at__lt=before, amount__gt=0)
        .filter(account__regex="^(tax|benefit):")
        .values("account", currency=F("release__currency"))
        .annotate(sum=Sum("amount"))
        .order_by("account", "currency")
    )
    return [(row["account"], Money(int(row["sum"]), row["currency"])) for row in rows]


def years_of_hall(*, at: datetime) -> list[int]:
    """The years in which work was paid, the last first; at least this one."""
    first = Release.objects.order_by("id").values_list("at", flat=True).first()
    now = at.astimezone(UTC).year
    return list(range(now, min(now, first.astimezone(UTC).year if first else now) - 1, -1))


def _bounds(year: int) -> tuple[datetime, datetime]:
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


def _read_cursor(text: str) -> tuple[str, str, str]:
    try:
        country, person, currency = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Unfit(
            _("That page of the list does not exist. Start from the first."), field="after"
        ) from error
    return country, person, currency
