"""Any stretch of an account's life, narrowed at random: it adds up, and its neighbours meet it."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from guildhall.kernel.errors import Unfit
from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.background import close_finished_months
from guildhall.ledger.months import balance_at
from guildhall.ledger.queries import Entry, balance_of, entries_of
from guildhall.ledger.windows import Narrowing, Window, entries_within, legs_since, window_of

pytestmark = pytest.mark.django_db

WALLET = "wallet:person:a"
KINDS = ("deposit.settled", "hold.placed", "payout.sent", "hold.returned")
START = datetime(2026, 1, 20, 7, tzinfo=UTC)


def moved_at_random(draw: random.Random, count: int = 60) -> None:
    at, held = START, 0
    for _each in range(count):
        at += timedelta(hours=draw.choice((0, 1, 20, 60)))
        minor = draw.randint(1, 500)
        comes = minor > held or draw.random() < 0.5
        ends = ("outside:practice", WALLET) if comes else (WALLET, "outside:practice")
        kind = draw.choice(KINDS)
        # Some are written late, as a door's clock may lag: within the account's life, order goes by number.
        late = at - timedelta(minutes=draw.choice((0, 0, 90)))
        flows = [Flow(*ends, minor, "USD")]
        move_money(kind=kind, key=f"{kind}:{new_id()}", flows=flows, by=None, at=late)
        held += minor if comes else -minor


def a_narrowing(draw: random.Random, entries: list[Entry]) -> Narrowing:
    days = sorted(START.date() + timedelta(days=draw.randint(-5, 90)) for _each in range(2))
    keys = [entry.key for entry in entries]
    return Narrowing(
        since=draw.choice((None, days[0])),
        until=draw.choice((None, days[1])),
        kinds=draw.choice((None, draw.sample(KINDS, 2))),
        keys=draw.choice((None, None, draw.sample(keys, 20))),
        either=draw.choice((None, None, ([KINDS[0]], draw.sample(keys, 5)))),
    )


def all_pages(narrowing: Narrowing, size: int = 7) -> list[Window]:
    pages = [window_of(WALLET, "USD", narrowing, size=size)]
    while pages[-1].next:
        pages.append(window_of(WALLET, "USD", narrowing, after=pages[-1].next, size=size))
    return pages


@pytest.mark.parametrize("seed", range(6))
def test_L8_L11_opening_and_movements_are_the_closing_of_any_window(seed: int) -> None:
    draw = random.Random(seed)
    moved_at_random(draw)
    if seed % 3:
        close_finished_months(at=datetime(2026, 2 + seed % 3, 5, tzinfo=UTC))
    entries = list(entries_of(WALLET, "USD"))
    for _each in range(25):
        narrowing = a_narrowing(draw, entries)
        pages = all_pages(narrowing)
        first = pages[0]
        shown = [entry for page in pages for entry in page.entries]
        assert len(shown) == first.count
        assert sum(entry.change.minor for entry in shown) == (first.came + first.went).minor
        assert first.opening + first.came + first.went + first.others == first.closing
        if narrowing.since:
            before = datetime.combine(narrowing.since, datetime.min.time(), UTC) - timedelta(microseconds=1)
            assert first.opening == balance_at(WALLET, "USD", before)
        if narrowing.until:
            end = datetime.combine(narrowing.until + timedelta(days=1), datetime.min.time(), UTC)
            assert first.closing == balance_at(WALLET, "USD", end - timedelta(microseconds=1))
        else:
            assert first.closing == balance_of(WALLET, "USD")
        if narrowing.kinds is narrowing.keys is narrowing.either is None:
            assert not first.others.minor
        assert list(entries_within(WALLET, "USD", narrowing)) == shown[::-1]


def test_one_day_s_end_is_the_next_day_s_beginning() -> None:
    moved_at_random(random.Random(9))
    day = START.date()
    while day < START.date() + timedelta(days=70):
        here = window_of(WALLET, "USD", Narrowing(since=day, until=day))
        day += timedelta(days=1)
        assert here.closing == window_of(WALLET, "USD", Narrowing(since=day, until=day)).opening


def test_what_is_no_time_or_no_page_is_refused() -> None:
    moved_at_random(random.Random(3))
    with pytest.raises(Unfit):
        window_of(WALLET, "USD", Narrowing(since=date(2026, 2, 2), until=date(2026, 2, 1)))
    other = window_of(WALLET, "USD", Narrowing(), size=1)
    with pytest.raises(Unfit):
        window_of("outside:practice", "USD", Narrowing(), after=other.next)
    with pytest.raises(Unfit):
        window_of(WALLET, "USD", Narrowing(), after="x")
    for far in (date.min, date.max):
        assert window_of(WALLET, "USD", Narrowing(since=far)).entries == (
            [] if far == date.max else window_of(WALLET, "USD", Narrowing()).entries
        )
        window_of(WALLET, "USD", Narrowing(until=far))
    assert window_of("wallet:person:nobody", "USD", Narrowing()).count == 0


def test_legs_begin_at_the_first_that_was_named() -> None:
    moved_at_random(random.Random(4))
    entries = list(entries_of(WALLET, "USD"))
    held, legs = legs_since(WALLET, [entries[40].key, entries[30].key])["USD"]
    assert held == entries[29].balance.minor
    assert [leg.key for leg in legs] == [entry.key for entry in entries[30:]]
    assert legs_since(WALLET, ["no such key"]) == {}
