"""Thirty-two at once, settle against return, two operators at one batch: the money is there once."""

from functools import partial

import pytest

from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    confirm_match,
    confirm_return,
    fill_reserve,
    match_deposit,
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
    settle_payout_batch,
)
from guildhall.payments.models import GatewayNotice, Payout, PayoutBatch
from guildhall.people.actions import drop_decision
from guildhall.people.models import Decision, Person
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with, an_unmatched_payment
from tests.cast import NOW, a_person
from tests.escrow.test_races import MANY
from tests.racing import ends_of

pytestmark = pytest.mark.django_db(transaction=True)


def held(code: str) -> int:
    return balance_of(code, "USD").minor


def a_sent_payout(person: Person, operator: Person) -> Payout:
    payout = a_requested_payout(person, 1_000, NOW)
    send_payout_batch(batch=open_payout_batch(by=operator, at=NOW), by=operator, at=NOW)
    return Payout.objects.get(pk=payout.pk)


def test_C1_of_thirty_two_payouts_of_one_wallet_as_many_as_it_holds_are_made(bushra: Person) -> None:
    a_wallet_with(bushra, 1_000, NOW)
    a_payout_account(bushra, NOW)
    ask = partial(request_payout, by=bushra, amount=Money(300, "USD"), at=NOW)
    assert ends_of([ask] * MANY) == {"done": 3, "more_than_available": MANY - 3}
    assert held(f"wallet:{bushra.party}") == 100
    assert not what_is_broken()


def test_C2_settled_or_returned_and_never_both_at_once(bushra: Person, olga: Person) -> None:
    payout = a_sent_payout(bushra, olga)
    settle = partial(settle_payout, payout=payout, by=olga, at=NOW)
    back = partial(return_payout, payout=payout, reason="Closed.", by=olga, at=NOW)
    ends = ends_of([settle, back] * 8)
    # A bank may send back what it had booked: so a return may follow a settlement, and nothing follows that.
    assert 1 <= ends["done"] <= 2
    assert ends["done"] + ends["forbidden_move"] == 16
    assert Payout.objects.get().state == "returned"
    assert (held(f"wallet:{bushra.party}"), held("outside:bank"), held(payout.transit)) == (1_000, 0, 0)
    assert not what_is_broken()


def test_C20_two_operators_open_and_send_each_payout_once(bushra: Person, olga: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    a_wallet_with(bushra, 1_000, NOW)
    a_payout_account(bushra, NOW)
    for _each in range(10):
        request_payout(by=bushra, amount=Money(100, "USD"), at=NOW)
    ends = ends_of([partial(open_payout_batch, by=who, at=NOW) for who in (olga, oleg)] * 4)
    assert ends["done"] + ends["nothing_to_send"] == 8
    assert Payout.objects.exclude(batch=None).count() == 10
    for batch in PayoutBatch.objects.all():
        send = [partial(send_payout_batch, batch=batch, by=who, at=NOW) for who in (olga, oleg)] * 4
        assert ends_of(send) == {"done": 1, "forbidden_move": 7}
        arrive = [partial(settle_payout_batch, batch=batch, by=who, at=NOW) for who in (olga, oleg)] * 4
        assert ends_of(arrive) == {"done": 8}
    assert (held("outside:bank"), held(f"wallet:{bushra.party}")) == (1_000, 0)
    assert not what_is_broken()


def test_P5_a_decision_for_two_is_decided_once(bushra: Person, olga: Person) -> None:
    others = [a_person(f"Oleg{number}", operates=True) for number in range(4)]
    payout = a_sent_payout(bushra, olga)
    ask = [partial(return_payout, payout=payout, reason="Closed.", by=who, at=NOW) for who in others]
    assert ends_of(ask * 2) == {"done": 1, "waits_for_second": 7}
    decision = Decision.objects.get()
    confirm = [partial(confirm_return, decision=decision, by=olga, at=NOW)] * 6
    drop = [partial(drop_decision, decision=decision, by=olga, at=NOW)] * 2
    assert ends_of([*confirm, *drop]) == {"done": 1, "forbidden_move": 7}
    confirmed = Decision.objects.get().state == "confirmed"
    assert held(f"wallet:{bushra.party}") == (1_000 if confirmed else 0)
    assert not what_is_broken()


def test_suspended_money_is_given_once(bushra: Person, olga: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    notice = an_unmatched_payment(900, NOW)
    match_deposit(notice=notice, person=bushra, by=olga, at=NOW)
    decision = Decision.objects.get()
    ends = ends_of([partial(confirm_match, decision=decision, by=oleg, at=NOW)] * 8)
    assert ends["done"] == 1
    assert held(f"wallet:{bushra.party}") == 900


def test_two_who_make_one_shortfall_good_fill_the_reserve_with_the_rest(olga: Person) -> None:
    owed = [Flow("shortfall", "outside:practice", 9_000, "USD")]
    move_money(kind="chargeback.taken", key="chargeback:old:2", flows=owed, by=None, at=NOW)
    fill = partial(fill_reserve, amount=Money(9_000, "USD"), by=olga, at=NOW)
    assert ends_of([fill] * 8) == {"done": 8}
    assert (held("shortfall"), held("reserve"), held("outside:bank")) == (0, 7 * 9_000, -8 * 9_000)


def test_C6_the_same_word_at_once_is_put_aside_once(amara: Person) -> None:
    ends = ends_of([partial(an_unmatched_payment, 900, NOW, reference="word_1")] * MANY)
    assert ends == {"done": MANY}
    assert GatewayNotice.objects.count() == 1
    assert held("suspense:practice") == 900
    assert not what_is_broken()
