"""The worker's turn of proving: what an insider changes is found, and stops that person's payouts alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from guildhall.config.check_turns import check_and_remember
from guildhall.config.schedule import SCHEDULE
from guildhall.insights.models import Sign
from guildhall.insights.signs import show_sign
from guildhall.kernel.delivery import deliver_events
from guildhall.ledger.background import seal_settled
from guildhall.ledger.models import Difference
from guildhall.ledger.queries import balance_of
from guildhall.notices.models import Letter, Notice
from guildhall.payments.actions import PayoutStopped, answer_difference, request_payout
from guildhall.people.models import Person
from tests.builders.contracts import usd
from tests.builders.money import a_payout_account, a_wallet_with

pytestmark = pytest.mark.django_db(transaction=True)

AN_OLD_HALL = 3_600.0
"""Seconds that a whole pass took: the next one is due only after ten hours."""


@contextmanager
def an_insider() -> Iterator[None]:
    """The database's superuser, whom no trigger and no right holds back."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT pg_stat_force_next_flush()")


def change(statement: str, *values: str) -> None:
    with an_insider(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def found() -> set[tuple[str, str]]:
    return set(Difference.objects.filter(state="opened").values_list("name", "account"))


def everything_was_proved(seconds: float) -> None:
    """Say when all was proved and how long it took, keeping what the server had counted then."""
    known = json.loads(Sign.objects.get(name="check:whole").note)
    show_sign("check:whole", json.dumps({**known, "seconds": {"E4": seconds}}))


def test_every_ten_minutes() -> None:
    [work] = [work for work in SCHEDULE if work.do is check_and_remember]
    assert work.every <= timedelta(seconds=600)


def test_C21_what_an_insider_changes_stops_that_persons_payouts_alone(
    bushra: Person, chen: Person, olga: Person
) -> None:
    now = timezone.now()
    for person in (bushra, chen):
        a_wallet_with(person, 9_000, now)
        a_payout_account(person, now)
    seal_settled(at=now)
    assert check_and_remember(at=now) == 0
    wallet = f"wallet:{bushra.party}"
    change("UPDATE ledger_account SET balance = balance + 5000 WHERE code = %s", wallet)
    assert check_and_remember(at=now) > 0
    assert {account for _name, account in found()} == {wallet}
    difference = Difference.objects.get(name="L3")
    assert difference.subject == f"{wallet} USD"
    assert difference.facts["wrong"] == "keeps 5000 more than its postings say"
    with pytest.raises(PayoutStopped):
        request_payout(by=bushra, amount=usd(9_000), at=now)
    assert request_payout(by=chen, amount=usd(9_000), at=now).state == "requested"

    while deliver_events(at=timezone.now()):
        pass
    assert Notice.objects.filter(person=olga, kind="difference.opened:operators").exists()
    assert Letter.objects.filter(address=olga.email, text__contains="L3").exists()
    assert Notice.objects.filter(person=bushra, kind="difference.opened:owner").exists()
    assert not Notice.objects.filter(person=chen, kind__startswith="difference").exists()

    before = Difference.objects.count()
    check_and_remember(at=now)
    assert Difference.objects.count() == before, "what is known is not opened again"
    assert found(), "and nothing is closed by itself"
    change("UPDATE ledger_account SET balance = balance - 5000 WHERE code = %s", wallet)
    check_and_remember(at=now)
    assert found()
    for each in Difference.objects.filter(state="opened"):
        answer_difference(difference=each, answer="Put right from a copy.", by=olga, at=now)
    assert request_payout(by=bushra, amount=usd(9_000), at=now).state == "requested"


def test_C21_a_posting_that_was_changed_breaks_the_chain_and_names_its_accounts(bushra: Person) -> None:
    now = timezone.now()
    a_wallet_with(bushra, 9_000, now)
    seal_settled(at=now)
    assert check_and_remember(at=now) == 0
    change("UPDATE ledger_posting SET amount = amount + 1")
    check_and_remember(at=now)
    names = {name for name, _account in found()}
    assert {"L3", "L9", "I4"} <= names
    assert ("L3", f"wallet:{bushra.party}") in found()
    assert ("L9", "") in found(), "a seal is about many: it stops nobody"


def test_C21_in_an_old_hall_the_servers_own_count_calls_for_a_whole_pass(bushra: Person) -> None:
    """A whole pass is not due for hours, and an old movement is changed: the next turn finds it."""
    now = timezone.now()
    a_wallet_with(bushra, 9_000, now)
    seal_settled(at=now)
    assert check_and_remember(at=now) == 0
    everything_was_proved(AN_OLD_HALL)
    whole = Sign.objects.get(name="check:whole").at
    later = now + timedelta(minutes=10)
    assert check_and_remember(at=later) == 0
    assert Sign.objects.get(name="check:whole").at == whole, "this turn proved what is new"
    change("UPDATE ledger_movement SET facts = '[1]'")
    assert check_and_remember(at=later) == 1
    assert Sign.objects.get(name="check:whole").at > whole
    assert found() == {("L9", "")}


def test_in_an_old_hall_balances_are_proved_in_every_turn_and_the_rest_in_its_own(bushra: Person) -> None:
    now = timezone.now()
    a_wallet_with(bushra, 9_000, now)
    assert check_and_remember(at=now) == 0
    everything_was_proved(AN_OLD_HALL)
    change("UPDATE ledger_account SET balance = balance + 5 WHERE code = %s", f"wallet:{bushra.party}")
    assert check_and_remember(at=now + timedelta(minutes=10)) > 0
    assert Sign.objects.get(name="check").note == "L3 L8"
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 9_005
    whole = Sign.objects.get(name="check:whole").at
    check_and_remember(at=whole + timedelta(hours=11))
    assert Sign.objects.get(name="check:whole").at > whole, "its turn has come"


def test_one_at_a_time(bushra: Person, database_url: str) -> None:
    """Somebody else is still proving: this turn is left out."""
    now = timezone.now()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('guildhall.check', 0))")
        assert check_and_remember(at=now) == 0
        assert not Sign.objects.filter(name="check:whole").exists()
    a_wallet_with(bushra, 9_000, now)
    check_and_remember(at=now)
    assert Sign.objects.filter(name="check:whole").exists()
