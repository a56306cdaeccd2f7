"""What rails say they did: every line explained, and what they took for themselves paid by the hall."""

from datetime import timedelta

import pytest

from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    ask_for_refunds,
    ask_gateways,
    fill_reserve,
    pay_processors,
    refund_deposit,
    start_deposit,
)
from guildhall.payments.gateways import gateway_for
from guildhall.payments.models import Deposit
from guildhall.payments.practice import hand_over_words, pay_in_practice
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import a_chargeback
from tests.cast import NOW
from tests.doubles.stripe_side import StripeSide, hear

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def test_I6_what_stripe_reports_is_what_the_books_have_and_its_fees_are_the_halls(
    stripe_side: StripeSide, amara: Person, olga: Person
) -> None:
    fill_reserve(amount=usd(200), by=olga, at=NOW)
    deposit = start_deposit(by=amara, amount=usd(10_000), at=NOW)
    ask_gateways(at=NOW)
    deposit = Deposit.objects.get(pk=deposit.pk)
    stripe_side.tell(f"pay/{deposit.payment}")
    hear(stripe_side.events(), NOW)
    refund = refund_deposit(deposit=Deposit.objects.get(), amount=usd(1_000), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    created = stripe_side.things("balance_transaction")[0]["created"]
    since = NOW.fromtimestamp(created - 3_600, NOW.tzinfo)
    until = NOW.fromtimestamp(created + 3_600, NOW.tzinfo)
    told = {
        (line.about, line.subject): line.amount
        for line in gateway_for("stripe").report(since=since, until=until)
    }
    assert told["deposit", str(deposit.pk)] == usd(10_000)
    assert told["refund", str(refund.pk)] == usd(-1_000)
    assert told["fee", str(deposit.pk)] == usd(-320)
    assert pay_processors(at=until) >= 1
    assert pay_processors(at=until) == 0
    assert balance_of("reserve", "USD") == usd(0)
    assert balance_of("shortfall", "USD").minor <= -120
    stripe_side.breaks("GET", "/v1/balance_transactions", "trouble")
    assert pay_processors(at=until) == 0


def test_I6_what_the_practice_bank_reports_is_what_the_books_have(amara: Person) -> None:
    for choice in ("now", "wavers", "fail"):
        deposit = start_deposit(by=amara, amount=usd(2_000), at=NOW)
        pay_in_practice(deposit=deposit, choice=choice, at=NOW)
    refunded = Deposit.objects.filter(state="settled").earliest("id")
    refund_deposit(deposit=refunded, amount=usd(500), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    hand_over_words(deposit=refunded, at=NOW)
    a_chargeback(amara, 900, NOW)
    lines = list(gateway_for("practice").report(since=NOW - timedelta(days=400), until=NOW + HOUR))
    assert sum(line.amount.minor for line in lines) == -balance_of("outside:practice", "USD").minor
    assert {line.about for line in lines} == {"deposit", "refund", "chargeback"}
    assert not what_is_broken()
