"""What is told of exchanges and savings, done once."""

from datetime import date

from guildhall.escrow.savings.goals import put_into_savings, take_savings, warn_of_goal_days
from guildhall.payments.exchange.quoting import accept_quote, quote_exchange
from guildhall.people.models import Person
from tests.builders.contracts import usd
from tests.builders.exchange import TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.money import a_wallet_with
from tests.builders.savings import a_goal
from tests.cast import NOW


def exchange_and_save(person: Person, operator: Person) -> None:
    the_rates_are(TO_RUPEES, by=operator, at=NOW)
    the_hall_holds(1_000_000, "PKR", by=operator, at=NOW)
    a_wallet_with(person, 1_000, NOW)
    accept_quote(quote=quote_exchange(amount=usd(100), to="PKR", by=person, at=NOW), by=person, at=NOW)
    reached, near = a_goal(person, NOW, target=500), a_goal(person, NOW, by_day=date(2026, 12, 5))
    put_into_savings(goal=reached, amount=usd(500), by=person, at=NOW)
    take_savings(goal=reached, amount=usd(1), by=person, at=NOW)
    warn_of_goal_days(at=NOW)
    assert near.saved == 0
