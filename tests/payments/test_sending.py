"""The practice bank's words travel over HTTP, and one that does not arrive is sent again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from guildhall.kernel.money import Money
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import start_deposit
from guildhall.payments.background import deliver_practice_notices
from guildhall.payments.models import Deposit, PracticeIntent, PracticeNotice
from guildhall.payments.practice.paying import choose_practice_payment
from guildhall.payments.practice.scripts import LATE
from guildhall.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def deposit(amara: Person, now: datetime) -> Deposit:
    return start_deposit(by=amara, amount=Money(12_000, "USD"), at=now)


def choose(deposit: Deposit, choice: str, now: datetime) -> None:
    intent = PracticeIntent.objects.get(deposit=str(deposit.pk))
    choose_practice_payment(intent=intent, choice=choice, at=now)


def held(deposit: Deposit) -> int:
    return balance_of(f"wallet:{deposit.person.party}", "USD").minor


@pytest.mark.parametrize(("choice", "words"), [("now", 1), ("twice", 2), ("wavers", 3)])
def test_over_http_to_the_wallet(
    deposit: Deposit, now: datetime, live_server: Any, settings: Any, *, choice: str, words: int
) -> None:
    settings.GUILDHALL_BASE_URL = live_server.url
    choose(deposit, choice, now)
    assert deliver_practice_notices(at=now) == words
    assert deliver_practice_notices(at=now) == 0
    assert held(deposit) == 12_000


def test_a_late_word_waits(deposit: Deposit, now: datetime, live_server: Any, settings: Any) -> None:
    settings.GUILDHALL_BASE_URL = live_server.url
    choose(deposit, "late", now)
    assert deliver_practice_notices(at=now + LATE - timedelta(seconds=1)) == 0
    assert deliver_practice_notices(at=now + LATE) == 1
    assert held(deposit) == 12_000


def test_what_does_not_arrive_is_sent_again(
    deposit: Deposit, now: datetime, live_server: Any, settings: Any
) -> None:
    settings.GUILDHALL_BASE_URL = "http://127.0.0.1:1"
    choose(deposit, "now", now)
    assert deliver_practice_notices(at=now) == 0
    notice = PracticeNotice.objects.get()
    assert (notice.tries, notice.sent_at) == (1, None)
    assert notice.trouble
    assert notice.due_at > now
    settings.GUILDHALL_BASE_URL = live_server.url
    assert deliver_practice_notices(at=now) == 0
    assert deliver_practice_notices(at=notice.due_at) == 1
    assert PracticeNotice.objects.get().trouble == ""
    assert held(deposit) == 12_000
