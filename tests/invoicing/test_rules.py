"""Which VAT a service carries, and how a price is divided, on plain values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.invoicing.rules import (
    STANDARD_RATES,
    Category,
    Identity,
    fits_two_decimals,
    number_of,
    tax_on,
    tax_within,
    whole_months,
)


def somebody(country: str, tax_id: str = "", *, business: bool = False) -> Identity:
    return Identity(name="X", country=country, tax_id=tax_id, is_business=business or bool(tax_id))


@pytest.mark.parametrize(
    ("seller", "buyer", "category", "rate"),
    [
        (somebody("DE"), somebody("DE", "DE1"), Category.NOT_SUBJECT, 0),
        (somebody(""), somebody(""), Category.NOT_SUBJECT, 0),
        (somebody("DE", "DE1"), somebody("DE", "DE2"), Category.STANDARD, 1900),
        (somebody("DE", "DE1"), somebody("DE"), Category.STANDARD, 1900),
        (somebody("DE", "DE1"), somebody("FR", "FR1"), Category.REVERSE_CHARGE, 0),
        (somebody("DE", "DE1"), somebody("FR", business=True), Category.STANDARD, 1900),
        (somebody("DE", "DE1"), somebody("FR"), Category.STANDARD, 1900),
        (somebody("DE", "DE1"), somebody("US", business=True), Category.NOT_SUBJECT, 0),
        (somebody("DE", "DE1"), somebody("US"), Category.STANDARD, 1900),
        (somebody("DE", "DE1"), somebody(""), Category.STANDARD, 1900),
        (somebody("GB", "GB1"), somebody("FR", "FR1"), Category.NOT_SUBJECT, 0),
        (somebody("GB", "GB1"), somebody("GB"), Category.STANDARD, 2000),
        (somebody("PK", "PK1"), somebody("PK"), Category.EXEMPT, 0),
    ],
)
def test_which_vat_a_service_carries(seller: Identity, buyer: Identity, category: str, rate: int) -> None:
    tax = tax_on(seller=seller, buyer=buyer, rates=STANDARD_RATES)
    assert (tax.category, tax.basis_points) == (category, rate)
    assert bool(tax.reason) == (category != Category.STANDARD)


@given(st.integers(1, 10**15), st.integers(0, 5_000))
def test_net_and_vat_are_the_price_to_the_cent(gross: int, rate: int) -> None:
    net, tax = tax_within(gross, rate)
    assert net + tax == gross
    assert abs(net * (10_000 + rate) - gross * 10_000) <= 10_000 + rate


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
        ("2026-12", (date(2026, 12, 1), date(2027, 1, 1))),
        ("2026-02", (date(2026, 2, 1), date(2026, 3, 1))),
        ("2026-13", None),
        ("0000", None),
        ("9999", None),
        ("２０２６", None),
        ("", None),
        ("2026-1", None),
    ],
)
def test_a_month_and_a_year_are_read(text: str, span: tuple[date, date] | None) -> None:
    assert whole_months(text) == span


def test_numbers_and_decimals() -> None:
    assert number_of("hall", 2026, 7) == "H-2026-00007"
    assert number_of("person:018f-abcdef", 2026, 7) == "ABCDEF-2026-00007"
    assert [fits_two_decimals(12_345, code) for code in ("JPY", "EUR", "KWD")] == [True, True, False]
    assert fits_two_decimals(12_340, "KWD")
