"""Exchanges and savings are told with their sums and their names."""

import pytest

from guildhall.people.models import Person
from tests.notices.putting_by import exchange_and_save
from tests.notices.test_every_sentence import told

pytestmark = pytest.mark.django_db


def test_an_exchange_is_told_with_both_sums(bushra: Person, olga: Person) -> None:
    exchange_and_save(bushra, olga)
    said = told(bushra)
    exchanged = (
        "1.00 USD was exchanged: 277.20 PKR is in your wallet. If it was not you, write to the operator"
    )
    assert f"{exchanged} at once." in said
    assert "You have saved all of 5.00 USD for “Semester fee”." in said
    assert (
        "The day that you are saving for “Semester fee” until is near: 200.00 USD is still missing." in said
    )
