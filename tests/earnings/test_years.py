"""The totals of a year are those of its releases and of its statements, each sum in its own year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.contracts.actions import approve_milestone
from guildhall.earnings.years import (
    all_workers_of_year,
    kept_for_others_in,
    read_year,
    workers_of_year,
    year_of,
    years_of_hall,
    years_since_joining,
)
from guildhall.escrow.background import mature_due
from guildhall.escrow.fees import Levy
from guildhall.escrow.models import Release
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.money import Money
from guildhall.ledger.months import statement_for_month
from guildhall.payments.actions import (
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
)
from guildhall.people.models import Person
from tests.builders.certificates import earned
from tests.builders.contracts import HOUR, a_delivered_milestone, usd
from tests.builders.money import a_payout_account, a_wallet_with, said_by_the_bank
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

JANUARY = datetime(2027, 1, 5, 9, tzinfo=UTC)
LEVIES = (
    Levy(name="Income tax", account="tax:fbr:income", basis_points=300),
    Levy(name="Sick pay", account="benefit:sick", basis_points=100),
)


def test_gross_and_each_deduction_come_to_the_net(amara: Person, bushra: Person) -> None:
    earned(amara, bushra, 10_000, NOW, levies=LEVIES)
    earned(amara, bushra, 5_001, NOW + timedelta(days=1), levies=LEVIES)
    earned(amara, bushra, 2_000, NOW, currency="EUR")
    euro, dollar = year_of(bushra, 2026)
    assert (euro.currency, euro.gross, euro.net) == ("EUR", Money(2_000, "EUR"), Money(1_900, "EUR"))
    assert dollar.gross == usd(15_001)
    assert {taken.name: taken.sum.minor for taken in dollar.deducted} == {
        "fee": 750,
        "Income tax": 450,
        "Sick pay": 150,
    }
    assert [taken.name for taken in dollar.deducted if taken.is_tax] == ["Income tax"]
    assert dollar.net == usd(15_001 - 750 - 450 - 150)
    assert dollar.moved == [("clearing.matured", dollar.net)]
    assert year_of(bushra, 2025) == []


def test_what_was_released_on_new_year_s_eve_belongs_to_it_and_is_free_in_the_next(
    amara: Person, bushra: Person
) -> None:
    eve = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    milestone = a_delivered_milestone(amara, bushra, at=eve - 2 * HOUR)
    approve_milestone(milestone=milestone, by=amara, at=eve)
    mature_due(at=JANUARY)
    [old], [new] = year_of(bushra, 2026), year_of(bushra, 2027)
    assert (old.net, old.moved, old.closing) == (usd(9_500), [], usd(0))
    assert (new.gross, new.net, new.moved) == (usd(0), usd(0), [("clearing.matured", usd(9_500))])


def test_what_comes_back_in_a_later_year_stands_in_that_year(
    amara: Person, bushra: Person, olga: Person
) -> None:
    earned(amara, bushra, 10_000, NOW)
    a_payout_account(bushra, NOW)
    at = NOW + timedelta(days=10)
    payout = request_payout(by=bushra, amount=usd(9_000), at=at)
    send_payout_batch(batch=open_payout_batch(by=olga, at=at), by=olga, at=at)
    return_payout(payout=payout, reason="No such account.", by=olga, at=JANUARY)
    [old], [new] = year_of(bushra, 2026), year_of(bushra, 2027)
    assert (old.paid_out, old.closing) == (usd(9_000), usd(500))
    assert (new.paid_out, new.opening, new.closing) == (-usd(9_000), usd(500), usd(9_500))
    assert new.moved == [("payout.returned", usd(9_000))]
    [row] = workers_of_year(olga, 2026).rows
    assert row.paid_out == usd(9_000)


def test_a_chargeback_in_a_later_year_stands_in_that_year(amara: Person) -> None:
    deposit = a_wallet_with(amara, 5_000, NOW)
    said_by_the_bank(deposit, 2, "failed", at=JANUARY)
    [old], [new] = year_of(amara, 2026), year_of(amara, 2027)
    assert (old.moved, old.closing) == ([("deposit.settled", usd(5_000))], usd(5_000))
    assert (new.moved, new.closing) == ([("chargeback.taken", -usd(5_000))], usd(0))
    assert old.gross == new.gross == usd(0)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(500, 99_999), st.integers(0, 400), st.sampled_from(["USD", "EUR"]), st.booleans()
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_year_equals_its_releases_and_its_twelve_statements(
    works: list[tuple[int, int, str, bool]],
) -> None:
    client, worker, operator = a_person_like("client"), a_person_like("worker"), a_person_like("operator")
    Person.objects.filter(pk=operator.pk).update(is_operator=True)
    operator.refresh_from_db()
    for minor, days, currency, levied in works:
        levies = LEVIES if levied else ()
        earned(client, worker, minor, NOW + timedelta(days=days), currency=currency, levies=levies)
    a_payout_account(worker, NOW)
    at = NOW + timedelta(days=450)
    request_payout(by=worker, amount=Money(100, works[0][2]), at=at)
    send_payout_batch(batch=open_payout_batch(by=operator, at=at), by=operator, at=at)
    for year in (2026, 2027, 2028):
        totals = year_of(worker, year)
        released = Release.objects.filter(worker=worker.party, at__year=year, gross__gt=0)
        assert sum(one.gross.minor for one in totals) == sum(one.gross for one in released)
        assert sum(one.net.minor for one in totals) == sum(one.net for one in released)
        for one in totals:
            assert sum((taken.sum for taken in one.deducted), one.net) == one.gross
            wallet = f"wallet:{worker.party}"
            months = [
                statement_for_month(wallet, one.currency, date(year, month, 1), size=500)
                for month in range(1, 13)
            ]
            assert (months[0].opening, months[-1].closing) == (one.opening, one.closing)
            by_kind: dict[str, int] = {}
            for entry in (entry for month in months for entry in month.entries):
                by_kind[entry.kind] = by_kind.get(entry.kind, 0) + entry.change.minor
            assert {kind: change.minor for kind, change in one.moved} == by_kind
        mine = [row for row in all_workers_of_year(operator, year) if row.person == str(worker.pk)]
        assert [(row.currency, row.gross, row.net, row.deducted, row.paid_out) for row in mine] == [
            (one.currency, one.gross, one.net, one.deducted, one.paid_out) for one in totals if one.gross
        ]


_COUNT = iter(range(10_000))


def a_person_like(what: str) -> Person:
    """A new one for each example: one database sees them all."""
    return a_person(f"{what.title()}{next(_COUNT)}")


# ---------------------------------------------------------------- the operator's


def test_an_operator_reads_all_workers_by_country_page_by_page(amara: Person, olga: Person) -> None:
    workers = [a_person(f"Worker{at}", country=("PK", "DE", "")[at % 3]) for at in range(5)]
    for worker in workers:
        earned(amara, worker, 10_000, NOW, levies=LEVIES)
    seen, after = [], ""
    while True:
        page = workers_of_year(olga, 2026, after=after, size=2)
        seen += [(row.country, row.name) for row in page.rows]
        if not (after := page.next):
            break
    assert [country for country, _name in seen] == ["", "DE", "DE", "PK", "PK"]
    assert {name for _country, name in seen} == {worker.name for worker in workers}
    assert [row.name for row in all_workers_of_year(olga, 2026)] == [name for _country, name in seen]
    assert {row.country for row in workers_of_year(olga, 2026, country="PK").rows} == {"PK"}
    assert workers_of_year(olga, 2027).rows == []
    with pytest.raises(Unfit):
        workers_of_year(olga, 2026, after="x:y:z")


def test_what_was_kept_for_authorities_and_funds_is_added_up(
    amara: Person, bushra: Person, olga: Person
) -> None:
    earned(amara, bushra, 10_000, NOW, levies=LEVIES)
    earned(amara, a_person("Other"), 20_000, NOW, levies=LEVIES)
    assert kept_for_others_in(olga, 2026) == [("benefit:sick", usd(300)), ("tax:fbr:income", usd(900))]
    assert kept_for_others_in(olga, 2027) == []


def test_nobody_else_reads_them(amara: Person, bushra: Person) -> None:
    earned(amara, bushra, 10_000, NOW, levies=LEVIES)
    assert workers_of_year(bushra, 2026).rows == []
    assert kept_for_others_in(bushra, 2026) == []


def test_years_begin_with_joining(bushra: Person) -> None:
    assert years_since_joining(bushra, at=datetime(2028, 1, 1, tzinfo=UTC)) == [2028, 2027, 2026]
    assert years_of_hall(at=JANUARY) == [2027]
    for text in ("", "26", "year", "0000", "9999", "٢٠٢٦", "2026-01"):
        with pytest.raises(NotFound):
            read_year(text)


def test_a_settled_payout_is_paid_out(amara: Person, bushra: Person, olga: Person) -> None:
    earned(amara, bushra, 10_000, NOW)
    a_payout_account(bushra, NOW)
    at = NOW + timedelta(days=10)
    payout = request_payout(by=bushra, amount=usd(9_000), at=at)
    send_payout_batch(batch=open_payout_batch(by=olga, at=at), by=olga, at=at)
    settle_payout(payout=payout, by=olga, at=at)
    [year] = year_of(bushra, 2026)
    assert year.paid_out == usd(9_000)
