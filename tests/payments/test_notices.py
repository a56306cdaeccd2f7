"""Nothing is credited on anybody's word but a fitting notice that the processor signed just now."""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from guildhall.escrow.actions import Payer, hold_money
from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import fill_reserve, receive_notice, start_deposit
from guildhall.payments.gateways import BadNotice
from guildhall.payments.models import Deposit, GatewayNotice, RefusedNotices
from guildhall.payments.practice.signing import sign
from guildhall.people.models import Person
from tests.builders.contracts import what_is_broken
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposit(amara: Person) -> Deposit:
    return start_deposit(by=amara, amount=Money(12_000, "USD"), at=NOW)


def said(deposit: Deposit, /, **changes: Any) -> bytes:
    facts = {
        "reference": "practice_1",
        "serial": 1,
        "deposit": str(deposit.pk),
        "outcome": "paid",
        "minor": deposit.amount,
        "currency": deposit.currency,
    }
    return json.dumps(facts | changes).encode()


def hear(body: bytes, *, at: datetime = NOW, signed_at: datetime = NOW) -> GatewayNotice:
    kept = receive_notice(rail="practice", body=body, signature=sign(body, signed_at), at=at)
    assert kept is not None
    return kept


def wallet(deposit: Deposit) -> int:
    return balance_of(f"wallet:{deposit.person.party}", deposit.currency).minor


def reserve() -> int:
    return balance_of("reserve", "USD").minor


def shortfall() -> int:
    return balance_of("shortfall", "USD").minor


def spend(deposit: Deposit, minor: int, worker: Person) -> None:
    """Set money of the payer's aside for somebody's work."""
    hold_money(
        purpose="milestone:x",
        payers=[Payer(deposit.person.party, Money(minor, "USD"))],
        currency="USD",
        deductions=[],
        worker=worker.party,
        by=None,
        at=NOW,
    )


def state(deposit: Deposit) -> str:
    return Deposit.objects.get(pk=deposit.pk).state


def test_a_paid_notice_fills_the_wallet(deposit: Deposit) -> None:
    assert deposit.pay_url.startswith("http://localhost")
    assert hear(said(deposit)).outcome == "followed"
    assert (wallet(deposit), state(deposit)) == (12_000, "settled")
    assert balance_of("outside:practice", "USD").minor == -12_000


@pytest.mark.parametrize(
    "forge",
    [
        lambda body, _good: (body, ""),
        lambda body, _good: (body, "t=,v1="),
        lambda body, good: (body, good[:-1]),
        lambda body, good: (body, good[:-1] + ("0" if good[-1] != "0" else "1")),
        lambda body, good: (body[:-1], good),
        lambda body, good: (json.dumps(json.loads(body), indent=1).encode(), good),
        lambda body, good: (body.replace(b"12000", b"99000"), good),
        lambda body, good: (body, good.replace("t=", "t=9")),
        lambda body, good: (body, good + ",v1=00"),
        lambda body, good: (body, good.replace("v1", "v0")),
    ],
)
def test_C05_forged_truncated_or_rewritten(deposit: Deposit, forge: Any) -> None:
    good = said(deposit)
    body, signature = forge(good, sign(good, NOW))
    with pytest.raises(BadNotice):
        receive_notice(rail="practice", body=body, signature=signature, at=NOW)
    assert (wallet(deposit), state(deposit)) == (0, "started")
    assert not GatewayNotice.objects.exists()
    assert RefusedNotices.objects.get().count == 1


def test_C05_signed_with_another_secret(deposit: Deposit, settings: Any) -> None:
    body = said(deposit)
    own, settings.SECRET_KEY = settings.SECRET_KEY, "another hall's secret, just as long as ours"
    signature = sign(body, NOW)
    settings.SECRET_KEY = own
    with pytest.raises(BadNotice):
        receive_notice(rail="practice", body=body, signature=signature, at=NOW)


@pytest.mark.parametrize(("seconds", "fits"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_C05_older_than_five_minutes_or_from_the_future(
    deposit: Deposit, seconds: int, *, fits: bool
) -> None:
    if fits:
        hear(said(deposit), at=NOW + timedelta(seconds=seconds))
    else:
        with pytest.raises(BadNotice):
            hear(said(deposit), at=NOW + timedelta(seconds=seconds))
    assert wallet(deposit) == (12_000 if fits else 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"minor": "12000"},
        {"minor": 12_000.0},
        {"minor": True},
        {"minor": -1},
        {"minor": 2**63},
        {"serial": 0},
        {"serial": 2**40},
        {"outcome": "maybe"},
        {"currency": "usd"},
        {"reference": ""},
        {"reference": "x" * 81},
        {"more": 1},
    ],
)
def test_what_cannot_be_read_is_refused_although_it_is_signed(deposit: Deposit, changes: Any) -> None:
    with pytest.raises(BadNotice):
        hear(said(deposit, **changes))
    assert wallet(deposit) == 0


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"\xff\xfe", b'{"reference":'])
def test_bytes_that_are_no_notice(body: bytes, db: None) -> None:
    with pytest.raises(BadNotice):
        hear(body)


def test_no_such_processor(db: None) -> None:
    with pytest.raises(NotFound):
        receive_notice(rail="elsewhere", body=b"{}", signature="", at=NOW)


def test_C06_fifty_times_is_once(deposit: Deposit) -> None:
    for _each in range(50):
        hear(said(deposit))
    assert wallet(deposit) == 12_000
    assert GatewayNotice.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"minor": 12_001},
        {"minor": 1},
        {"currency": "EUR"},
        {"deposit": "018f0000-0000-7000-8000-000000000000"},
        {"deposit": "not an id"},
    ],
)
def test_C06_what_fits_no_deposit_is_put_aside_and_never_credited(deposit: Deposit, changes: Any) -> None:
    body = said(deposit, **changes)
    assert hear(body).outcome == "unmatched"
    assert hear(body).outcome == "unmatched"
    assert (wallet(deposit), state(deposit)) == (0, "started")
    facts = json.loads(body)
    assert balance_of("suspense:practice", facts["currency"]).minor == facts["minor"]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
@pytest.mark.parametrize("outcomes", [("paid", "failed", "paid"), ("failed", "paid", "failed")])
def test_C08_the_last_word_holds_in_whatever_order_they_come(
    deposit: Deposit, outcomes: tuple[str, ...], order: tuple[int, ...]
) -> None:
    for serial in (*order, *order):
        hear(said(deposit, serial=serial, outcome=outcomes[serial - 1], reference=f"practice_{serial}"))
    paid = outcomes[-1] == "paid"
    assert state(deposit) == ("settled" if paid else "failed")
    assert wallet(deposit) == (12_000 if paid else 0)
    assert balance_of("outside:practice", "USD").minor == -wallet(deposit)


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3, 4])))
def test_C08_what_the_hall_bore_comes_back_to_the_hall_and_not_to_the_payer(
    deposit: Deposit, bushra: Person, order: tuple[int, ...]
) -> None:
    """Paid, spent, and then words in every order: the spent part is never paid twice."""
    outcomes = {1: "failed", 2: "paid", 3: "failed", 4: "paid"}
    hear(said(deposit, reference="practice_0"))
    spend(deposit, 9_000, bushra)
    for serial in (*order, *order):
        hear(
            said(deposit, serial=serial + 1, outcome=outcomes[serial], reference=f"practice_{serial}"),
        )
        assert balance_of("outside:practice", "USD").minor in {-12_000, 0}
        assert wallet(deposit) in {3_000, 0}
    assert (wallet(deposit), state(deposit)) == (3_000, "settled")
    assert balance_of("shortfall", "USD").minor == 0
    assert not what_is_broken()


def test_C08_the_reserve_gets_back_what_it_bore(deposit: Deposit, bushra: Person) -> None:
    gift = [Flow("outside:bank", "reserve", 4_000, "USD")]
    move_money(kind="fund.received", key="a gift", flows=gift, by=None, at=NOW)
    hear(said(deposit))
    spend(deposit, 9_000, bushra)
    hear(said(deposit, serial=2, outcome="failed", reference="practice_2"))
    assert (wallet(deposit), reserve(), shortfall()) == (0, 0, -5_000)
    hear(said(deposit, serial=3, reference="practice_3"))
    assert (wallet(deposit), reserve(), shortfall()) == (3_000, 4_000, 0)
    hear(said(deposit, serial=4, outcome="failed", reference="practice_4"))
    hear(said(deposit, serial=5, reference="practice_5"))
    assert (wallet(deposit), reserve(), shortfall()) == (3_000, 4_000, 0)
    assert not what_is_broken()


def test_C08_what_an_operator_made_good_meanwhile_is_the_reserves(
    deposit: Deposit, bushra: Person, olga: Person
) -> None:
    hear(said(deposit))
    spend(deposit, 9_000, bushra)
    hear(said(deposit, serial=2, outcome="failed", reference="practice_2"))
    fill_reserve(amount=Money(10_000, "USD"), by=olga, at=NOW)
    assert (reserve(), shortfall()) == (1_000, 0)
    hear(said(deposit, serial=3, reference="practice_3"))
    assert (wallet(deposit), reserve(), shortfall()) == (3_000, 10_000, 0)
    hear(said(deposit, serial=4, outcome="failed", reference="practice_4"))
    assert (wallet(deposit), reserve(), shortfall()) == (0, 1_000, 0)
    hear(said(deposit, serial=5, reference="practice_5"))
    assert (wallet(deposit), reserve(), shortfall()) == (3_000, 10_000, 0)
    assert not what_is_broken()


def test_C09_what_was_spent_is_taken_from_the_hall_and_never_below_zero(
    deposit: Deposit, bushra: Person
) -> None:
    hear(said(deposit))
    spend(deposit, 9_000, bushra)
    hear(said(deposit, serial=2, outcome="failed", reference="practice_2"))
    assert (wallet(deposit), state(deposit)) == (0, "failed")
    assert balance_of("shortfall", "USD").minor == -9_000
