"""A difference is opened once, and closed with a sentence."""

import pytest

from guildhall.kernel.errors import Stale
from guildhall.kernel.models import Event
from guildhall.ledger.differences import NoAnswer, close_difference, open_difference
from guildhall.ledger.models import Difference
from guildhall.ledger.queries import differences_open_on
from guildhall.people.models import Person
from tests.cast import NOW

pytestmark = pytest.mark.django_db

ACCOUNT = "wallet:person:a"


def a_difference(wrong: str = "keeps 5 more than its postings say", currency: str = "USD") -> Difference:
    return open_difference(
        source="check",
        name="L3",
        subject="a USD",
        account=ACCOUNT,
        currency=currency,
        facts={"wrong": wrong},
        at=NOW,
    )


def test_saying_it_again_opens_nothing_and_tells_nobody() -> None:
    first = a_difference()
    assert (first.state, (first.answer_by - NOW).total_seconds()) == ("opened", 24 * 3600)
    assert a_difference() == first
    assert a_difference("keeps 7 more than its postings say") == first, "one open case about one row"
    assert Event.objects.filter(name="difference.opened").count() == 1


def test_it_puts_its_account_under_doubt_until_it_is_closed(olga: Person) -> None:
    difference = a_difference()
    assert list(differences_open_on([ACCOUNT, "wallet:person:b"], "USD")) == [difference]
    assert not differences_open_on([ACCOUNT], "JPY").exists()
    assert not differences_open_on(["wallet:person:b"], "USD").exists()
    closed = close_difference(difference=difference, answer="A drill, nothing else.", by=olga.pk, at=NOW)
    assert (closed.state, closed.closed_by) == ("closed", olga.pk)
    assert not differences_open_on([ACCOUNT], "USD").exists()
    with pytest.raises(Stale):
        close_difference(difference=difference, answer="A drill, said once more.", by=olga.pk, at=NOW)


def test_a_difference_without_a_currency_concerns_every_one() -> None:
    difference = a_difference(currency="")
    assert list(differences_open_on([ACCOUNT], "JPY")) == [difference]


@pytest.mark.parametrize("answer", ["", "   ", "Fine.", "x" * 1001])
def test_it_is_not_closed_without_a_sentence(olga: Person, answer: str) -> None:
    difference = a_difference()
    with pytest.raises(NoAnswer):
        close_difference(difference=difference, answer=answer, by=olga.pk, at=NOW)
    difference.refresh_from_db()
    assert (difference.state, difference.answer) == ("opened", "")


def test_what_was_answered_is_not_asked_again_unless_it_changes(olga: Person) -> None:
    first = close_difference(difference=a_difference(), answer="The bank has said sorry.", by=olga.pk, at=NOW)
    assert a_difference() == first
    another = a_difference("keeps 9 more than its postings say")
    assert (another.state, another == first) == ("opened", False)
