"""C24: numbers without a gap, whoever races and whatever is undone."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.escrow.models import Release
from guildhall.invoicing.actions import issue_credit_note, issue_invoices
from guildhall.invoicing.actions.numbering import write_numbered
from guildhall.invoicing.models import HALL, Invoice, Series
from guildhall.invoicing.rules import Category, Identity, Kind
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from tests.builders.contracts import HOUR, a_delivered_milestone, what_is_broken
from tests.builders.papers import a_paid_milestone, heard, papers_of
from tests.cast import NOW, a_person
from tests.racing import all_at_once, ends_of

MANY = 32
NOBODY = Identity(name="Nobody").as_json()


def released(client: Person, worker: Person) -> Release:
    """A release whose news nobody has heard yet."""
    from guildhall.contracts.actions import approve_milestone  # noqa: PLC0415 - beside the builder that hears

    milestone = a_delivered_milestone(client, worker)
    approve_milestone(milestone=milestone, by=client, at=NOW + 2 * HOUR)
    return Release.objects.select_related("hold").get(hold__purpose=f"milestone:{milestone.pk}")


def serials(issuer: str) -> list[int]:
    return list(Invoice.objects.filter(issuer=issuer).order_by("serial").values_list("serial", flat=True))


@pytest.mark.django_db(transaction=True)
def test_C24_thirty_two_at_once_leave_no_gap(amara: Person) -> None:
    releases = [released(amara, a_person(f"W{number}")) for number in range(MANY)]
    ends = ends_of([partial(issue_invoices, release=each, by=None, at=NOW) for each in releases])
    assert ends == {"done": MANY}
    assert serials(HALL) == list(range(1, MANY + 1))
    assert [series.last for series in Series.objects.exclude(issuer=HALL)] == [1] * MANY
    assert what_is_broken(("invoicing",)) == {}


@pytest.mark.django_db(transaction=True)
def test_C24_what_is_undone_gives_its_number_back(amara: Person) -> None:
    releases = [released(amara, a_person(f"W{number}")) for number in range(MANY)]

    def issue(number: int) -> bool:
        with transaction.atomic():
            issue_invoices(release=releases[number], by=None, at=NOW)
            transaction.set_rollback(number % 3 == 0)
        return bool(number % 3)

    kept = all_at_once([partial(issue, number) for number in range(MANY)]).count(True)
    assert serials(HALL) == list(range(1, kept + 1))
    for each in releases:  # and those that were undone come later
        issue_invoices(release=each, by=None, at=NOW)
    assert serials(HALL) == list(range(1, MANY + 1))


@pytest.mark.django_db(transaction=True)
def test_the_same_release_thirty_two_times_has_its_papers_once(amara: Person, bushra: Person) -> None:
    release = released(amara, bushra)
    ways = [partial(issue_invoices, release=release, by=None, at=NOW)] * MANY
    assert len({tuple(paper.pk for paper in made) for made in all_at_once(ways)}) == 1
    heard(NOW + 3 * HOUR)
    assert (serials(HALL), serials(bushra.party)) == ([1], [1])


@pytest.mark.django_db(transaction=True)
def test_one_invoice_is_never_taken_back_twice_over(amara: Person, bushra: Person, olga: Person) -> None:
    work = papers_of(a_paid_milestone(amara, bushra))["work"]
    asked: dict[str, Any] = {
        "invoice": work,
        "amount": Money(6_000, "USD"),
        "reason": "So.",
        "by": olga,
        "at": NOW,
    }
    ways = [partial(issue_credit_note, key=str(number), **asked) for number in range(8)]
    assert ends_of(ways) == {"done": 1, "nothing_to_credit": 7}
    assert what_is_broken(("invoicing",)) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hall", "person:a", "person:b"]),
            st.dates(date(2025, 12, 20), date(2026, 1, 10)),
            st.booleans(),
        ),
        max_size=25,
    )
)
@pytest.mark.django_db
def test_any_order_of_days_issuers_and_rollbacks_numbers_without_a_gap(
    amara: Person, bushra: Person, drawn: list[tuple[str, date, bool]]
) -> None:
    with transaction.atomic():
        release = released(amara, bushra)
        original = issue_invoices(release=release, by=None, at=NOW)[0]
        for place, (issuer, on, undone) in enumerate(drawn):
            with transaction.atomic():
                write_numbered(
                    issuer=issuer,
                    on=on,
                    recipient="person:x",
                    supplied_on=on,
                    at=datetime.combine(on, datetime.min.time(), UTC),
                    kind=Kind.WORK,
                    release=release,
                    credits=original,
                    cause=f"correction:{place}",
                    currency="USD",
                    net=1,
                    tax=0,
                    gross=1,
                    category=Category.NOT_SUBJECT,
                    rate=0,
                    seller=NOBODY,
                    buyer=NOBODY,
                    title="",
                    item="",
                    language="en",
                )
                transaction.set_rollback(undone)
        assert what_is_broken(("invoicing.series",)) == {}
        for issuer in ("hall", "person:a", "person:b"):
            for year in (2025, 2026):
                rows = Invoice.objects.filter(issuer=issuer, year=year).order_by("serial")
                assert [row.serial for row in rows] == list(range(1, len(rows) + 1))
                assert [row.issued_on for row in rows] == sorted(row.issued_on for row in rows)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoicing_invoice SET gross = gross + 1, net = net + 1",
        "UPDATE invoicing_invoice SET title = 'Another'",
        "DELETE FROM invoicing_invoice",
        "TRUNCATE invoicing_invoice CASCADE",
        "UPDATE invoicing_series SET last = last + 2",
        "UPDATE invoicing_series SET last = last - 1",
        "UPDATE invoicing_series SET issuer = 'person:x', last = last + 1",
        "DELETE FROM invoicing_series",
    ],
)
def test_what_was_made_out_stays(amara: Person, bushra: Person, change: str) -> None:
    a_paid_milestone(amara, bushra)
    with (
        pytest.raises(DatabaseError, match=r"append-only|cannot go"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"SET CONSTRAINTS ALL IMMEDIATE; {change}"
        )  # what waits for the end would answer first
