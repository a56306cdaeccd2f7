"""The pages on which two operators move the hall's own money, and the one that lets people plan."""

from datetime import datetime

import pytest
from django.utils import timezone

from guildhall.payments.models import OwnTransfer, PayoutPlan
from guildhall.people.models import Decision, Person
from tests.builders.money import a_wallet_with, an_own_transfer
from tests.cast import a_person
from tests.web.visiting import by

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def text(answer: object) -> str:
    return getattr(answer, "content", b"").decode()


def test_income_goes_out_by_the_pages(amara: Person, bushra: Person, olga: Person, now: datetime) -> None:
    oleg = a_person("Oleg", operates=True)
    an_own_transfer(amara, bushra, by=olga, second=oleg, at=now)
    asks, confirms = by(olga), by(oleg)
    assert "fees:work" in text(asks.get("/operator/reserve"))
    said = {"source": "fees:work USD", "amount": "1.00", "holder": "The owner", "number": "000111222"}
    none = asks.post("/operator/reserve/out", said)
    assert (none.status_code, 'value="000111222"' in text(none)) == (422, True)  # no reason yet
    assert asks.post("/operator/reserve/out", said | {"reason": "Rent of May."}).status_code == 302
    decision = Decision.objects.get(state="asked")
    assert "Take 1.00 USD out of fees:work, to The owner" in text(confirms.get("/operator/decisions"))
    alone = asks.post(f"/operator/decisions/{decision.pk}/confirmation")
    assert alone.status_code == 409
    assert confirms.post(f"/operator/decisions/{decision.pk}/confirmation").status_code == 302
    transfer = OwnTransfer.objects.latest("sent_at", "id")
    assert "Order it at the bank now" in text(asks.get(f"/operator/reserve/out/{transfer.pk}"))
    asks.post(f"/operator/reserve/out/{transfer.pk}", {"end": "returned", "reason": "Account closed."})
    decision = Decision.objects.get(state="asked")
    confirms.post(f"/operator/decisions/{decision.pk}/confirmation")
    transfer.refresh_from_db()
    assert transfer.state == "returned"
    too_much = asks.post("/operator/reserve/out", said | {"reason": "Rent.", "amount": "999.00"})
    assert "no more can be taken out of it" in text(too_much)


def test_one_operator_reads_that_it_takes_two(olga: Person) -> None:
    for place in ("out", "keeping", "credits", "corrections"):
        assert "This takes two operators" in text(by(olga).get(f"/operator/reserve/{place}"))


def test_a_plan_is_chosen_and_ended_on_its_page(bushra: Person, eve: Person, now: datetime) -> None:
    a_wallet_with(bushra, 1_000, now)
    browser = by(bushra)
    said = {"currency": "USD", "rhythm": "monthly", "weekday": "5", "day": "31", "amount": "20.00"}
    assert browser.post("/money/payouts/plans", said | {"day": "32"}).status_code == 422
    assert browser.post("/money/payouts/plans", said).status_code == 302
    assert "every month on day 31, from 20.00 USD on" in text(browser.get("/money/payouts"))
    plan = PayoutPlan.objects.get()
    assert by(eve).post(f"/money/payouts/plans/{plan.pk}/ending").status_code == 404
    assert browser.post(f"/money/payouts/plans/{plan.pk}/ending").status_code == 302
    assert "every month" not in text(browser.get("/money/payouts"))
