"""A thief sets a payout account: its owner hears of it where they were known before, and stops it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound
from guildhall.ledger.queries import balance_of
from guildhall.notices.models import Letter, Notice
from guildhall.payments.actions import (
    LinkUsed,
    NothingToSend,
    PayoutsLocked,
    open_payout_batch,
    plan_payouts,
    request_payout,
    set_payout_account,
    stop_payout_account,
)
from guildhall.payments.actions.stopping import secret_to_stop
from guildhall.payments.background import pay_by_plan
from guildhall.payments.models import PayoutAccount, PayoutTurn
from guildhall.payments.queries import payout_account_of
from guildhall.people.actions import change_email
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.builders.money import REST, a_payout_account, a_requested_payout, a_wallet_with
from tests.cast import NOW
from tests.web.visiting import by, just_signed_in

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
THIEFS = {"holder": "Eve", "bank": "Elsewhere", "number": "000999888"}


def letters_about_accounts() -> set[str]:
    deliver_events(at=NOW + timedelta(days=400), most=500)
    return set(Letter.objects.filter(text__contains="/money/stop/").values_list("address", flat=True))


def test_A18_who_changes_the_address_first_does_not_silence_the_owner(bushra: Person) -> None:
    change_email(by=bushra, email="thief@example.org", at=NOW)
    set_payout_account(by=bushra, **THIEFS, at=NOW + HOUR)
    assert letters_about_accounts() == {"bushra@example.org", "thief@example.org"}


def test_A18_also_who_changes_it_right_afterwards(bushra: Person) -> None:
    set_payout_account(by=bushra, **THIEFS, at=NOW)
    change_email(by=bushra, email="thief@example.org", at=NOW + HOUR)
    assert letters_about_accounts() == {"bushra@example.org", "thief@example.org"}


def test_an_address_left_long_ago_hears_nothing_any_more(bushra: Person) -> None:
    change_email(by=bushra, email="new@example.org", at=NOW - timedelta(hours=73))
    set_payout_account(by=bushra, **THIEFS, at=NOW)
    assert letters_about_accounts() == {"new@example.org"}


def test_A18_one_step_stops_it_without_a_password(bushra: Person, olga: Person) -> None:
    now = timezone.now()
    a_wallet_with(bushra, 1_000, now)
    set_payout_account(by=bushra, **THIEFS, at=now)
    deliver_events(at=now + HOUR, most=100)
    letter = Letter.objects.get(person=bushra, notice__kind="payout_account.set:owner")
    found = re.search(r"/money/stop/\S+", letter.text)
    assert found is not None
    session, visitor = by(bushra), Client()
    assert "It was not me: stop it" in visitor.get(found[0]).content.decode()
    assert PayoutAccount.objects.get().ended_at is None  # whoever only looks through letters stops nothing
    assert "It is ended." in visitor.post(found[0]).content.decode()
    assert payout_account_of(bushra) is None
    assert visitor.post(found[0]).status_code == 409
    assert "not in force any more" in visitor.get(found[0]).content.decode()
    with pytest.raises(PayoutsLocked):
        set_payout_account(by=bushra, **THIEFS, at=now)
    assert "until you have signed in anew" in session.get("/money/payouts").content.decode()
    deliver_events(at=now + HOUR, most=100)
    for person in (bushra, olga):
        assert Notice.objects.filter(person=person, kind__startswith="payout_account.stopped").exists()


def test_A18_payouts_are_locked_until_the_owner_signs_in_anew(bushra: Person) -> None:
    a_wallet_with(bushra, 1_000, NOW)
    a_payout_account(bushra, NOW)
    eur = set_payout_account(by=bushra, **THIEFS, currency="EUR", at=NOW)
    plan_payouts(by=bushra, rhythm="weekly", day=5, least=usd(500), at=NOW)
    stop_payout_account(secret=secret_to_stop(eur.pk), at=NOW + HOUR)
    with pytest.raises(PayoutsLocked):
        request_payout(by=bushra, amount=usd(500), at=NOW + 2 * HOUR)
    pay_by_plan(at=NOW + timedelta(days=3))
    assert PayoutTurn.objects.get().why == "locked"
    Person.objects.filter(pk=bushra.pk).update(last_login=NOW + 3 * HOUR)  # as every sign-in writes it
    assert request_payout(by=bushra, amount=usd(500), at=NOW + 4 * HOUR).state == "requested"


def test_A18_what_has_not_left_comes_back(bushra: Person, olga: Person) -> None:
    payout = a_requested_payout(bushra, 1_000, NOW)
    batch = open_payout_batch(by=olga, at=NOW)
    stop_payout_account(secret=secret_to_stop(payout.account_id), at=NOW)
    payout.refresh_from_db()
    assert (payout.state, payout.batch, batch.payouts.count()) == ("returned", None, 0)
    assert balance_of(f"wallet:{bushra.party}", "USD") == usd(1_000)
    with pytest.raises(NothingToSend):
        open_payout_batch(by=olga, at=NOW)
    deliver_events(at=NOW + HOUR, most=100)
    assert Notice.objects.filter(person=bushra, kind="payout.returned:owner:taken_back").exists()
    assert not what_is_broken()


@pytest.mark.parametrize("secret", ["", "x", "00000000000070008000000000000000:x", "é", "a" * 300])
def test_a_link_that_nobody_wrote_stops_nothing(bushra: Person, secret: str) -> None:
    a_payout_account(bushra, NOW)
    with pytest.raises(NotFound):
        stop_payout_account(secret=secret, at=NOW)
    if secret:
        assert Client().post(f"/money/stop/{secret}").status_code == 404
        assert Client().post(f"/api/v1/money/stop/{secret}").status_code == 404


def test_a_letter_of_long_ago_stops_nothing(bushra: Person) -> None:
    a_payout_account(bushra, NOW)
    account = payout_account_of(bushra)
    assert account is not None
    with pytest.raises(LinkUsed):
        stop_payout_account(secret=secret_to_stop(account.pk), at=NOW - REST + timedelta(days=30))


def test_A18_a_stolen_session_does_not_set_an_account(bushra: Person) -> None:
    bushra.set_password("a bakery in Leeds opens")
    bushra.save()
    stolen = by(bushra)
    page = stolen.get("/money/account").content.decode()
    assert "Show once more that it is you" in page
    assert "/account/again?next=/money/account" in page
    assert stolen.post("/money/account", THIEFS).status_code == 403
    assert not PayoutAccount.objects.exists()
    assert just_signed_in(bushra).post("/money/account", THIEFS).status_code == 302
    assert PayoutAccount.objects.get().person == bushra


def test_A18_who_has_no_password_signs_in_anew(bushra: Person) -> None:
    page = by(bushra).get("/money/account").content.decode()
    assert "Sign out and in again" in page
    answer = by(bushra).post("/account/sign-out", {"next": "/account/sign-in/code?next=%2Fmoney%2Faccount"})
    assert answer["Location"] == "/account/sign-in/code?next=%2Fmoney%2Faccount"
