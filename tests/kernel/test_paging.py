"""Lists are read by key to their end, each row once, and a forged cursor is refused."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.kernel.paging import count_up_to, page_by_key

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BY = ("-at", "id")

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[Event]:
    return [
        record_event("bell.rung", subject=new_id(), by=None, at=AT + timedelta(microseconds=i // 3))
        for i in range(50)
    ]


def test_every_row_comes_once_and_in_order(rows: list[Event]) -> None:
    read: list[Event] = []
    after = ""
    while True:
        page = page_by_key(Event.objects.filter(name="bell.rung"), by=BY, after=after, size=7)
        read.extend(page.rows)
        after = page.next
        if not after:
            break
    assert [row.pk for row in read] == [
        row.pk for row in sorted(rows, key=lambda row: (-row.at.timestamp(), row.pk))
    ]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        base64.urlsafe_b64encode(b"[1,2]").decode(),
        base64.urlsafe_b64encode(b'["no time","no id"]').decode(),
        base64.urlsafe_b64encode(b'["2026-03-01T12:00:00Z"]').decode(),
        base64.urlsafe_b64encode(b'{"a":1}').decode(),
        base64.urlsafe_b64encode(b'["2026-03-01T12:00:00","01890000-0000-7000-8000-000000000000"]').decode(),
        base64.urlsafe_b64encode(b"[" * 50_000).decode(),
        "é",
    ],
)
def test_a_forged_cursor_is_refused_with_a_sentence(rows: list[Event], cursor: str) -> None:
    with pytest.raises(Unfit) as refusal:
        page_by_key(Event.objects.all(), by=BY, after=cursor)
    assert refusal.value.field == "after"


def test_a_page_is_never_larger_than_a_hundred(rows: list[Event]) -> None:
    assert len(page_by_key(Event.objects.all(), by=BY, size=10**9).rows) <= 100
    assert len(page_by_key(Event.objects.all(), by=BY, size=-1).rows) == 1


@pytest.mark.parametrize("name", ["\\u0000", "\\ud800"])
def test_a_cursor_with_text_that_no_table_can_hold_is_refused(rows: list[Event], name: str) -> None:
    forged = base64.urlsafe_b64encode(f'["{name}","01890000-0000-7000-8000-000000000000"]'.encode()).decode()
    with pytest.raises(Unfit):
        page_by_key(Event.objects.all(), by=("name", "id"), after=forged)


def test_rows_are_counted_up_to_one_more_than_asked_for(rows: list[Event]) -> None:
    rung = Event.objects.filter(name="bell.rung").order_by("at")
    assert count_up_to(rung, 50) == len(rows) == 50
    assert count_up_to(rung, 49) == 50
    assert count_up_to(rung, 10) == 11
    assert count_up_to(rung.filter(at__lt=AT), 10) == 0
    assert count_up_to(rung.filter(pk__in=[]), 10) == 0
