"""Everybody, Eve too, may keep the heads of the books."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guildhall.ledger.background import seal_settled
from guildhall.ledger.models import Seal
from guildhall.people.models import Person
from tests.builders.money import a_wallet_with
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def test_before_the_first_day_is_over_the_page_says_what_will_stand_there(eve: Person) -> None:
    for visitor in (by(None), by(eve)):
        assert "Tomorrow the first head will stand here" in text_of(visitor.get("/books"))
    assert by(None).get("/api/v1/books/heads").json() == {"items": [], "next": ""}


def test_the_heads_of_past_days_are_there_for_everybody_and_for_programs(amara: Person, eve: Person) -> None:
    a_wallet_with(amara, 5_000, at=timezone.now() - timedelta(days=2))
    seal_settled(at=timezone.now() - timedelta(days=2))
    head = bytes(Seal.objects.get().head).hex()
    for visitor in (by(None), by(eve)):
        assert head in visitor.get("/books").content.decode()
    (shown,) = by(None).get("/api/v1/books/heads").json()["items"]
    assert shown["head"] == head


@pytest.mark.parametrize("after", ["x", "2026-13-01", "0001-01-01", "%00"])
def test_a_page_that_does_not_exist_is_refused_or_empty(after: str) -> None:
    assert by(None).get(f"/books?after={after}").status_code in {200, 400, 422}
    assert by(None).get(f"/api/v1/books/heads?after={after}").status_code in {200, 400, 422}
