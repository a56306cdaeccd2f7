"""Saving on pages: a goal, how far it is, and its owner's way in and out."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from guildhall.escrow.actions import mature_clearing
from guildhall.escrow.savings.models import SavingsGoal
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.money import a_wallet_with
from tests.builders.savings import CLEARED, a_goal, a_payment
from tests.web.visiting import by, filled_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def soon(now: datetime) -> str:
    return (now + timedelta(days=90)).date().isoformat()


def test_a_goal_is_set_filled_and_taken_from(amara: Person, bushra: Person, now: datetime) -> None:
    browser = by(bushra)
    assert '"/money/savings?currency=USD"' in browser.get("/money").content.decode()
    sent = filled_in(browser.get("/money/savings"), "/money/savings")
    wish = {"name": "Semester", "currency": "USD", "target": "100.00", "share": "12.5", "by_day": soon(now)}
    answer = browser.post("/money/savings", sent | wish)
    goal = SavingsGoal.objects.get()
    assert answer["Location"] == f"/money/savings/{goal.pk}"
    assert goal.share == 1_250
    a_payment(amara, bushra, 10_000, timezone.now() + timedelta(minutes=1))
    mature_clearing(at=timezone.now() + CLEARED + timedelta(hours=1))
    page = browser.get(answer["Location"])
    assert '<progress max="100" value="12"' in page.content.decode()
    assert "Share of a payment" in text_of(page)
    assert "in your savings" in text_of(browser.get("/money"))
    assert "Put into your savings" in text_of(browser.get("/money"))
    asked = browser.get(answer["Location"], {"amount": "2.50"})
    assert "Take 2.50" in text_of(asked).replace("$", "")
    assert balance_of(goal.account, "USD").minor == 1_250, "looking takes nothing"
    way = f"/money/savings/{goal.pk}/takings"
    assert browser.post(way, filled_in(asked, way)).status_code == 302
    assert balance_of(goal.account, "USD").minor == 1_000
    way = f"/money/savings/{goal.pk}/additions"
    assert browser.post(way, {"amount": "5.00"}).status_code == 302
    assert balance_of(goal.account, "USD").minor == 1_500
    assert browser.post(f"/money/savings/{goal.pk}/ending").status_code == 302
    assert balance_of(goal.account, "USD").minor == 0
    assert "<progress" not in browser.get(answer["Location"]).content.decode()


def test_what_is_refused_keeps_what_was_typed(bushra: Person, now: datetime) -> None:
    browser = by(bushra)
    wish = {"name": "Chair", "currency": "JPY", "target": "100.00", "share": "200", "by_day": "2001-01-01"}
    answer = browser.post("/money/savings", wish)
    assert answer.status_code == 422
    assert 'value="Chair"' in answer.content.decode()
    late = browser.post("/money/savings", wish | {"target": "100", "share": "20"})
    assert late.status_code == 422
    assert "must be in the future" in text_of(late)
    for share in ("NaN", "-1", "0", "1e9", "0.001", "۲۰" * 9, ""):
        said = {"name": "x", "currency": "JPY", "target": "1", "share": share, "by_day": soon(now)}
        assert browser.post("/money/savings", said).status_code == 422, share
    assert not SavingsGoal.objects.exists()


def test_more_than_is_there_is_refused_on_the_page(bushra: Person, now: datetime) -> None:
    goal = a_goal(bushra, now, target=1_000, by_day=(now + timedelta(days=9)).date())
    a_wallet_with(bushra, 300, now)
    browser, place = by(bushra), f"/money/savings/{goal.pk}"
    assert browser.get(place, {"amount": "0.01"}).status_code == 422
    assert browser.get(place, {"amount": "x"}).status_code == 422
    assert browser.post(f"{place}/takings", {"amount": "0.01"}).status_code == 409
    short = browser.post(f"{place}/additions", {"amount": "3.01"})
    assert short.status_code == 409
    assert "more than is available" in text_of(short)
    assert 'value="3.01"' in short.content.decode()
    assert browser.post(f"{place}/ending").status_code == 302
    assert browser.post(f"{place}/ending").status_code == 409


def test_another_persons_savings_are_not_there(bushra: Person, eve: Person, now: datetime) -> None:
    goal = a_goal(bushra, now, by_day=(now + timedelta(days=9)).date())
    place = f"/money/savings/{goal.pk}"
    assert by(eve).get(place).status_code == 404
    for way in ("takings", "additions", "ending"):
        assert by(eve).post(f"{place}/{way}", {"amount": "1.00"}).status_code == 404
    assert "Semester" not in text_of(by(eve).get("/money/savings"))
