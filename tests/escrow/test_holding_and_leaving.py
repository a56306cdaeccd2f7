"""A hold lets go of exactly what was put into it, to exactly those it was meant for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from guildhall.escrow.actions import (
    AlreadyHeld,
    NotAnAmount,
    NotInHold,
    Payer,
    ShortOfMoney,
    WrongCurrency,
    clearing,
    freeze_hold,
    hold_money,
    mature_clearing,
    release_hold,
    return_hold,
    split_hold,
    thaw_hold,
)
from guildhall.escrow.models import Hold, Release
from guildhall.escrow.rules import Deduction
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.ledger.refusals import KeyReused

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
AMARA = f"person:{UUID(int=1)}"
FUND = "fund:first-jobs"
BUSHRA = f"person:{UUID(int=2)}"
CHEN = f"person:{UUID(int=3)}"

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def with_money(account: str, minor: int, currency: str = "USD") -> None:
    flow = Flow("outside:practice", account, minor, currency)
    move_money(kind="deposit.settled", key=f"deposit:{new_id()}", flows=[flow], by=None, at=AT)


def a_hold(
    minor: int = 10_000,
    *,
    client_fee: int = 0,
    fee: int = 500,
    payers: list[Payer] | None = None,
    worker: str = BUSHRA,
) -> Hold:
    with_money(f"wallet:{AMARA}", minor + client_fee)
    return hold_money(
        purpose=f"milestone:{new_id()}",
        payers=payers or [Payer(AMARA, usd(minor))],
        currency="USD",
        deductions=[Deduction("fees:work", fee, "fee")],
        worker=worker,
        client_fee=client_fee,
        by=None,
        at=AT,
    )


def held(account: str, currency: str = "USD") -> int:
    return balance_of(account, currency).minor


def test_the_worker_gets_the_net_after_the_days_of_clearing() -> None:
    hold = a_hold(11_000)
    release = release_hold(hold=hold, amount=usd(11_000), key=new_id(), by=None, at=AT)
    assert (release.gross, release.net, hold.state) == (11_000, 10_450, "closed")
    assert release.matures_at == AT + timedelta(days=3)
    assert (held(f"clearing:{BUSHRA}"), held("fees:work"), held(hold.account)) == (10_450, 550, 0)
    assert mature_clearing(at=AT + timedelta(days=3) - timedelta(seconds=1)) == 0
    assert mature_clearing(at=AT + timedelta(days=3)) == 1
    assert mature_clearing(at=AT + timedelta(days=4)) == 0
    assert (held(f"clearing:{BUSHRA}"), held(f"wallet:{BUSHRA}")) == (0, 10_450)
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert names == ["hold.placed", "hold.released", "hold.closed", "release.matured"]


def test_nobody_waits_behind_earnings_that_the_books_contradict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "_AT_ONCE", 2)
    for minute, worker in enumerate([BUSHRA, BUSHRA, BUSHRA, CHEN, CHEN, CHEN]):
        release_hold(
            hold=a_hold(1_000, worker=worker),
            amount=usd(1_000),
            key=new_id(),
            by=None,
            at=AT + timedelta(minutes=minute),
        )
    lost = Flow(f"clearing:{BUSHRA}", "outside:practice", 2_850, "USD")
    move_money(kind="correction.made", key="correction:1", flows=[lost], by=None, at=AT)
    for matured in (3, 0):
        assert mature_clearing(at=AT + timedelta(days=4)) == matured
        assert (held(f"wallet:{BUSHRA}"), held(f"wallet:{CHEN}")) == (0, 2_850)
    assert Release.objects.filter(state="clearing").count() == 3
    move_money(
        kind="correction.made",
        key="correction:2",
        flows=[Flow("outside:practice", f"clearing:{BUSHRA}", 2_850, "USD")],
        by=None,
        at=AT,
    )
    assert mature_clearing(at=AT + timedelta(days=4)) == 3
    assert held(f"wallet:{BUSHRA}") == 2_850


def test_a_short_wallet_says_how_much_is_missing_and_nothing_is_held() -> None:
    with_money(f"wallet:{AMARA}", 4_000)
    with pytest.raises(ShortOfMoney) as refusal:
        hold_money(
            purpose="milestone:x",
            payers=[Payer(AMARA, usd(10_000))],
            currency="USD",
            deductions=[],
            worker=BUSHRA,
            by=None,
            at=AT,
        )
    assert refusal.value.missing == usd(6_000)
    assert "60.00 USD" in refusal.value.sentence
    assert not Hold.objects.exists()
    assert held(f"wallet:{AMARA}") == 4_000


def test_there_is_one_hold_for_a_purpose() -> None:
    hold = a_hold()
    with pytest.raises(AlreadyHeld):
        hold_money(
            purpose=hold.purpose,
            payers=[Payer(AMARA, usd(1))],
            currency="USD",
            deductions=[],
            worker=BUSHRA,
            by=None,
            at=AT,
        )


def test_the_clients_fee_leaves_in_proportion_and_to_the_last_unit() -> None:
    hold = a_hold(10_000, client_fee=333)
    release_hold(hold=hold, amount=usd(3_333), key=new_id(), by=None, at=AT)
    return_hold(hold=hold, amount=usd(3_333), key=new_id(), by=None, at=AT)
    split_hold(hold=hold, to_worker=usd(1_667), to_client=usd(1_667), key=new_id(), by=None, at=AT)
    assert hold.state == "closed"
    assert held(hold.account) == 0
    back = held(f"wallet:{AMARA}") - (3_333 + 1_667)
    assert held("fees:client") + back == 333
    assert abs(back - 333 // 2) <= 1


def test_C15_a_hold_released_cent_by_cent_pays_the_fee_of_the_whole() -> None:
    """Nineteen cents at a time, none of which owes a cent by itself; what goes back owes nothing."""
    hold = a_hold(400)
    for _each in range(10):
        release_hold(hold=hold, amount=usd(19), key=new_id(), by=None, at=AT)
        return_hold(hold=hold, amount=usd(1), key=new_id(), by=None, at=AT)
    split_hold(hold=hold, to_worker=usd(10), to_client=usd(90), key=new_id(), by=None, at=AT)
    assert (held("fees:work"), held(f"clearing:{BUSHRA}")) == (10, 190)
    release_hold(hold=hold, amount=usd(100), key=new_id(), by=None, at=AT)
    assert (held("fees:work"), held(f"clearing:{BUSHRA}"), hold.state) == (15, 285, "closed")


def test_a_return_goes_to_the_payers_in_proportion_and_never_beyond_their_parts() -> None:
    with_money(FUND, 3_000)
    hold = a_hold(9_000, payers=[Payer(AMARA, usd(6_000)), Payer(FUND, usd(3_000))])
    before = held(f"wallet:{AMARA}")
    for _each in range(9):
        return_hold(hold=hold, amount=usd(1_000), key=new_id(), by=None, at=AT)
    assert held(f"wallet:{AMARA}") - before == 6_000
    assert held(FUND) == 3_000


def test_frozen_money_moves_only_by_a_split() -> None:
    hold = a_hold(10_000)
    freeze_hold(hold=hold, amount=usd(6_000), reason="case:1", by=None, at=AT)
    for verb in (release_hold, return_hold):
        with pytest.raises(NotInHold, match="frozen"):
            verb(hold=hold, amount=usd(4_001), key=new_id(), by=None, at=AT)
    release_hold(hold=hold, amount=usd(4_000), key=new_id(), by=None, at=AT)
    split_hold(hold=hold, to_worker=usd(2_500), to_client=usd(2_500), key=new_id(), by=None, at=AT)
    assert (hold.left, hold.frozen) == (1_000, 1_000)
    thaw_hold(hold=hold, amount=usd(1_000), by=None, at=AT)
    with pytest.raises(NotInHold):
        thaw_hold(hold=hold, amount=usd(1), by=None, at=AT)
    return_hold(hold=hold, amount=usd(1_000), key=new_id(), by=None, at=AT)
    assert hold.state == "closed"


def test_one_key_moves_once_and_other_content_under_it_is_refused() -> None:
    hold, key = a_hold(), new_id()
    first = release_hold(hold=hold, amount=usd(1_000), key=key, by=None, at=AT)
    again = release_hold(hold=hold, amount=usd(1_000), key=key, by=None, at=AT + timedelta(hours=25))
    assert first.pk == again.pk
    assert held(f"clearing:{BUSHRA}") == 950
    with pytest.raises(KeyReused):
        release_hold(hold=hold, amount=usd(1_001), key=key, by=None, at=AT)
    with pytest.raises(KeyReused):
        return_hold(hold=hold, amount=usd(1_000), key=key, by=None, at=AT)
    with pytest.raises(KeyReused):
        release_hold(hold=a_hold(), amount=usd(1_000), key=key, by=None, at=AT)
    assert hold.money_left == usd(9_000)


@pytest.mark.parametrize("minor", [0, -1, -(2**63), 2**63, 10**15 + 1])
def test_C13_amounts_that_are_none(minor: int) -> None:
    hold = a_hold()
    for verb in (release_hold, return_hold):
        with pytest.raises(NotAnAmount):
            verb(hold=hold, amount=usd(minor), key=new_id(), by=None, at=AT)
    with pytest.raises(NotAnAmount):
        freeze_hold(hold=hold, amount=usd(minor), reason="case:1", by=None, at=AT)


def test_C14_a_hold_in_dollars_releases_no_yen() -> None:
    hold = a_hold()
    with pytest.raises(WrongCurrency):
        release_hold(hold=hold, amount=Money(100, "JPY"), key=new_id(), by=None, at=AT)
    assert held(f"clearing:{BUSHRA}", "JPY") == 0


@pytest.mark.parametrize(("currency", "minor", "net"), [("JPY", 101, 96), ("KWD", 12_345, 11_728)])
def test_currencies_with_other_decimals(currency: str, minor: int, net: int) -> None:
    with_money(f"wallet:{AMARA}", minor, currency)
    hold = hold_money(
        purpose="milestone:abroad",
        payers=[Payer(AMARA, Money(minor, currency))],
        currency=currency,
        deductions=[Deduction("fees:work", 500, "fee")],
        worker=BUSHRA,
        by=None,
        at=AT,
    )
    release = release_hold(hold=hold, amount=Money(minor, currency), key=new_id(), by=None, at=AT)
    assert release.net == net
    assert held("fees:work", currency) == minor - net
