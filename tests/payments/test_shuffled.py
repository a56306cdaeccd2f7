"""A hundred times the same words, doubled and shuffled: a hundred times the same books."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from guildhall.payments.actions import (
    ask_for_refunds,
    ask_gateways,
    receive_notice,
    refund_deposit,
    start_deposit,
)
from guildhall.payments.models import Chargeback, Deposit, DepositRefund, PracticeIntent, PracticeNotice
from guildhall.payments.practice.disputing import dispute_practice_payment
from guildhall.payments.practice.paying import body_of, choose_practice_payment
from guildhall.payments.practice.signing import sign
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.cast import NOW
from tests.doubles.stripe_side import StripeSide, signed

pytestmark = pytest.mark.django_db(transaction=True)

SHUFFLES = 100
LATER = NOW + timedelta(hours=1)

type Word = tuple[bytes, str]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within it is forgotten."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def export() -> tuple[object, ...]:
    """What every account holds, by its name, and how everything stands."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT code, currency, sum(amount) FROM (
                SELECT target_id AS id, amount FROM ledger_posting
                UNION ALL SELECT source_id, -amount FROM ledger_posting
            ) leg JOIN ledger_account account USING (id)
            GROUP BY code, currency HAVING sum(amount) <> 0 ORDER BY code, currency
        """)
        balances = cursor.fetchall()
    return (
        balances,
        list(Deposit.objects.order_by("id").values_list("id", "state", "serial")),
        list(DepositRefund.objects.order_by("id").values_list("id", "state", "serial")),
        list(Chargeback.objects.order_by("reference").values_list("reference", "state", "amount", "serial")),
    )


def ends(rail: str, words: list[Word]) -> list[tuple[object, ...]]:
    """How the books look in the order in which the words were said, then after each shuffle."""
    found = []
    for seed in range(SHUFFLES + 1):
        told = list(words)
        if seed:
            told = told * 2
            random.Random(seed).shuffle(told)
        with undone():
            for body, signature in told:
                receive_notice(rail=rail, body=body, signature=signature, at=LATER)
            found.append(export())
            if seed % 25 == 0:
                assert not what_is_broken()
    return found


def test_I3_stripes_words(stripe_side: StripeSide, amara: Person, bushra: Person) -> None:
    """Paid, refunded in part, the refund comes back, disputed and won; paid and disputed; run out; a lie."""
    tell = stripe_side.tell
    whole, lost, late, lied = (
        start_deposit(by=person, amount=usd(minor), at=NOW)
        for person, minor in ((amara, 10_000), (bushra, 7_000), (amara, 900), (bushra, 800))
    )
    ask_gateways(at=NOW)
    for deposit in (whole, lost, late, lied):
        deposit.refresh_from_db()
    tell(f"pay/{whole.payment}")
    tell(f"pay/{lost.payment}")
    tell(f"pay/{lied.payment}", lie=3)
    tell(f"expire/{late.payment}")
    events = stripe_side.events()
    first = [each["id"] for each in stripe_side.things("payment_intent")]
    payment_of = {
        each["metadata"]["deposit"]: each["id"]
        for each in stripe_side.things("payment_intent")
        if each["id"] in first
    }
    Deposit.objects.filter(pk=whole.pk).update(state="started")
    with_refund = _refund_of(whole, stripe_side, events)
    events += stripe_side.events()
    tell(f"end_refund/{with_refund}", status="failed")
    tell(f"dispute/{payment_of[str(whole.pk)]}")
    tell(f"end_dispute/{stripe_side.things('dispute')[0]['id']}", status="won")
    tell(f"dispute/{payment_of[str(lost.pk)]}")
    events += stripe_side.events()
    found = ends("stripe", [(body, signed(body, LATER)) for body in events])
    assert len(found) == SHUFFLES + 1
    assert all(each == found[0] for each in found)
    assert Chargeback.objects.count() == 0, "each was undone"


def _refund_of(deposit: Deposit, side: StripeSide, events: list[bytes]) -> str:
    """A part of it is sent back before the words about that are told, in whatever order."""
    for body in events:
        if str(deposit.pk).encode() in body:
            receive_notice(rail="stripe", body=body, signature=signed(body, NOW), at=NOW)
    refund_deposit(deposit=deposit, amount=usd(2_500), by=deposit.person, at=NOW)
    payment = Deposit.objects.get(pk=deposit.pk).payment
    side.tell(f"slow/{payment}")
    ask_for_refunds(at=NOW)
    return str(side.things("refund")[0]["id"])


def test_I3_the_practice_banks_words(amara: Person) -> None:
    """Whatever it says of payments, by whatever seed, and of chargebacks, one of them given back."""
    for n, choice in enumerate(("wavers", "twice", "twice", "lies", "chance", "chance", "chance")):
        deposit = start_deposit(by=amara, amount=usd(1_000 + n), at=NOW)
        intent = PracticeIntent.objects.get(deposit=str(deposit.pk))
        choose_practice_payment(intent=intent, choice=choice, at=NOW, seed=f"seed {n}")
        for _turn in range(n if choice == "twice" else 0):
            dispute_practice_payment(intent=intent, at=NOW)
    bodies = [body_of(each) for each in PracticeNotice.objects.select_related("intent").order_by("id")]
    found = ends("practice", [(body, sign(body, LATER)) for body in bodies])
    assert len(found) == SHUFFLES + 1
    assert all(each == found[0] for each in found)
