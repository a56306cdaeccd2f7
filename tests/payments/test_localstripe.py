"""What `localstripe` knows of Stripe, by the official library: charging a kept card, refunds, signatures."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import httpx2
import pytest

from guildhall.config.rails import Rails, StripeAccess
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    ask_for_refunds,
    ask_gateways,
    forget_methods,
    receive_notice,
    refund_deposit,
    remove_method,
    start_deposit,
)
from guildhall.payments.actions.keeping import keep_method
from guildhall.payments.gateways import BadNotice
from guildhall.payments.models import Deposit, DepositRefund, KeptMethod
from guildhall.payments.words import Kept
from guildhall.people.models import Person
from tests.builders.contracts import usd, what_is_broken
from tests.cast import NOW
from tests.config.running import free_port, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "whsec_of_localstripe"


@pytest.fixture(scope="module")
def localstripe() -> Iterator[str]:
    """A process of it; its address."""
    port = free_port()
    url = f"http://localhost:{port}"
    words = [sys.executable, "-m", "localstripe", "--from-scratch", "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _answers(url))
            yield url
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/v1/customers", headers=_KEY, trust_env=False).is_success
    except httpx2.HTTPError:
        return False


_KEY = {"Authorization": "Bearer sk_test_12345"}


def post(url: str, path: str, /, **facts: Any) -> dict[str, Any]:
    answer = httpx2.post(f"{url}{path}", data=facts, headers=_KEY, timeout=20, trust_env=False)
    return dict(answer.raise_for_status().json()) if answer.content else {}


@pytest.fixture
def card(localstripe: str, settings: Any, amara: Person) -> KeptMethod:
    """Amara's card, kept there for a customer: as the hosted page would have left it, which it has not."""
    settings.GUILDHALL_RAILS = Rails(stripe=StripeAccess("sk_test_12345", SECRET, localstripe))
    customer = post(localstripe, "/v1/customers", email="amara@example.org")["id"]
    number = {"type": "card", "card[number]": "4242424242424242", "card[cvc]": "123"}
    expires = {"card[exp_month]": "4", "card[exp_year]": "2031"}
    method = post(localstripe, "/v1/payment_methods", **number, **expires)["id"]
    post(localstripe, f"/v1/payment_methods/{method}/attach", customer=customer)
    kept = Kept(method, "visa", "4242", "2031-04", customer)
    keep_method(kept, rail="stripe", person_id=amara.pk, at=NOW)
    return KeptMethod.objects.get()


def wallet(person: Person) -> int:
    return balance_of(f"wallet:{person.party}", "USD").minor


def paid_with(card: KeptMethod, by: Person) -> Deposit:
    deposit = start_deposit(by=by, amount=usd(5_000), at=NOW, method=card)
    ask_gateways(at=NOW)
    deposit.refresh_from_db()
    return deposit


def test_a_kept_card_is_charged_and_what_it_paid_goes_back(card: KeptMethod, amara: Person) -> None:
    deposit = paid_with(card, amara)
    assert (deposit.state, wallet(amara)) == ("settled", 5_000)
    assert deposit.payment.startswith("pi_")
    refund_deposit(deposit=deposit, amount=usd(1_500), by=amara, at=NOW)
    assert ask_for_refunds(at=NOW) == 1
    assert (DepositRefund.objects.get().state, wallet(amara)) == ("settled", 3_500)
    assert not what_is_broken()


def test_a_card_that_was_removed_is_deleted_there(card: KeptMethod, amara: Person, localstripe: str) -> None:
    remove_method(method=card, by=amara, at=NOW)
    assert forget_methods(at=NOW) == 1
    listed = httpx2.get(
        f"{localstripe}/v1/payment_methods",
        params={"customer": card.payer, "type": "card"},
        headers=_KEY,
        trust_env=False,
    )
    assert listed.json()["data"] == []


def test_its_signed_words_are_verified_and_what_is_about_nothing_of_ours_is_left(
    card: KeptMethod, amara: Person, localstripe: str
) -> None:
    """Of payments it sends no word; of customers it does, signed as Stripe signs."""
    paid_with(card, amara)
    with an_ear() as (address, heard):
        post(localstripe, "/_config/webhooks/hall", url=address, secret=SECRET)
        post(localstripe, "/v1/customers", email="amara@example.org")
        body, signature = heard.get(timeout=30)
    at = datetime.now(UTC)
    assert receive_notice(rail="stripe", body=body, signature=signature, at=at) is None
    with pytest.raises(BadNotice):
        receive_notice(rail="stripe", body=body + b" ", signature=signature, at=at)
    assert wallet(amara) == 5_000
    assert balance_of("suspense:stripe", "USD") == usd(0)


@contextmanager
def an_ear() -> Iterator[tuple[str, "Queue[tuple[bytes, str]]"]]:
    """Somewhere to send webhooks: an address, and what came there."""
    heard: Queue[tuple[bytes, str]] = Queue()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.put((body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
