"""What goes back, is exchanged, saved, or read off a bank's statement: killed at each boundary as well."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from guildhall.escrow.actions import mature_clearing
from guildhall.escrow.savings.goals import put_into_savings
from guildhall.payments.actions import KnownFile, import_bank_file
from guildhall.payments.exchange.quoting import quote_exchange
from guildhall.people.models import Person
from tests.api.calling import program as a_program
from tests.api.calling import send
from tests.builders.bankfiles import Said, camt
from tests.builders.contracts import a_delivered_milestone, usd
from tests.builders.exchange import TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.money import a_wallet_with
from tests.builders.savings import a_goal
from tests.proofs.asking import DAY, asking, of, somebody
from tests.proofs.boundaries import die_everywhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

_day = count()


def accept_a_quote() -> Callable[[], Any]:
    at, person = timezone.now(), somebody()
    if not Person.objects.filter(is_operator=True).exists():  # the first alone decides for the hall
        operator = somebody(operates=True)
        the_rates_are(TO_RUPEES, by=operator, at=at)
        the_hall_holds(10_000_000, "PKR", by=operator, at=at)
    a_wallet_with(person, 1_000, at)
    quote = quote_exchange(amount=usd(100), to="PKR", by=person, at=at)
    return asking(person, "POST", f"/money/quotes/{quote.pk}/acceptance")


def take_savings_out() -> Callable[[], Any]:
    at, person = timezone.now(), somebody()
    a_wallet_with(person, 5_000, at)
    goal = a_goal(person, at, by_day=(at + 90 * DAY).date())
    put_into_savings(goal=goal, amount=usd(2_000), by=person, at=at)
    return asking(person, "POST", f"/money/savings/{goal.pk}/takings", {"amount": of(1_500)})


def save_of_what_clears() -> Callable[[], Any]:
    at, client, worker = timezone.now(), somebody(), somebody()
    a_goal(worker, at - 2 * DAY, by_day=(at + 90 * DAY).date())
    milestone = a_delivered_milestone(client, worker, at=at - DAY, clearing_days=0)
    [delivery] = send(a_program(worker), "GET", f"/milestones/{milestone.pk}/deliveries").said["items"]
    assert send(a_program(client), "POST", f"/deliveries/{delivery['id']}/approval").status_code == 200
    later = at + DAY

    def ask() -> None:
        mature_clearing(at=later)

    return ask


def send_a_deposit_back() -> Callable[[], Any]:
    person = somebody()
    deposit = a_wallet_with(person, 5_000, timezone.now(), ago=timedelta(0))
    return asking(person, "POST", f"/money/deposits/{deposit.pk}/refunds", {"amount": of(3_000)})


def bring_a_statement() -> Callable[[], Any]:
    at, number = timezone.now(), next(_day)
    opening = f"{5 * number}.00"
    line = Said("5.00", f"letter {number}", reference=f"LINE{number}", day=f"2026-03-{1 + number:02}")
    content = camt(line, opening=opening)

    def ask() -> None:
        with suppress(KnownFile):  # so it is said of a file that is booked: nothing happens again
            import_bank_file(content=content, name="march.xml", by=None, at=at)

    return ask


FLOWS = {
    "accept a quote": accept_a_quote,
    "take savings out": take_savings_out,
    "save of what clears": save_of_what_clears,
    "send a deposit back": send_a_deposit_back,
    "bring a statement": bring_a_statement,
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_death_at_any_boundary_loses_nothing_and_doubles_nothing(name: str) -> None:
    assert die_everywhere(FLOWS[name]) >= 2, "each flow has at least one commit, with a death on either side"
