"""Paying in by Stripe: its page, signature, currencies, kept cards and lost answers, against the double."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    MethodGone,
    ask_gateways,
    forget_methods,
    give_up_old_deposits,
    look_after_deposits,
    receive_notice,
    remove_method,
    start_deposit,
)
from guildhall.payments.gateways import BadNotice, gateways_that_take, has_practice_money_only
from guildhall.payments.models import Deposit, GatewayNotice, KeptMethod, RefusedNotices
from guildhall.payments.stripe.amounts import from_stripe, to_stripe
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.cast import NOW
from tests.doubles.stripe_side import SECRET, StripeSide, hear, signed
from tests.web.visiting import by

pytestmark = pytest.mark.django_db(transaction=True)


def begun(person: Person, minor: int = 5_000, **more: Any) -> Deposit:
    deposit = start_deposit(by=person, amount=usd(minor), at=NOW, back_to="/money/deposits", **more)
    ask_gateways(at=NOW)
    return now(deposit)


def now(deposit: Deposit) -> Deposit:
    return Deposit.objects.get(pk=deposit.pk)


def wallet(person: Person) -> int:
    return balance_of(f"wallet:{person.party}", "USD").minor


def with_a_kept_card(person: Person, side: StripeSide) -> KeptMethod:
    deposit = begun(person, keep=True)
    side.tell(f"pay/{deposit.payment}")
    hear(side.events(), NOW)
    return KeptMethod.objects.get(person=person)


def test_from_the_form_to_the_page_of_stripe_and_into_the_wallet(
    stripe_side: StripeSide, amara: Person
) -> None:
    assert [each.rail for each in gateways_that_take()] == ["stripe"]
    assert not has_practice_money_only()
    browser = by(amara)
    assert browser.post("/money/deposits", {"amount": "50.00", "currency": "USD"}).status_code == 302
    assert ask_gateways(at=timezone.now()) == 1
    deposit = Deposit.objects.get()
    assert deposit.pay_url.startswith(f"{stripe_side.url}/c/pay/cs_")
    assert deposit.pay_url in browser.get("/money/deposits").text
    stripe_side.tell(f"pay/{deposit.payment}")
    hear(stripe_side.events(), NOW)
    assert (now(deposit).state, wallet(amara)) == ("settled", 5_000)
    assert now(deposit).payment.startswith("pi_")
    assert balance_of("outside:stripe", "USD") == usd(-5_000)
    assert not what_is_broken()


@pytest.mark.parametrize("seconds", [-300, 300])
def test_C05_five_minutes_old_is_just_young_enough(
    stripe_side: StripeSide, amara: Person, seconds: int
) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}")
    for body in stripe_side.events():
        signature = signed(body, NOW + timedelta(seconds=seconds))
        receive_notice(rail="stripe", body=body, signature=signature, at=NOW)
    assert now(deposit).state == "settled"


def test_C05_forged_old_rewritten_or_anothers(stripe_side: StripeSide, amara: Person) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}")
    body = stripe_side.events()[0]
    good = signed(body, NOW)
    tries = [
        (body, ""),
        (body, "t=,v1="),
        (body, good[:-1]),
        (body, signed(body, NOW, "whsec_of_another_hall")),
        (body, signed(body, NOW - timedelta(seconds=301))),
        (body, signed(body, NOW + timedelta(seconds=301))),
        (json.dumps(json.loads(body), indent=1).encode(), good),
        (body.replace(b"5000", b"9000"), good),
        (body[:-1], good),
        (body, good.replace("t=", "t=9")),
        (b"\xff" + body, signed(b"\xff" + body, NOW)),
        (b"[]", signed(b"[]", NOW)),
        (b"{}", signed(b"{}", NOW)),
    ]
    for said, signature in tries:
        with pytest.raises(BadNotice):
            receive_notice(rail="stripe", body=said, signature=signature, at=NOW)
    assert (now(deposit).state, GatewayNotice.objects.count()) == ("started", 0)
    assert RefusedNotices.objects.get().count == len(tries)


def test_what_is_about_nothing_of_ours_is_taken_and_forgotten(stripe_side: StripeSide) -> None:
    body = json.dumps({"type": "customer.created", "data": {"object": {"id": "cus_1"}}}).encode()
    assert receive_notice(rail="stripe", body=body, signature=signed(body, NOW), at=NOW) is None


@pytest.mark.parametrize("lie", [2, 10])
def test_C06_another_sum_is_put_aside_once_however_many_events_say_it(
    stripe_side: StripeSide, amara: Person, lie: int
) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}", lie=lie)
    hear(stripe_side.events() * 2, NOW)
    assert (now(deposit).state, wallet(amara)) == ("started", 0)
    assert balance_of("suspense:stripe", "USD") == usd(5_000 * lie)
    assert GatewayNotice.objects.get().outcome == "unmatched"
    assert not what_is_broken()


def test_C06_a_deposit_that_is_paid_twice_is_credited_once(stripe_side: StripeSide, amara: Person) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}")
    events = stripe_side.events()
    payment = json.loads(events[0])["data"]["object"]["payment_intent"]
    hear(events + [body.replace(payment.encode(), b"pi_another_time") for body in events], NOW)
    assert wallet(amara) == 5_000
    assert balance_of("suspense:stripe", "USD") == usd(5_000)


@pytest.mark.parametrize(
    ("money", "number"),
    [
        (Money(500, "JPY"), 500),
        (Money(12_345, "USD"), 12_345),
        (Money(12_340, "KWD"), 12_340),
        (Money(5, "ISK"), 500),
        (Money(7, "UGX"), 700),
        (Money(700, "MGA"), 7),
    ],
)
def test_sums_are_written_as_stripe_writes_them(money: Money, number: int) -> None:
    assert to_stripe(money) == number
    assert from_stripe(number, money.currency.lower()) == money


def test_a_decimal_that_stripe_does_not_take_is_refused_before_anything_is_written(
    stripe_side: StripeSide, amara: Person
) -> None:
    with pytest.raises(Unfit) as refused:
        start_deposit(by=amara, amount=Money(12_345, "KWD"), at=NOW)
    assert (refused.value.field, Deposit.objects.count()) == ("amount", 0)
    deposit = start_deposit(by=amara, amount=Money(12_340, "KWD"), at=NOW)
    ask_gateways(at=NOW)
    stripe_side.tell(f"pay/{now(deposit).payment}")
    hear(stripe_side.events(), NOW)
    assert balance_of(f"wallet:{amara.party}", "KWD") == Money(12_340, "KWD")


def test_what_stripe_will_never_take_has_failed(stripe_side: StripeSide, amara: Person) -> None:
    deposit = begun(amara, 10)
    assert (deposit.state, deposit.ask_at) == ("failed", None)
    assert not what_is_broken()


def test_C07_a_page_whose_address_got_lost_is_the_same_page(stripe_side: StripeSide, amara: Person) -> None:
    stripe_side.breaks("POST", "/v1/checkout/sessions", "lose")
    deposit = begun(amara)
    assert (deposit.state, deposit.pay_url) == ("started", "")
    ask_gateways(at=NOW + timedelta(seconds=5))
    mine = [
        each
        for each in stripe_side.things("checkout.session")
        if each["client_reference_id"] == str(deposit.pk)
    ]
    assert [each["url"] for each in mine] == [now(deposit).pay_url]


def test_a_word_that_got_lost_is_asked_for(stripe_side: StripeSide, amara: Person) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}")
    assert look_after_deposits(at=NOW + timedelta(minutes=4)) == 0
    assert look_after_deposits(at=NOW + timedelta(minutes=5)) == 1
    hear(stripe_side.events(), NOW)
    assert (now(deposit).state, wallet(amara)) == ("settled", 5_000)


def test_I5_a_day_later_it_has_ended_or_stands_in_the_list(
    stripe_side: StripeSide, amara: Person, bushra: Person
) -> None:
    forgotten, silent = begun(amara), begun(bushra)
    later = NOW + timedelta(hours=24, minutes=1)
    stripe_side.breaks("GET", f"/v1/checkout/sessions/{silent.payment}", "trouble", 99)
    assert give_up_old_deposits(at=later) == 0, "what has a page is asked about first"
    look_after_deposits(at=later)
    give_up_old_deposits(at=later)
    assert (now(forgotten).state, now(silent).state) == ("cancelled", "pending_unknown")
    assert not what_is_broken()


def test_a_kept_card_pays_in_one_step_and_nothing_of_it_is_kept_but_what_is_shown(
    stripe_side: StripeSide, amara: Person
) -> None:
    card = with_a_kept_card(amara, stripe_side)
    assert (card.brand, card.last4, card.expires) == ("visa", "4242", "2031-04")
    deposit = begun(amara, 700, method=card)
    assert (deposit.state, deposit.pay_url, wallet(amara)) == ("settled", "", 5_700)
    hear(stripe_side.events() * 2, NOW)
    assert wallet(amara) == 5_700
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(k) FROM payments_keptmethod k")
        assert "4242424242424242" not in str(cursor.fetchall())


def test_a_card_is_kept_only_if_the_payer_said_so(stripe_side: StripeSide, amara: Person) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}")
    hear(stripe_side.events(), NOW)
    assert not KeptMethod.objects.exists()


@pytest.mark.parametrize("code", ["authentication_required", "card_declined"])
def test_a_kept_card_that_the_bank_refuses_leads_to_the_page(
    stripe_side: StripeSide, amara: Person, code: str
) -> None:
    card = with_a_kept_card(amara, stripe_side)
    stripe_side.tell(f"declines/{card.method}", code=code)
    deposit = begun(amara, 700, method=card)
    assert (deposit.state, wallet(amara)) == ("started", 5_000)
    assert deposit.pay_url.startswith(stripe_side.url)
    assert stripe_side.things("payment_intent")[0]["status"] == "canceled"
    stripe_side.tell(f"pay/{deposit.payment}")
    hear(stripe_side.events(), NOW)
    assert wallet(amara) == 5_700


@pytest.mark.parametrize("does", ["lose", "trouble"])
def test_C07_a_charge_whose_answer_got_lost_is_never_made_twice(
    stripe_side: StripeSide, amara: Person, eve: Person, does: str
) -> None:
    card = with_a_kept_card(amara, stripe_side)
    stripe_side.breaks("POST", "/v1/payment_intents", does)
    deposit = begun(amara, 700, method=card)
    assert (deposit.state, wallet(amara)) == ("pending_unknown", 5_000)
    assert "Checking with Stripe" in by(amara).get("/money/deposits").text
    assert "Checking with Stripe" not in by(eve).get("/money/deposits").text
    assert not what_is_broken()
    ask_gateways(at=NOW + timedelta(seconds=5))
    hear(stripe_side.events(), NOW)
    assert (now(deposit).state, wallet(amara)) == ("settled", 5_700)
    names = [each["metadata"]["deposit"] for each in stripe_side.things("payment_intent")]
    assert names.count(str(deposit.pk)) == 1
    assert not what_is_broken()


def test_a_card_that_is_removed_is_deleted_at_stripe_and_pays_nothing_any_more(
    stripe_side: StripeSide, amara: Person, eve: Person
) -> None:
    card = with_a_kept_card(amara, stripe_side)
    with pytest.raises(MethodGone):
        remove_method(method=card, by=eve, at=NOW)
    with pytest.raises(MethodGone):
        begun(eve, method=card)
    remove_method(method=card, by=amara, at=NOW)
    stripe_side.breaks("POST", f"/v1/payment_methods/{card.method}/detach", "lose")
    assert forget_methods(at=NOW) == 0
    assert forget_methods(at=NOW + timedelta(hours=1)) == 1
    assert forget_methods(at=NOW + timedelta(hours=9)) == 0
    assert stripe_side.things("payment_method")[0]["customer"] is None
    with pytest.raises(MethodGone):
        begun(amara, method=card)
    with pytest.raises(MethodGone):
        remove_method(method=card, by=amara, at=NOW)


def test_I3_shuffled_and_doubled_the_end_is_the_same(stripe_side: StripeSide, amara: Person) -> None:
    deposit = begun(amara)
    stripe_side.tell(f"pay/{deposit.payment}")
    events = stripe_side.events() * 2
    random.Random(7).shuffle(events)
    hear(events, NOW)
    assert (now(deposit).state, wallet(amara)) == ("settled", 5_000)
    assert SECRET not in "".join(map(str, GatewayNotice.objects.values_list("facts", flat=True)))
