"""What goes back in the sample hall: refunds, a kept card, a bank that is silent or takes a payment back."""

from datetime import datetime, timedelta

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.kernel.money import Money
from guildhall.payments.actions import ask_for_refunds, ask_gateways, refund_deposit, start_deposit
from guildhall.payments.models import Deposit, KeptMethod, PracticeIntent
from guildhall.payments.practice import hand_over_words, pay_in_practice
from guildhall.payments.practice.disputing import dispute_practice_payment
from guildhall.people.models import Person

_MINUTE = timedelta(minutes=1)


def send_money_back(year: Year, at: datetime) -> Story:
    """A client sends back what they paid in too much; each time the bank behaves in another way."""
    client = year.town.named("Tariq Aziz")
    for choice in ("now", "wavers"):
        deposit = _paid_in(client, choice, at)
        refund_deposit(deposit=deposit, amount=Money(5_000, "USD"), by=client, at=at)
        ask_for_refunds(at=at)
        at = yield _MINUTE
        hand_over_words(deposit=deposit, at=at)
    for turns in (2, 1):
        deposit = _paid_in(client, "now", at)
        for _turn in range(turns):
            dispute_practice_payment(intent=PracticeIntent.objects.get(deposit=str(deposit.pk)), at=at)
            hand_over_words(deposit=deposit, at=at)
        at = yield _MINUTE


def leave_money_on_its_way_back(year: Year, at: datetime) -> Story:
    """When the year ends, one refund waits, one is on its way, and of one and of a charge nobody knows."""
    client = year.town.named("Tariq Aziz")
    silent = _paid_in(client, "silent", at, keep=True)
    start_deposit(
        by=client,
        amount=Money(3_000, "USD"),
        at=at,
        method=KeptMethod.objects.filter(person=client, removed_at=None).latest("id"),
    )
    ask_gateways(at=at)
    for deposit in (silent, _paid_in(client, "late", at - _MINUTE)):
        hand_over_words(deposit=deposit, at=at)
        refund_deposit(deposit=deposit, amount=Money(4_000, "USD"), by=client, at=at)
    ask_for_refunds(at=at)
    refund_deposit(deposit=silent, amount=Money(2_000, "USD"), by=client, at=at)
    yield _MINUTE


def _paid_in(client: Person, choice: str, at: datetime, *, keep: bool = False) -> Deposit:
    deposit = start_deposit(by=client, amount=Money(20_000, "USD"), at=at, keep=keep)
    pay_in_practice(deposit=deposit, choice=choice, at=at)
    return deposit
