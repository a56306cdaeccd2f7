"""A wallet by month: the sums go on from one month to the next, and it is nobody else's."""

import csv
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from guildhall.people.models import Person
from tests.builders.contracts import money_for
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

THIS_MONTH = timezone.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=1)
LAST_MONTH = (THIS_MONTH - timedelta(days=1)).replace(day=1)


@pytest.fixture
def _two_months(amara: Person) -> None:
    money_for(amara, 5_000, at=LAST_MONTH)
    money_for(amara, 700, at=LAST_MONTH + timedelta(hours=1))
    money_for(amara, 30, at=THIS_MONTH)


def name_of(month: datetime) -> str:
    return f"{month:%Y-%m}"


def test_an_empty_wallet_says_what_will_appear(bushra: Person) -> None:
    assert "Each month in which a sum comes" in text_of(by(bushra).get("/money/months"))
    assert "Nothing moved in this month" in text_of(by(bushra).get("/money/months?month=2026-03"))


@pytest.mark.usefixtures("_two_months")
def test_each_month_begins_where_the_one_before_ended(amara: Person) -> None:
    listed = text_of(by(amara).get("/money/months"))
    assert f"{THIS_MONTH:%B %Y} 57.00 USD" in listed
    assert f"{LAST_MONTH:%B %Y} 0.00 USD" in listed
    shown = text_of(by(amara).get(f"/money/months?month={name_of(LAST_MONTH)}"))
    assert "Held when the month began 0.00 USD" in shown
    assert "Held at its end 57.00 USD" in shown
    assert shown.count("Paid in") == 2


@pytest.mark.usefixtures("_two_months")
def test_one_month_as_a_file(amara: Person) -> None:
    answer: Any = by(amara).get(f"/money/months.csv?month={name_of(LAST_MONTH)}")
    rows = list(csv.reader("".join(part.decode() for part in answer.streaming_content).splitlines()))
    assert [row[2:5] for row in rows[1:]] == [["50.00", "50.00", "USD"], ["7.00", "57.00", "USD"]]
    assert answer["Content-Disposition"].endswith(f'statement-{name_of(LAST_MONTH)}-usd.csv"')


@pytest.mark.usefixtures("_two_months")
def test_programs_read_the_same(amara: Person) -> None:
    client = by(amara)
    months = client.get("/api/v1/money/months").json()["items"]
    assert [one["month"] for one in months] == [name_of(THIS_MONTH), name_of(LAST_MONTH)]
    month = client.get(f"/api/v1/money/months/{name_of(LAST_MONTH)}").json()
    assert [line["balance"]["amount"] for line in month["items"]] == ["50.00", "57.00"]
    assert (month["opening"], month["closing"]) == (months[1]["opening"], months[1]["closing"])


@pytest.mark.usefixtures("_two_months")
def test_eve_sees_her_own_and_nothing_else(eve: Person) -> None:
    for path in ("/money/months", f"/money/months?month={name_of(LAST_MONTH)}"):
        assert "57.00" not in text_of(by(eve).get(path))
    assert by(eve).get("/api/v1/money/months").json()["items"] == []
    assert by(None).get("/money/months").status_code == 302


@pytest.mark.parametrize("month", ["2026-13", "x", "0001-01", "9999-12"])
def test_a_month_that_is_none_is_refused_with_a_sentence(amara: Person, month: str) -> None:
    for path in ("/money/months", "/money/months.csv"):
        answer = by(amara).get(f"{path}?month={month}")
        assert answer.status_code == 422
        assert "Write a month as year-month" in text_of(answer)
    assert by(amara).get(f"/api/v1/money/months/{month}").status_code == 422


@pytest.mark.usefixtures("_two_months")
def test_what_one_held_at_an_instant_is_looked_up(amara: Person, eve: Person) -> None:
    Person.objects.filter(pk=amara.pk).update(timezone="Asia/Karachi")
    an_hour_later = LAST_MONTH + timedelta(hours=1, minutes=1)
    for instant, held in ((an_hour_later, "57.00"), (LAST_MONTH + timedelta(minutes=1), "50.00")):
        hers = instant + timedelta(hours=5)
        path = f"/money/months?currency=USD&at={hers:%Y-%m-%dT%H:%M}"
        assert f"Available {held} USD" in text_of(by(amara).get(path))
        asked = f"/api/v1/money/balances?at={instant:%Y-%m-%dT%H:%M:%SZ}"
        [shown] = by(amara).get(asked).json()["items"]
        assert (shown["available"]["amount"], shown["clearing"]["amount"]) == (held, "0.00")
        assert held not in text_of(by(eve).get(path))
        assert by(eve).get(asked).json()["items"] == []
    assert "Available 0.00 USD" in text_of(by(amara).get("/money/months?currency=USD&at=1999-01-01"))


@pytest.mark.parametrize(
    "instant", ["", "soon", "2026-13-01", "9999-12-31T23:59:59.999999", "0001-01-01", "１"]
)
def test_an_instant_that_is_none_is_refused_and_stays_typed(amara: Person, instant: str) -> None:
    answer = by(amara).get("/money/months", {"currency": "USD", "at": instant})
    assert answer.status_code == 422
    refused = by(amara).get("/api/v1/money/balances", {"at": instant})
    if instant:
        assert "Write an instant as day and time" in text_of(answer)
        assert f'value="{instant}"' in answer.content.decode()
        assert refused.status_code == 422
        assert "Write an instant" in refused.json()["errors"][0]["detail"]
    else:
        assert refused.status_code == 200, "without an instant: now"
