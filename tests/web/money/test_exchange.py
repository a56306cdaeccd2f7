"""Exchanging on pages: what reaches you is shown before anything moves, and accepted once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from guildhall.ledger.queries import balance_of
from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.payments.exchange.quoting import quote_exchange
from guildhall.people.models import Decision, Person
from tests.builders.contracts import usd
from tests.builders.exchange import TO_DOLLARS, TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.money import a_wallet_with
from tests.cast import a_person
from tests.web.visiting import by, filled_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def hall(olga: Person, bushra: Person, now: datetime) -> Person:
    the_rates_are(TO_RUPEES, TO_DOLLARS, by=olga, at=now)
    the_hall_holds(10_000_000, "PKR", by=olga, at=now)
    a_wallet_with(bushra, 10_000, now)
    return olga


def test_from_the_wallet_to_the_other_wallet(hall: Person, bushra: Person) -> None:
    browser = by(bushra)
    assert '"/money/exchange"' in browser.get("/money").content.decode()
    page = browser.get("/money/exchange")
    assert "28,000.00" not in text_of(page)
    assert "less 1" in text_of(page)
    sent = filled_in(page, "/money/exchange") | {"pair": "USD-PKR", "amount": "10.00"}
    answer = browser.post("/money/exchange", sent)
    quote = ExchangeQuote.objects.get()
    assert answer["Location"] == f"/money/exchange/{quote.pk}"
    shown = browser.get(answer["Location"])
    assert "2,772.00" in text_of(shown) or "2772.00" in text_of(shown)
    assert "Exchange" in text_of(shown)
    done = browser.post(answer["Location"], filled_in(shown, answer["Location"]), follow=True)
    assert "is in your wallet" in text_of(done)
    assert balance_of(f"wallet:{bushra.party}", "PKR").minor == 277_200
    again = browser.post(answer["Location"])
    assert again.status_code == 409
    assert "accepted before" in text_of(again)
    assert str(quote.pk) in browser.get("/money/exchange").content.decode()
    assert "Exchanged" in text_of(browser.get("/money?currency=PKR"))


def test_what_is_refused_keeps_what_was_typed(hall: Person, bushra: Person) -> None:
    answer = by(bushra).post("/money/exchange", {"pair": "USD-PKR", "amount": "100.01"})
    assert answer.status_code == 409
    assert "0.01" in text_of(answer)
    assert 'value="100.01"' in answer.content.decode()
    for pair, amount in (("EUR-PKR", "1.00"), ("USD-PKR", "-1"), ("", ""), ("\x00", "9" * 99)):
        assert by(bushra).post("/money/exchange", {"pair": pair, "amount": amount}).status_code == 422
    assert not ExchangeQuote.objects.exists()


def test_an_expired_quote_says_so_and_moves_nothing(hall: Person, bushra: Person, now: datetime) -> None:
    quote = quote_exchange(amount=usd(1_000), to="PKR", by=bushra, at=now - timedelta(hours=1))
    browser = by(bushra)
    shown = browser.get(f"/money/exchange/{quote.pk}")
    assert "Nothing was exchanged" in text_of(shown)
    assert "<form" not in shown.content.decode().partition("The quote")[2].partition("</section>")[0]
    assert browser.post(f"/money/exchange/{quote.pk}").status_code == 409
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 10_000


def test_another_persons_quote_is_not_there(hall: Person, bushra: Person, eve: Person, now: datetime) -> None:
    quote = quote_exchange(amount=usd(1_000), to="PKR", by=bushra, at=now)
    assert by(eve).get(f"/money/exchange/{quote.pk}").status_code == 404
    assert by(eve).post(f"/money/exchange/{quote.pk}").status_code == 404


def test_where_nothing_is_exchanged_the_page_says_so(amara: Person) -> None:
    assert "No currency is exchanged here" in text_of(by(amara).get("/money/exchange"))


def test_an_operator_sees_positions_and_a_second_one_confirms_a_change(hall: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    page = by(hall).get("/operator/exchanges")
    assert "PKR" in text_of(page)
    sent = filled_in(page, "/operator/exchanges") | {"way": "out", "currency": "PKR", "amount": "1000.00"}
    assert by(hall).post("/operator/exchanges", sent)["Location"] == "/operator/decisions"
    assert "that exchanges do not need" in text_of(by(oleg).get("/operator/decisions"))
    by(oleg).post(f"/operator/decisions/{Decision.objects.get().pk}/confirmation")
    assert balance_of("reserve", "PKR").minor == 100_000
    wrong = by(hall).post("/operator/exchanges", {"way": "in", "currency": "KWD", "amount": "1.000"})
    assert wrong.status_code == 409
    assert "reserve holds only" in text_of(wrong)


def test_the_table_of_rates_is_written_with_each_sum_in_its_currency(olga: Person) -> None:
    sent = {
        "currency-0": "usd", "to-0": "jpy", "per-0": "1.00", "gives-0": "150", "spread-0": "50",
        "most-0": "500.00", "reason": "The bank's rate.", "rows": "1",
    }  # fmt: skip
    assert by(olga).post("/operator/rules/exchange_rates", sent).status_code == 302
    page = text_of(by(olga).get("/operator/rules/exchange_rates"))
    assert "150 JPY" in page
    assert 'value="150"' in by(olga).get("/operator/rules/exchange_rates").content.decode()
    assert "150 JPY" in text_of(by(None).get("/rules"))
