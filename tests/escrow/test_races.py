"""C1, C2: thirty-two at once, and the money is there once."""

from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from uuid import UUID

import pytest

from guildhall.escrow.actions import (
    AlreadyHeld,
    NotInHold,
    Payer,
    ShortOfMoney,
    hold_money,
    release_hold,
    return_hold,
    split_hold,
)
from guildhall.escrow.models import Hold, Release
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import what_is_broken
from tests.racing import ends_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MANY = 32
AMARA, BUSHRA = f"person:{UUID(int=1)}", f"person:{UUID(int=2)}"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _owners(transactional_db: None) -> None:
    """Let the accounts be somebody's: `check` looks for their owners."""
    for number, name in enumerate(["Amara", "Bushra"], start=1):
        email = f"{name.lower()}@example.org"
        Person.objects.create(id=UUID(int=number), name=name, email=email, joined_at=AT)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def with_money(account: str, minor: int) -> None:
    flow = Flow("outside:practice", account, minor, "USD")
    move_money(kind="test.moved", key=f"credit:{new_id()}", flows=[flow], by=None, at=AT)


def place(purpose: str, minor: int = 10_000) -> Hold:
    return hold_money(
        purpose=purpose,
        payers=[Payer(AMARA, usd(minor))],
        currency="USD",
        deductions=[],
        worker=BUSHRA,
        by=None,
        at=AT,
    )


def test_C01_one_release_of_thirty_two() -> None:
    with_money(f"wallet:{AMARA}", 10_000)
    hold = place("milestone:1")
    ends = ends_of([lambda: release_hold(hold=hold, amount=usd(10_000), key=new_id(), by=None, at=AT)] * MANY)
    assert ends == {"done": 1, NotInHold.code: MANY - 1}
    assert balance_of(f"clearing:{BUSHRA}", "USD").minor == 10_000
    assert not what_is_broken()


def test_C01_the_same_release_thirty_two_times() -> None:
    with_money(f"wallet:{AMARA}", 10_000)
    hold, key = place("milestone:1"), new_id()
    ends = ends_of([lambda: release_hold(hold=hold, amount=usd(100), key=key, by=None, at=AT)] * MANY)
    assert ends == {"done": MANY}
    assert Release.objects.count() == 1
    assert balance_of(f"clearing:{BUSHRA}", "USD").minor == 100


def test_C02_released_or_returned_or_split_but_once() -> None:
    with_money(f"wallet:{AMARA}", 10_000)
    hold = place("milestone:1")
    ways = [
        lambda: release_hold(hold=hold, amount=usd(10_000), key=new_id(), by=None, at=AT),
        lambda: return_hold(hold=hold, amount=usd(10_000), key=new_id(), by=None, at=AT),
        lambda: split_hold(
            hold=hold, to_worker=usd(5_000), to_client=usd(5_000), key=new_id(), by=None, at=AT
        ),
    ]
    ends = ends_of([ways[number % 3] for number in range(MANY)])
    assert ends == {"done": 1, NotInHold.code: MANY - 1}
    assert not what_is_broken()


def test_C01_one_wallet_pays_for_as_many_holds_as_it_reaches() -> None:
    with_money(f"wallet:{AMARA}", 55_000)
    ends = ends_of([partial(place, f"milestone:{number}") for number in range(MANY)])
    assert ends == {"done": 5, ShortOfMoney.code: MANY - 5}
    assert balance_of(f"wallet:{AMARA}", "USD").minor == 5_000
    assert not what_is_broken()


def test_one_purpose_is_held_once() -> None:
    with_money(f"wallet:{AMARA}", 10_000 * MANY)
    ends = ends_of([lambda: place("milestone:1")] * MANY)
    assert ends == {"done": 1, AlreadyHeld.code: MANY - 1}
    assert balance_of(f"wallet:{AMARA}", "USD").minor == 10_000 * (MANY - 1)


def test_batches_and_single_movements_never_wait_for_each_other_in_a_ring() -> None:
    people = 40
    for number in range(people):
        with_money(f"fund:round:{number}", 10_000)

    def batch(turn: int) -> None:
        order = sorted(range(people), key=lambda number: (number * (turn + 7)) % 41)
        moves = [
            Move(
                "test.moved",
                f"batch:{turn}:{one}",
                [Flow(f"fund:round:{one}", f"fund:round:{two}", 1, "USD")],
            )
            for one, two in pairwise(order)
        ]
        move_batch(moves=moves, by=None, at=AT)

    def singles(turn: int) -> None:
        for number in range(people):
            one, two = f"fund:round:{number}", f"fund:round:{(number * 3 + turn) % people}"
            if one != two:
                flow = Flow(one, two, 1, "USD") if turn % 2 else Flow(two, one, 1, "USD")
                move_money(kind="test.moved", key=f"single:{turn}:{number}", flows=[flow], by=None, at=AT)

    deeds = [partial(batch if turn % 4 == 0 else singles, turn) for turn in range(16)]
    assert ends_of(deeds) == {"done": 16}
    assert not what_is_broken()
