"""Fees with steps, and several deductions that share one release: what is taken is a published function."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.escrow.fees import Fees, Levy, deductions_under, fees_for
from guildhall.escrow.rules import Deduction, split_release
from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import RuleChange
from guildhall.kernel.rules import HouseRules, rules_in_force, set_table
from tests.cast import NOW

steps = st.lists(st.tuples(st.integers(1, 3_000), st.integers(0, 5_000)), max_size=4).map(
    lambda found: tuple(sorted(dict(found).items()))
)
parts = st.lists(st.integers(1, 400), min_size=1, max_size=40)


def one_by_one(agreed: Deduction, gross: int) -> int:
    """What brackets take, minor unit by minor unit, before rounding: in ten-thousandths."""
    taken = 0
    for place in range(agreed.before, agreed.before + gross):
        share = agreed.basis_points
        for over, stepped in agreed.steps:
            if place >= over:
                share = stepped
        taken += share
    return taken


@given(st.integers(0, 5_000), steps, st.integers(0, 2_000), st.integers(0, 2_000))
def test_C16_a_stepped_fee_is_the_sum_of_its_brackets(
    share: int, stepped: tuple[tuple[int, int], ...], before: int, gross: int
) -> None:
    agreed = Deduction("fees:work", share, "fee", stepped, before)
    exact = one_by_one(agreed, gross)
    # Both ends of what lies before are rounded down: the difference is within one minor unit.
    assert exact // 10_000 <= agreed.of(gross) <= exact // 10_000 + 1
    assert Deduction("fees:work", share, "fee", stepped).of(gross) == (
        one_by_one(Deduction("fees:work", share, "fee", stepped), gross) // 10_000
    )


@given(st.integers(0, 5_000), steps, st.integers(0, 2_000), parts)
def test_C16_splitting_a_stepped_payment_saves_nothing(
    share: int, stepped: tuple[tuple[int, int], ...], before: int, pieces: list[int]
) -> None:
    agreed = [Deduction("fees:work", share, "fee", stepped, before)]
    fees, released = 0, 0
    for piece in pieces:
        net, fee = split_release(piece, agreed, "net", released=released)
        assert net.amount + fee.amount == piece
        assert min(net.amount, fee.amount) >= 0
        fees, released = fees + fee.amount, released + piece
    assert fees == agreed[0].of(released)


@given(st.lists(st.integers(0, 2_000), min_size=2, max_size=5), parts)
def test_C15_small_releases_give_later_what_they_could_not_give(shares: list[int], pieces: list[int]) -> None:
    """Several deductions may be due at one minor unit: none of them loses it."""
    agreed = [Deduction(f"tax:a:{place}", share, f"line {place}") for place, share in enumerate(shares)]
    taken, released = [0] * len(agreed), 0
    for piece in pieces:
        own, *others = split_release(piece, agreed, "net", released=released, taken=taken)
        assert own.amount + sum(line.amount for line in others) == piece
        assert all(line.amount >= 0 for line in (own, *others))
        taken = [sum_ + line.amount for sum_, line in zip(taken, others, strict=True)]
        released += piece
    due = [deduction.of(released) for deduction in agreed]
    assert all(got <= wanted for got, wanted in zip(taken, due, strict=True))
    # What is still owed is what the last release had no room for.
    assert sum(due) - sum(taken) < len(agreed)


def rules_with(**tables: list[dict[str, Any]]) -> HouseRules:
    return HouseRules(version=1, values={}, tables={name: tuple(rows) for name, rows in tables.items()})


def by_kind(kind: str, currency: str, worker: int) -> dict[str, Any]:
    return {"kind": kind, "currency": currency, "worker": worker, "client": worker + 1}


def test_the_nearest_row_of_the_fees_counts() -> None:
    rules = rules_with(
        fees_by_kind=[
            by_kind("", "", 1),
            by_kind("", "PKR", 2),
            by_kind("job", "", 3),
            by_kind("job", "PKR", 4),
        ]
    )

    def worker_bp(kind: str, currency: str) -> int:
        return fees_for(rules, kind=kind, currency=currency, country="").worker_bp

    found = [worker_bp(kind, code) for kind in ("job", "programme:kp") for code in ("PKR", "USD")]
    assert found == [4, 3, 2, 1]


def test_a_row_of_its_own_knows_no_steps_and_other_currencies_have_their_own() -> None:
    step = {"currency": "USD", "over": 50_000, "share": 200}
    usual = rules_with(worker_fee_steps=[step])
    assert fees_for(usual, kind="job", currency="USD", country="").steps == ((50_000, 200),)
    assert fees_for(usual, kind="job", currency="EUR", country="").steps == ()
    free = rules_with(worker_fee_steps=[step], fees_by_kind=[by_kind("job", "", 0)])
    assert fees_for(free, kind="job", currency="USD", country="") == Fees(0, 1, (), ())


def test_levies_are_taken_of_those_whom_they_concern() -> None:
    rules = rules_with(
        levies=[
            {"name": "Sick fund", "account": "benefit:sick", "country": "", "share": 100},
            {"name": "Income tax", "account": "tax:fbr:income", "country": "PK", "share": 1_000},
        ]
    )
    abroad = fees_for(rules, kind="job", currency="USD", country="NG")
    assert abroad.levies == (Levy("Sick fund", "benefit:sick", 100),)
    at_home = fees_for(rules, kind="job", currency="USD", country="PK")
    lines = split_release(10_000, deductions_under(at_home, before=0), "net")
    assert [(line.name, line.amount) for line in lines] == [
        ("net", 8_400),
        ("fee", 500),
        ("Sick fund", 100),
        ("Income tax", 1_000),
    ]


LEVY = {"name": "Tax", "account": "tax:fbr:income", "country": "PK", "share": 1_000}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "rows", "field"),
    [
        ("levies", [LEVY | {"account": "wallet:person:1"}], "account-0"),
        ("levies", [LEVY | {"account": "reserve"}], "account-0"),
        ("levies", [LEVY | {"account": "fees:work"}], "account-0"),
        ("levies", [LEVY | {"name": "Net"}], "name-0"),
        ("levies", [LEVY | {"name": ""}], "name-0"),
        ("levies", [LEVY | {"name": "a\u0000b"}], "name-0"),
        ("levies", [LEVY | {"share": 0}], "share-0"),
        ("levies", [LEVY | {"share": 1.5}], "share-0"),
        ("levies", [LEVY | {"share": True}], "share-0"),
        ("levies", [LEVY | {"country": "pk"}], "country-0"),
        ("levies", [LEVY, LEVY], "name-1"),
        ("levies", [LEVY, LEVY | {"country": ""}], "name-0"),
        ("levies", [LEVY | {"share": 3_000}, LEVY | {"name": "B", "share": 2_001}], "rows"),
        ("levies", [{"name": "Tax"}], "rows"),
        ("worker_fee_steps", [{"currency": "usd", "over": 1, "share": 1}], "currency-0"),
        ("worker_fee_steps", [{"currency": "USD", "over": 0, "share": 1}], "over-0"),
        ("worker_fee_steps", [{"currency": "USD", "over": 2**63, "share": 1}], "over-0"),
        ("worker_fee_steps", [{"currency": "USD", "over": n, "share": 1} for n in (5, 4)], "over-1"),
        ("fees_by_kind", [by_kind("Job", "", 1)], "kind-0"),
        ("fees_by_kind", [by_kind("job", "", 5_001)], "worker-0"),
        ("no_such_table", [], "name"),
    ],
)
def test_C13_a_table_takes_nothing_else(table: str, rows: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        set_table(name=table, rows=rows, reason="So it is.", by=None, at=NOW)
    assert unfit.value.field == field
    assert not RuleChange.objects.exists()


@pytest.mark.django_db
def test_a_table_keeps_its_versions() -> None:
    first = set_table(name="levies", rows=[LEVY], reason="The law.", by=None, at=NOW)
    second = set_table(name="levies", rows=[], reason="The law changed.", by=None, at=NOW)
    kept = [rules_in_force(version=one.pk).tables["levies"] for one in (first, second)]
    assert kept == [(LEVY,), ()]
    assert rules_in_force(version=0).tables == {}
