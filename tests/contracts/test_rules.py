"""What terms are, when silence pays, and what ending does with the money."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from guildhall.contracts.rules import (
    MilestoneTerms,
    Outcome,
    Standing,
    Terms,
    finished_state,
    outcome_of_ending,
    release_instant,
    terms_from_json,
    warning_due,
)
from guildhall.kernel.money import Money

SKETCHES = MilestoneTerms("Sketches", 4_000, date(2026, 12, 4))
MARK = MilestoneTerms("Mark", 7_000)


def terms(**changes: object) -> Terms:
    return Terms(
        **{
            "title": "Logo",
            "brief": "A mark for a bakery — کاغذ",
            "deliverables": ("Three sketches", "The mark"),
            "milestones": (
                MilestoneTerms("Sketches", 4_000, date(2026, 12, 4)),
                MilestoneTerms("Mark", 7_000),
            ),
            "currency": "USD",
            "client": UUID(int=1),
            "worker": UUID(int=2),
            "worker_fee_bp": 500,
            "client_fee_bp": 0,
            "silence_days": 10,
            "clearing_days": 3,
            "rules_version": 4,
            "delivery": date(2026, 12, 18),
            **changes,
        }  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("silence", "hours_left", "warned", "due"),
    [
        (10, 121, None, None),
        (10, 120, None, 5),
        (10, 100, 5, None),
        (10, 25, 5, None),
        (10, 24, 5, 1),
        (10, 24, None, 1),
        (10, 1, 1, None),
        (10, 0, None, None),
        (5, 119, None, None),
        (3, 24, None, 1),
    ],
)
def test_a_warning_comes_five_days_and_one_day_before(
    silence: int, hours_left: int, warned: int | None, due: int | None
) -> None:
    release = datetime(2026, 12, 11, tzinfo=UTC)
    delivered, at = release - timedelta(days=silence), release - timedelta(hours=hours_left)
    assert warning_due(delivered_at=delivered, release_at=release, warned=warned, at=at) == due


def test_terms_say_their_total() -> None:
    assert terms().total == Money(11_000, "USD")


def test_terms_survive_being_written_and_read() -> None:
    assert terms_from_json(terms().as_json()) == terms()
    assert terms_from_json(terms().canonical) == terms()
    assert terms_from_json(terms().canonical).hash == terms().hash


def test_terms_from_before_a_day_was_promised_keep_their_text_and_hash() -> None:
    signed = (
        '{"brief":"A mark","clearing_days":3,"client":"00000000-0000-0000-0000-000000000001",'
        '"client_fee_bp":0,"currency":"USD","deliverables":["The mark"],'
        '"milestones":[{"amount":7000,"due":null,"title":"Mark"}],"rules_version":4,"silence_days":10,'
        '"title":"Logo","worker":"00000000-0000-0000-0000-000000000002","worker_fee_bp":500}'
    )
    read = terms_from_json(signed)
    assert read.delivery is None
    assert (read.canonical, read.hash) == (signed, hashlib.sha256(signed.encode()).hexdigest())


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Logo."},
        {"brief": "Another"},
        {"deliverables": ("The mark", "Three sketches")},
        {"milestones": (MilestoneTerms("Sketches", 4_000), MARK)},
        {"milestones": (MilestoneTerms("Sketches", 4_001, date(2026, 12, 4)), MARK)},
        {"milestones": (MARK, SKETCHES)},
        {"currency": "EUR"},
        {"client": UUID(int=3)},
        {"worker": UUID(int=3)},
        {"worker_fee_bp": 0},
        {"client_fee_bp": 1},
        {"silence_days": 11},
        {"clearing_days": 0},
        {"rules_version": 5},
        {"delivery": date(2026, 12, 20)},
        {"delivery": None},
    ],
)
def test_B7_whatever_changes_changes_the_hash(change: dict[str, object]) -> None:
    assert terms(**change).hash != terms().hash


@pytest.mark.parametrize(
    ("delivered", "days", "instant"),
    [
        (datetime(2026, 12, 1, 14, 5, tzinfo=UTC), 10, datetime(2026, 12, 11, 14, 5, tzinfo=UTC)),
        # Over a change to summer time, a day stays 24 hours.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), 3, datetime(2026, 3, 31, 12, tzinfo=UTC)),
        (datetime(2028, 2, 28, tzinfo=UTC), 3, datetime(2028, 3, 2, tzinfo=UTC)),
    ],
)
def test_silence_pays_after_whole_days(delivered: datetime, days: int, instant: datetime) -> None:
    assert release_instant(delivered_at=delivered, silence_days=days) == instant
    assert instant - delivered == timedelta(days=days)


@pytest.mark.parametrize(
    ("before", "released", "returned", "state"),
    [
        ("delivered", 100, 0, "released"),
        ("changes_asked", 100, 0, "released"),
        ("delivered", 0, 100, "returned"),
        ("funded", 0, 100, "returned"),
        ("delivered", 60, 40, "settled"),
        ("changes_asked", 99, 1, "settled"),
        ("funded", 100, 0, "settled"),
    ],
)
def test_an_empty_milestone_says_where_its_money_went(
    before: str, released: int, returned: int, state: str
) -> None:
    assert finished_state(before, released=released, returned=returned) == state


# state, free, asked, contested → returned, asked, delivered, contested, dropped
ENDINGS = [
    ("planned", 0, 0, 0, "client", (0, 0, 0, 0, 1)),
    ("planned", 0, 0, 0, "worker", (0, 0, 0, 0, 1)),
    ("funded", 100, 0, 0, "client", (0, 100, 0, 0, 0)),
    ("funded", 100, 0, 0, "worker", (100, 0, 0, 0, 0)),
    ("funded", 70, 30, 0, "client", (0, 100, 0, 0, 0)),
    ("funded", 70, 30, 0, "worker", (100, 0, 0, 0, 0)),
    ("funded", 60, 0, 40, "client", (0, 60, 0, 40, 0)),
    ("funded", 60, 0, 40, "worker", (60, 0, 0, 40, 0)),
    ("delivered", 100, 0, 0, "client", (0, 0, 100, 0, 0)),
    ("delivered", 100, 0, 0, "worker", (0, 0, 100, 0, 0)),
    ("delivered", 60, 30, 10, "client", (0, 30, 60, 10, 0)),
    ("changes_asked", 100, 0, 0, "client", (0, 100, 0, 0, 0)),
    ("changes_asked", 100, 0, 0, "worker", (100, 0, 0, 0, 0)),
    ("released", 0, 0, 0, "client", (0, 0, 0, 0, 0)),
    ("returned", 0, 0, 0, "worker", (0, 0, 0, 0, 0)),
]


@pytest.mark.parametrize("row", ENDINGS)
def test_ending_sends_money_where_the_rules_say(row: tuple[str, int, int, int, str, tuple[int, ...]]) -> None:
    state, free, asked, contested, who, outcome = row
    standing = Standing(state, free=free, asked=asked, contested=contested)
    assert outcome_of_ending([standing], by_worker=who == "worker") == Outcome(*outcome)


def test_an_ending_that_leaves_money_held_is_not_at_once() -> None:
    held = Standing("delivered", free=100, asked=0, contested=0)
    planned = Standing("planned", free=0, asked=0, contested=0)
    assert not outcome_of_ending([held, planned], by_worker=True).ends_at_once
    assert outcome_of_ending([planned], by_worker=True).ends_at_once
