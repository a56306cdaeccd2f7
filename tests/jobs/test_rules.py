from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.jobs.briefs import MOST_DELIVERABLES, MOST_SKILLS, tidy_brief, troubles_with
from guildhall.jobs.offers import MOST_MILESTONES, MilestoneDraft, tidy_offer
from guildhall.jobs.rules import (
    CURRENCIES,
    BelowFloor,
    bands,
    least_price,
    refuse_bad_day,
    refuse_below_floor,
    tidy_line,
    tidy_text,
)
from guildhall.kernel.errors import Unfit
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.rules import HouseRules
from guildhall.payments.rules import CURRENCIES as PAID_IN
from tests.builders.jobs import a_brief, an_offer, usd
from tests.cast import NOW

USUAL = HouseRules(version=0, values={})


@pytest.mark.parametrize(
    ("count", "band"),
    [
        (0, "0–4"),
        (4, "0–4"),
        (5, "5–9"),
        (9, "5–9"),
        (10, "10–19"),
        (19, "10–19"),
        (20, "20–49"),
        (49, "20–49"),
        (50, "50+"),
        (5000, "50+"),
    ],
)
def test_a_count_is_shown_as_its_band(count: int, band: str) -> None:
    assert next(name for least, name in bands() if count >= least) == band


@pytest.mark.parametrize(
    ("currency", "floor"),
    [
        ("USD", "5.00 USD"),
        ("EUR", "4.50 EUR"),
        ("JPY", "750 JPY"),
        ("KWD", "1.500 KWD"),
        ("PKR", "1400.00 PKR"),
    ],
)
def test_the_floor_of_each_currency_comes_from_the_table(currency: str, floor: str) -> None:
    assert str(least_price(currency, USUAL)) == floor


def test_every_currency_has_a_floor_above_nothing() -> None:
    assert all(least_price(currency, USUAL).minor > 0 for currency in CURRENCIES)


def test_a_price_below_the_floor_is_refused_with_the_rules_name() -> None:
    refuse_below_floor(usd(500), USUAL, field="budget")
    with pytest.raises(BelowFloor) as below:
        refuse_below_floor(usd(499), USUAL, field="budget")
    assert below.value.rule == "minimum_fixed"
    assert below.value.field == "budget"
    assert "5.00 USD" in below.value.sentence
    assert "minimum_fixed" in below.value.sentence


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  A   sign\n for\ta shop ", "A sign for a shop"),
        ("nul\x00 bell\x07", "nul bell"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("turned \u202etxet", "turned txet"),
        ("پیارا نشان", "پیارا نشان"),
    ],
)
def test_a_line_is_kept_tidy(typed: str, kept: str) -> None:
    assert tidy_line(typed) == kept


@given(st.text())
def test_tidy_text_can_always_be_stored_and_is_tidy_already(text: str) -> None:
    kept = tidy_text(text)
    kept.encode()
    assert "\x00" not in kept
    assert tidy_text(kept) == kept


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"brief": "x" * 20_001}, "brief"),
        ({"deliverables": ["x" * 301]}, "deliverables"),
        ({"deliverables": ["x"] * (MOST_DELIVERABLES + 1)}, "deliverables"),
        ({"skills": [new_id() for _ in range(MOST_SKILLS + 1)]}, "skills"),
        ({"currency": "XXX", "budget": None}, "currency"),
        ({"currency": "EUR"}, "budget"),
        ({"budget": usd(0)}, "budget"),
        ({"budget": usd(-500)}, "budget"),
        ({"budget": usd(10**16)}, "budget"),
    ],
)
def test_no_draft_holds(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        tidy_brief(a_brief(**change))
    assert unfit.value.field == field


def test_a_draft_may_be_nothing_but_a_title() -> None:
    kept = tidy_brief(a_brief(title=" A sign ", brief="", deliverables=["", " "], budget=None, deadline=None))
    assert kept.title == "A sign"
    assert kept.deliverables == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"brief": ""}, "brief"),
        ({"deliverables": ()}, "deliverables"),
        ({"budget": usd(499)}, "budget"),
        ({"deadline": date(2026, 11, 30)}, "deadline"),
        ({"deadline": date(2036, 1, 1)}, "deadline"),
    ],
)
def test_what_keeps_a_draft_from_opening(change: dict[str, Any], field: str) -> None:
    troubles = troubles_with(tidy_brief(a_brief(**change)), rules=USUAL, at=NOW)
    assert [trouble.field for trouble in troubles] == [field]


@pytest.mark.parametrize(
    "change", [{}, {"budget": None}, {"budget": usd(500)}, {"deadline": None}, {"deadline": NOW.date()}]
)
def test_what_may_open(change: dict[str, Any]) -> None:
    assert troubles_with(tidy_brief(a_brief(**change)), rules=USUAL, at=NOW) == []


def test_a_day_ends_at_midnight_utc() -> None:
    day = date(2026, 12, 4)
    refuse_bad_day(day, at=datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC), field="deadline")
    with pytest.raises(Unfit):
        refuse_bad_day(day, at=datetime(2026, 12, 5, tzinfo=UTC), field="deadline")


STEP = MilestoneDraft("All of it", usd(11_000), None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": usd(499), "milestones": ()}, "price"),
        ({"price": usd(-1), "milestones": ()}, "price"),
        ({"price": Money(11_000, "EUR")}, "price"),
        ({"delivery": date(2026, 11, 30)}, "delivery"),
        ({"letter": " \n"}, "letter"),
        ({"letter": "x" * 10_001}, "letter"),
        ({"milestones": [replace(STEP, amount=usd(10_999))]}, "milestones"),
        ({"milestones": [STEP, replace(STEP, amount=usd(0))]}, "milestones"),
        (
            {"milestones": [replace(STEP, amount=usd(12_000)), replace(STEP, amount=usd(-1_000))]},
            "milestones",
        ),
        ({"milestones": [replace(STEP, amount=Money(11_000, "EUR"))]}, "milestones"),
        ({"milestones": [replace(STEP, title=" ")]}, "milestones"),
        ({"milestones": [replace(STEP, title="x" * 121)]}, "milestones"),
        ({"milestones": [replace(STEP, due=date(2026, 11, 30))]}, "milestones"),
        ({"milestones": [replace(STEP, due=date(2027, 6, 1))]}, "milestones"),
        ({"milestones": [replace(STEP, amount=usd(1))] * (MOST_MILESTONES + 1)}, "milestones"),
    ],
)
def test_no_offer_stands_with(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Unfit) as unfit:
        tidy_offer(an_offer(**change), title="A sign", currency="USD", rules=USUAL, at=NOW)
    assert unfit.value.field == field


def test_an_offer_without_milestones_is_one_step_named_after_the_job() -> None:
    offer = an_offer(milestones=())
    kept = tidy_offer(offer, title="A sign", currency="USD", rules=USUAL, at=NOW)
    assert kept.milestones == (MilestoneDraft("A sign", usd(11_000), offer.delivery),)
    assert offer.delivery == (NOW + timedelta(days=14)).date()


def test_whatever_a_job_is_posted_in_can_be_paid_in_and_has_a_floor() -> None:
    assert CURRENCIES == PAID_IN
