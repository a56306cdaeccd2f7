"""Money of one currency becomes that of another by a quote: exact, once, in time, never more than it was."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
from guildhall.kernel.rules import set_rule, set_table
from guildhall.ledger.differences import open_difference
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import confirm_decision
from guildhall.payments.exchange.funding import PositionShort, fund_position
from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.payments.exchange.queries import (
    exchanges_of,
    positions_seen_by,
    quotes_that_hold_for,
)
from guildhall.payments.exchange.quoting import (
    ExchangeGoesHome,
    ExchangeStopped,
    MoreThanPerDay,
    NotCovered,
    NotExchanged,
    NotQuotable,
    QuoteExpired,
    QuoteUsed,
    ShortForExchange,
    accept_quote,
    quote_exchange,
)
from guildhall.payments.exchange.rules import Rate, gains_by_going_around
from guildhall.people.actions import SecondNeeded
from guildhall.people.models import Decision, Person
from tests.builders.contracts import what_is_broken
from tests.builders.exchange import TO_DOLLARS, TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.money import a_wallet_with
from tests.cast import NOW, a_person
from tests.racing import ends_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hall(olga: Person, bushra: Person) -> Person:
    """Bushra has 100.00 USD, and the hall 100,000.00 PKR to exchange with."""
    the_rates_are(TO_RUPEES, TO_DOLLARS, by=olga, at=NOW)
    the_hall_holds(10_000_000, "PKR", by=olga, at=NOW)
    a_wallet_with(bushra, 10_000, NOW)
    return olga


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def wallet(person: Person, currency: str) -> int:
    return balance_of(f"wallet:{person.party}", currency).minor


def a_quote(person: Person, minor: int = 1_000) -> ExchangeQuote:
    return quote_exchange(amount=usd(minor), to="PKR", by=person, at=NOW)


@pytest.mark.django_db
def test_a_quote_is_exact_and_accepting_it_moves_exactly_that(hall: Person, bushra: Person) -> None:
    quote = a_quote(bushra)
    assert (quote.money, quote.money_reached) == (usd(1_000), Money(277_200, "PKR"))
    assert quote.expires_at == NOW + 5 * MINUTE
    assert list(quotes_that_hold_for(bushra, at=NOW)) == [quote]
    assert wallet(bushra, "USD") == 10_000, "asking moves nothing"
    accept_quote(quote=quote, by=bushra, at=NOW + MINUTE)
    assert (wallet(bushra, "USD"), wallet(bushra, "PKR")) == (9_000, 277_200)
    held = {each.held.currency: each.held.minor for each in positions_seen_by(hall)}
    assert held == {"PKR": 10_000_000 - 277_200, "USD": 1_000}
    assert list(exchanges_of(bushra)) == [quote]
    assert what_is_broken() == {}


@pytest.mark.django_db
def test_what_the_division_leaves_stays_with_the_hall(hall: Person, bushra: Person) -> None:
    row = TO_RUPEES | {"per": 300, "gives": 1_000, "spread": 0}
    the_rates_are(row, by=hall, at=NOW)
    assert a_quote(bushra, 100).reached == 333
    with pytest.raises(NotQuotable):
        quote_exchange(amount=usd(0), to="PKR", by=bushra, at=NOW)
    the_rates_are(row | {"per": 10_000, "gives": 1}, by=hall, at=NOW)
    with pytest.raises(NotQuotable, match="cannot give any PKR"):
        a_quote(bushra, 9_999)


@pytest.mark.django_db
def test_c17_a_quote_expires_at_its_instant_and_nothing_moves(hall: Person, bushra: Person) -> None:
    late, last = a_quote(bushra), a_quote(bushra)
    with pytest.raises(QuoteExpired, match="held until 2026-12-01 09:05 UTC"):
        accept_quote(quote=late, by=bushra, at=late.expires_at)
    assert wallet(bushra, "USD") == 10_000
    accept_quote(quote=last, by=bushra, at=last.expires_at - timedelta(microseconds=1))
    assert wallet(bushra, "USD") == 9_000


@pytest.mark.django_db
def test_a_quote_is_its_askers_alone_and_serves_once(hall: Person, bushra: Person, eve: Person) -> None:
    quote = a_quote(bushra)
    with pytest.raises(NotFound):
        accept_quote(quote=quote, by=eve, at=NOW)
    accept_quote(quote=quote, by=bushra, at=NOW)
    with pytest.raises(QuoteUsed):
        accept_quote(quote=quote, by=bushra, at=NOW)
    assert wallet(bushra, "PKR") == 277_200


@pytest.mark.django_db
def test_rates_that_change_do_not_change_a_quote_that_was_given(hall: Person, bushra: Person) -> None:
    quote = a_quote(bushra)
    the_rates_are(TO_RUPEES | {"gives": 1}, by=hall, at=NOW)
    accept_quote(quote=quote, by=bushra, at=NOW)
    assert wallet(bushra, "PKR") == 277_200
    another = a_quote(bushra)
    the_rates_are(by=hall, at=NOW)
    accept_quote(quote=another, by=bushra, at=NOW)
    assert wallet(bushra, "PKR") == 277_200 + 9
    with pytest.raises(NotExchanged, match="does not exchange USD for PKR"):
        a_quote(bushra)


@pytest.mark.django_db
def test_a_house_rule_says_how_long_a_quote_holds(hall: Person, bushra: Person) -> None:
    set_rule(name="exchange_quote_holds", value=1, reason="It moves much.", by=hall.pk, at=NOW)
    assert a_quote(bushra).expires_at == NOW + MINUTE


@pytest.mark.django_db
def test_the_hall_gives_only_what_it_has(hall: Person, bushra: Person) -> None:
    the_rates_are(TO_RUPEES | {"most": 10**9}, by=hall, at=NOW)
    a_wallet_with(bushra, 100_000, NOW)
    first, second = a_quote(bushra, 20_000), a_quote(bushra, 20_000)
    accept_quote(quote=first, by=bushra, at=NOW)
    with pytest.raises(NotCovered, match="has not that much PKR"):
        accept_quote(quote=second, by=bushra, at=NOW)
    with pytest.raises(NotCovered):
        a_quote(bushra, 20_000)
    assert wallet(bushra, "USD") == 90_000
    assert what_is_broken() == {}


@pytest.mark.django_db
def test_a_person_exchanges_at_most_so_much_on_a_day(hall: Person, bushra: Person) -> None:
    the_rates_are(TO_RUPEES | {"most": 1_500}, by=hall, at=NOW)
    first, second = a_quote(bushra), a_quote(bushra)
    accept_quote(quote=first, by=bushra, at=NOW)
    with pytest.raises(MoreThanPerDay, match=r"5\.00 USD is left of that today"):
        accept_quote(quote=second, by=bushra, at=NOW)
    with pytest.raises(MoreThanPerDay):
        a_quote(bushra, 501)
    tomorrow = NOW + timedelta(hours=15)
    assert quote_exchange(amount=usd(1_500), to="PKR", by=bushra, at=tomorrow).amount == 1_500


@pytest.mark.django_db
def test_a_wallet_gives_only_what_it_holds(hall: Person, bushra: Person) -> None:
    with pytest.raises(ShortForExchange, match=r"0\.01 USD more than is available"):
        a_quote(bushra, 10_001)
    first, second = a_quote(bushra, 10_000), a_quote(bushra, 10_000)
    accept_quote(quote=first, by=bushra, at=NOW)
    with pytest.raises(ShortForExchange):
        accept_quote(quote=second, by=bushra, at=NOW)


@pytest.mark.django_db
def test_money_that_was_paid_in_lately_goes_home_and_not_abroad(hall: Person, bushra: Person) -> None:
    """Else whoever pays in with a stolen card had it paid out as money of another currency."""
    a_wallet_with(bushra, 700, NOW, ago=timedelta(days=1))
    with pytest.raises(ExchangeGoesHome, match=r"100\.00 USD can be exchanged") as refused:
        a_quote(bushra, 10_001)
    assert refused.value.rule == "deposit_goes_home"
    accept_quote(quote=a_quote(bushra, 10_000), by=bushra, at=NOW)
    with pytest.raises(ExchangeGoesHome, match=r"0\.00 USD can be exchanged"):
        a_quote(bushra, 700)


@pytest.mark.django_db
def test_a_wallet_that_is_being_looked_at_is_not_exchanged(hall: Person, bushra: Person) -> None:
    """Else it would be the way around a payout that was stopped."""
    quote = a_quote(bushra)
    open_difference(
        source="check",
        name="L3",
        subject="x",
        account=f"wallet:{bushra.party}",
        currency="USD",
        facts={},
        at=NOW,
    )
    with pytest.raises(ExchangeStopped, match="is being checked"):
        accept_quote(quote=quote, by=bushra, at=NOW)
    assert wallet(bushra, "USD") == 10_000


@pytest.mark.django_db
def test_two_operators_say_what_the_hall_holds_for_exchanges(hall: Person, eve: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    with pytest.raises(NotFound):
        fund_position(amount=usd(1), way="in", by=eve, at=NOW)
    with pytest.raises(PositionShort, match=r"holds only 100000\.00 PKR"):
        fund_position(amount=Money(10_000_001, "PKR"), way="out", by=hall, at=NOW)
    with pytest.raises(PositionShort, match=r"reserve holds only 0\.00 USD"):
        fund_position(amount=usd(1), way="in", by=hall, at=NOW)
    with pytest.raises(Unfit):
        fund_position(amount=usd(1), way="up", by=hall, at=NOW)
    with pytest.raises(Unfit):
        fund_position(amount=usd(0), way="in", by=hall, at=NOW)
    fund_position(amount=Money(4_000_000, "PKR"), way="out", by=hall, at=NOW)
    decision = Decision.objects.get()
    assert balance_of("reserve", "PKR").minor == 0
    with pytest.raises(SecondNeeded):
        confirm_decision(decision=decision, by=hall, at=NOW)
    confirm_decision(decision=decision, by=oleg, at=NOW)
    assert balance_of("reserve", "PKR").minor == 4_000_000
    assert balance_of("exchange:PKR", "PKR").minor == 6_000_000
    assert positions_seen_by(eve) == []
    said = Event.objects.get(name="exchange.funded", facts__way="out")
    assert said.facts["asked_by"] == str(hall.pk)


@pytest.mark.django_db
def test_the_table_refuses_rates_that_make_money_of_nothing(olga: Person) -> None:
    free = TO_DOLLARS | {"gives": 103, "spread": 0}
    with pytest.raises(Unfit, match="there and back") as refused:
        the_rates_are(TO_RUPEES, free, by=olga, at=NOW)
    assert refused.value.rule == "exchange_rates"
    with pytest.raises(Unfit, match="another currency"):
        the_rates_are(TO_RUPEES | {"to": "USD"}, by=olga, at=NOW)
    with pytest.raises(Unfit):
        set_table(name="exchange_rates", rows=[TO_RUPEES, TO_RUPEES], reason="x", by=olga.pk, at=NOW)


CODES = st.sampled_from(["USD", "PKR", "JPY", "KWD"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "currency": CODES,
            "to": CODES,
            "per": st.integers(1, 30_000),
            "gives": st.integers(1, 30_000),
            "spread": st.integers(0, 300),
            "most": st.just(10**9),
        }
    ),
    max_size=8,
    unique_by=lambda row: (row["currency"], row["to"]),
)


@given(ROWS, st.lists(st.integers(0, 7), max_size=12), st.integers(1, 10**9))
def test_no_way_through_a_table_that_is_taken_brings_back_more_than_it_took(
    rows: list[dict[str, Any]], steps: list[int], minor: int
) -> None:
    rows = [row for row in rows if row["currency"] != row["to"]]
    if not rows or gains_by_going_around(rows):
        return
    began = code = rows[0]["currency"]
    held = minor
    for step in steps:
        leaving = [row for row in rows if row["currency"] == code]
        if not leaving:
            return
        row = leaving[step % len(leaving)]
        held = Rate(row["currency"], row["to"], row["per"], row["gives"], row["spread"], 1).reached_by(held)
        code = row["to"]
        assert code != began or held <= minor


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(0, 9_999), st.integers(0, 10**15))
def test_a_sum_in_parts_never_reaches_more_than_whole(per: int, gives: int, spread: int, minor: int) -> None:
    rate = Rate("USD", "PKR", per, gives, spread, 1)
    part = minor // 3
    assert rate.reached_by(part) + rate.reached_by(minor - part) <= rate.reached_by(minor)


@pytest.mark.django_db
def test_going_there_and_back_loses_and_the_hall_keeps_what_is_lost(hall: Person, bushra: Person) -> None:
    for _turn in range(4):
        there = quote_exchange(amount=usd(997), to="PKR", by=bushra, at=NOW)
        accept_quote(quote=there, by=bushra, at=NOW)
        back = quote_exchange(amount=there.money_reached, to="USD", by=bushra, at=NOW)
        accept_quote(quote=back, by=bushra, at=NOW)
        assert back.reached < 997
    assert wallet(bushra, "PKR") == 0
    assert wallet(bushra, "USD") + balance_of("exchange:USD", "USD").minor == 10_000
    assert what_is_broken() == {}


@pytest.mark.django_db(transaction=True)
def test_32_tabs_accept_one_quote_and_money_is_exchanged_once(hall: Person, bushra: Person) -> None:
    quote = a_quote(bushra)
    ends = ends_of([partial(accept_quote, quote=quote, by=bushra, at=NOW)] * 32)
    assert ends == {"done": 1, "quote_used": 31}
    assert (wallet(bushra, "USD"), wallet(bushra, "PKR")) == (9_000, 277_200)


@pytest.mark.django_db(transaction=True)
def test_many_quotes_at_once_never_give_more_than_the_hall_has(hall: Person, bushra: Person) -> None:
    the_rates_are(TO_RUPEES | {"most": 10**9}, by=hall, at=NOW)
    a_wallet_with(bushra, 200_000, NOW)
    quotes = [a_quote(bushra, 9_000) for _each in range(8)]
    ends = ends_of([partial(accept_quote, quote=quote, by=bushra, at=NOW) for quote in quotes])
    assert ends == {"done": 4, "not_covered": 4}
    assert balance_of("exchange:PKR", "PKR").minor == 10_000_000 - 4 * 2_494_800


@pytest.mark.django_db
def test_c14_money_of_one_currency_never_pays_for_another(hall: Person, bushra: Person) -> None:
    """There is no way but a quote: what a person holds in one currency does not count in another."""
    with pytest.raises(Refusal):
        quote_exchange(amount=Money(1, "PKR"), to="USD", by=bushra, at=NOW)
    assert wallet(bushra, "PKR") == 0
