"""Money is exact, and says no to everything that is not money."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.kernel.money import (
    LARGEST_MINOR,
    Money,
    NotMoney,
    basis_points_of,
    divide_by_weights,
    exponent_of,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("120", "USD", 12_000),
        ("120.5", "USD", 12_050),
        ("120.50", "USD", 12_050),
        ("0.01", "USD", 1),
        (" 7 ", "JPY", 7),
        ("1.234", "KWD", 1_234),
        ("0", "EUR", 0),
    ],
)
def test_what_people_type_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "0.001",
        "1e309",
        "NaN",
        "Infinity",
        "１００",
        "1,000",
        str(2**63),
        "-0",
        "1.",
        ".5",
        "01",
    ],
)
def test_c13_what_is_not_money_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotMoney) as refusal:
        Money.parse(text, "USD", field="price")
    assert refusal.value.status == 422
    assert refusal.value.field == "price"
    assert refusal.value.sentence


@pytest.mark.parametrize(("text", "currency"), [("1.5", "JPY"), ("1.2345", "KWD"), ("1.234", "USD")])
def test_c13_decimals_follow_the_currency(text: str, currency: str) -> None:
    with pytest.raises(NotMoney):
        Money.parse(text, currency)


def test_the_largest_sum_is_stated() -> None:
    assert Money.parse(str(LARGEST_MINOR // 100), "USD").minor == LARGEST_MINOR
    with pytest.raises(NotMoney):
        Money.parse(str(LARGEST_MINOR // 100 + 1), "USD")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(12_000, "USD"), "120.00 USD"),
        (Money(-5, "USD"), "-0.05 USD"),
        (Money(7, "JPY"), "7 JPY"),
        (Money(1, "KWD"), "0.001 KWD"),
    ],
)
def test_money_is_written_with_its_currency(money: Money, text: str) -> None:
    assert str(money) == text


def test_two_currencies_never_meet() -> None:
    for meeting in (operator.add, operator.sub, operator.lt, operator.ge):
        with pytest.raises(AssertionError):
            meeting(Money(1, "USD"), Money(1, "EUR"))
    assert Money(1, "USD") != Money(1, "EUR")


def test_a_float_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        Money(1.0, "USD")  # type: ignore[arg-type]


@given(minor=st.integers(0, LARGEST_MINOR), currency=st.sampled_from(["USD", "JPY", "KWD", "EUR"]))
def test_what_is_written_reads_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.amount, currency) == money
    assert exponent_of(currency) in {0, 2, 3}


@given(
    minor=st.integers(0, LARGEST_MINOR),
    weights=st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any),
)
def test_a_division_never_loses_or_makes_a_cent(minor: int, weights: list[int]) -> None:
    parts = divide_by_weights(minor, weights)
    assert sum(parts) == minor
    assert all(part >= 0 for part in parts)
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - minor * weight / total) < 1 or abs(part * total - minor * weight) < total


def test_a_share_in_basis_points_rounds_down() -> None:
    assert basis_points_of(11_000, 500) == 550
    assert basis_points_of(199, 500) == 9
    assert basis_points_of(0, 500) == 0
