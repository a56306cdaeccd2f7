"""Plans that pay, and every reason for which one does not."""

from datetime import timedelta

from guildhall.kernel.rules import set_table
from guildhall.ledger.differences import close_difference, open_difference
from guildhall.payments.actions import ask_by_plan, plan_payouts, set_payout_account, stop_payout_account
from guildhall.payments.actions.stopping import secret_to_stop
from guildhall.payments.actions.watching import watch_money
from guildhall.payments.queries import payout_account_of
from guildhall.people.actions import change_email, change_password, create_token
from guildhall.people.models import Person
from tests.builders.contracts import usd
from tests.builders.money import REST, a_requested_payout, a_wallet_with, spent_on_work
from tests.cast import NOW, a_person

WEEK = timedelta(days=7)
FRIDAY = NOW + timedelta(days=3)


def be_paid_by_plan(person: Person, operator: Person) -> None:
    """A plan meets each thing that stops it, one a week, and pays in the end; a letter stops an account."""
    plan_payouts(by=person, rhythm="weekly", day=5, least=usd(1_000), at=NOW)
    a_wallet_with(person, 900, NOW)
    ask_by_plan(at=FRIDAY)  # less than the least
    payer, other = a_person("Payer"), a_person("Other")
    a_wallet_with(payer, 2_000, FRIDAY + 9 * WEEK, ago=timedelta(0))
    a_wallet_with(person, 200, NOW)
    ask_by_plan(at=FRIDAY + WEEK)  # nowhere to go
    where = {"holder": "Femi", "bank": "Bank", "number": "444555666"}
    set_payout_account(by=person, **where, at=FRIDAY + 2 * WEEK)
    ask_by_plan(at=FRIDAY + 2 * WEEK)  # it rests
    doubt = open_difference(
        source="check", name="L3", subject="f", account=f"wallet:{person.party}", facts={}, at=FRIDAY
    )
    ask_by_plan(at=FRIDAY + 3 * WEEK)  # it is under doubt
    close_difference(difference=doubt, answer="It was a drill.", by=operator.pk, at=FRIDAY)
    limits = [{"currency": "USD", "most": 500}]
    set_table(name="new_account_sums", rows=limits, reason="Less risk.", by=operator.pk, at=FRIDAY)
    Person.objects.filter(pk=person.pk).update(joined_at=FRIDAY + 3 * WEEK)
    ask_by_plan(at=FRIDAY + 4 * WEEK)  # an account so new may not ask for so much
    set_table(name="new_account_sums", rows=[], reason="It went well.", by=operator.pk, at=FRIDAY)
    euros = set_payout_account(by=person, **where, currency="EUR", at=FRIDAY + 4 * WEEK)
    stop_payout_account(secret=secret_to_stop(euros.pk), at=FRIDAY + 4 * WEEK)
    ask_by_plan(at=FRIDAY + 5 * WEEK)  # locked
    Person.objects.filter(pk=person.pk).update(last_login=FRIDAY + 6 * WEEK)
    ask_by_plan(at=FRIDAY + 6 * WEEK)  # and paid
    spent_on_work(payer, usd(2_000), FRIDAY + 9 * WEEK, earned_by=person)
    ask_by_plan(at=FRIDAY + 9 * WEEK)  # of a client who is new
    stopped = a_requested_payout(other, 100, NOW)
    account = payout_account_of(stopped.person)
    assert account is not None
    stop_payout_account(secret=secret_to_stop(account.pk), at=NOW - REST + WEEK)
    a_wallet_with(person, 500, FRIDAY)
    spent_on_work(person, usd(500), FRIDAY + 9 * WEEK, earned_by=payer)
    watch_money(at=FRIDAY + 9 * WEEK)  # money goes round


def look_after_an_account(person: Person) -> None:
    """Somebody makes a token, and changes their password and their address."""
    create_token(by=person, name="My script", scopes=["read"], at=NOW)
    change_password(by=person, password="a bakery in Leeds opens", at=NOW)
    change_email(by=person, email="new@example.org", at=NOW)
