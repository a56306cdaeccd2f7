"""Every flow of money is killed right before and right after each of its commits, and asked for again.

What was acknowledged is there, what was not is not, and asking again ends where an undisturbed hall ends.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.contracts.actions import release_silent_milestones
from guildhall.contracts.models import Milestone
from guildhall.escrow.actions import mature_clearing
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.payments.actions import (
    give_up_old_deposits,
    open_payout_batch,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.payments.practice.signing import sign
from guildhall.people.models import Person
from tests.api.calling import program as a_program
from tests.api.calling import send
from tests.builders.contracts import a_case, a_delivered_milestone, a_funded_milestone, again, money_for
from tests.builders.jobs import a_proposal, an_open_job
from tests.builders.money import a_payout_account, a_requested_payout, a_wallet_with, an_unmatched_payment
from tests.proofs.asking import DAY, asking, doing, of, somebody
from tests.proofs.boundaries import die_everywhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def begin_a_deposit() -> Callable[[], Any]:
    return asking(somebody(), "POST", "/money/deposits", {"amount": of(5_000)})


def hear_words(*outcomes: str) -> Callable[[], Any]:
    """The bank's words about a deposit, the last of them under the eye of death."""
    at = timezone.now()
    deposit = start_deposit(by=somebody(), amount=Money(5_000, "USD"), at=at)

    def word(serial: int, outcome: str) -> Any:
        said = {
            "reference": f"word_{deposit.pk}_{serial}",
            "serial": serial,
            "deposit": str(deposit.pk),
            "outcome": outcome,
            "minor": 5_000,
            "currency": "USD",
        }
        body = json.dumps(said).encode()
        answer = Client().post(
            "/gateways/practice/notices",
            body,
            content_type="application/json",
            headers={"Practice-Signature": sign(body, at)},
        )
        assert answer.status_code == 200
        return answer.json()

    for serial, outcome in enumerate(outcomes[:-1], start=1):
        word(serial, outcome)
    return lambda: word(len(outcomes), outcomes[-1])


def hear_of_a_strangers_money() -> Callable[[], Any]:
    at, reference = timezone.now(), f"word_{new_id()}"

    def ask() -> None:
        an_unmatched_payment(900, at, reference)

    return ask


def accept_a_proposal() -> Callable[[], Any]:
    at, client = timezone.now(), somebody()
    money_for(client, 11_000, at=at)
    job = an_open_job(client, at=at, deadline=(at + 30 * DAY).date())
    proposal = a_proposal(job, somebody(), at=at)
    body = {"terms_hash": terms_for(proposal).hash, "fund": "all"}
    return asking(client, "POST", f"/proposals/{proposal.pk}/acceptance", body)


def a_step(make: Callable[..., Milestone], **facts: Any) -> tuple[Milestone, Person, Person]:
    client, worker = somebody(), somebody()
    return make(client, worker, at=timezone.now() - DAY, **facts), client, worker


def accept_the_work() -> Callable[[], Any]:
    milestone, client, worker = a_step(a_delivered_milestone, client_fee_bp=300)
    [delivery] = send(a_program(worker), "GET", f"/milestones/{milestone.pk}/deliveries").said["items"]
    return asking(client, "POST", f"/deliveries/{delivery['id']}/approval")


def say_nothing_for_too_long() -> Callable[[], Any]:
    a_delivered_milestone(somebody(), somebody(), at=timezone.now() - 12 * DAY)
    return doing(release_silent_milestones)


def give_some_back() -> Callable[[], Any]:
    milestone, client, worker = a_step(a_funded_milestone)
    body = {"amount": of(3_000), "reason": "Less is needed."}
    refund = send(a_program(client), "POST", f"/milestones/{milestone.pk}/refunds", body).said["id"]
    return asking(worker, "POST", f"/refunds/{refund}/answer", {"agree": True})


def agree_in_a_case() -> Callable[[], Any]:
    milestone, client, worker = a_step(a_funded_milestone)
    case = a_case(milestone, by=client, at=timezone.now())
    offer = send(a_program(worker), "POST", f"/cases/{case.pk}/offers", {"to_worker": of(2_501)}).said["id"]
    return asking(client, "POST", f"/offers/{offer}/acceptance")


def rule_a_case() -> Callable[[], Any]:
    milestone, client, _worker = a_step(a_funded_milestone)
    case = a_case(milestone, by=client, at=timezone.now())
    judge = somebody(adjudicates=True)
    assert send(a_program(judge), "POST", f"/cases/{case.pk}/taking").status_code == 200
    body = {"to_worker": of(1_999), "reasons": "Half of the sign is there, and it was promised whole."}
    return asking(judge, "POST", f"/cases/{case.pk}/ruling", body)


def end_a_contract() -> Callable[[], Any]:
    milestone, _client, worker = a_step(a_funded_milestone)
    return asking(worker, "POST", f"/contracts/{milestone.contract_id}/ending", {"reason": "I am ill."})


def wait_for_clearing() -> Callable[[], Any]:
    at = timezone.now()
    milestone, client, worker = a_step(a_delivered_milestone, clearing_days=0)
    [delivery] = send(a_program(worker), "GET", f"/milestones/{milestone.pk}/deliveries").said["items"]
    assert send(a_program(client), "POST", f"/deliveries/{delivery['id']}/approval").status_code == 200
    assert again(milestone).released
    later = at + DAY

    def ask() -> None:
        mature_clearing(at=later)

    return ask


def ask_for_a_payout() -> Callable[[], Any]:
    at, worker = timezone.now(), somebody()
    a_wallet_with(worker, 5_000, at)
    a_payout_account(worker, at)
    return asking(worker, "POST", "/money/payouts", {"amount": of(4_000)})


def open_a_batch() -> Callable[[], Any]:
    a_requested_payout(somebody(), 4_000, timezone.now())
    return asking(somebody(operates=True), "POST", "/operator/batches")


def a_batch(operator: Person, at: datetime) -> Any:
    a_requested_payout(somebody(), 4_000, at)
    return open_payout_batch(by=operator, at=at)


def send_a_batch() -> Callable[[], Any]:
    operator = somebody(operates=True)
    return asking(operator, "POST", f"/operator/batches/{a_batch(operator, timezone.now()).pk}/sending")


def settle_a_batch() -> Callable[[], Any]:
    at, operator = timezone.now(), somebody(operates=True)
    batch = send_payout_batch(batch=a_batch(operator, at), by=operator, at=at)
    return asking(operator, "POST", f"/operator/batches/{batch.pk}/arrivals")


def return_a_payout() -> Callable[[], Any]:
    at, first, second = timezone.now(), somebody(operates=True), somebody(operates=True)
    batch = send_payout_batch(batch=a_batch(first, at), by=first, at=at)
    payout = batch.payouts.get()
    settle_payout(payout=payout, by=first, at=at)
    body = {"reason": "Account closed."}
    said = send(a_program(first, "operate"), "POST", f"/operator/payouts/{payout.pk}/return", body).said
    return asking(second, "POST", f"/operator/decisions/{said['decision']['id']}/confirmation")


def find_an_owner() -> Callable[[], Any]:
    at, first, second = timezone.now(), somebody(operates=True), somebody(operates=True)
    lost, owner = an_unmatched_payment(900, at), somebody()
    said = send(
        a_program(first, "operate"),
        "POST",
        f"/operator/suspended/{lost.pk}/owner",
        {"email": owner.email},
    ).said
    return asking(second, "POST", f"/operator/decisions/{said['decision']['id']}/confirmation")


def give_deposits_up() -> Callable[[], Any]:
    start_deposit(by=somebody(), amount=Money(5_000, "USD"), at=timezone.now() - 2 * DAY)
    return doing(give_up_old_deposits)


FLOWS = {
    "begin a deposit": begin_a_deposit,
    "paid": lambda: hear_words("paid"),
    "failed": lambda: hear_words("failed"),
    "paid, then taken back": lambda: hear_words("paid", "failed"),
    "paid, taken back, paid again": lambda: hear_words("paid", "failed", "paid"),
    "a stranger's money": hear_of_a_strangers_money,
    "find its owner": find_an_owner,
    "give deposits up": give_deposits_up,
    "accept a proposal": accept_a_proposal,
    "accept the work": accept_the_work,
    "silence": say_nothing_for_too_long,
    "refund": give_some_back,
    "agree in a case": agree_in_a_case,
    "rule a case": rule_a_case,
    "end a contract": end_a_contract,
    "clearing": wait_for_clearing,
    "ask for a payout": ask_for_a_payout,
    "open a batch": open_a_batch,
    "send a batch": send_a_batch,
    "settle a batch": settle_a_batch,
    "return a payout": return_a_payout,
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_death_at_any_boundary_loses_nothing_and_doubles_nothing(name: str) -> None:
    assert die_everywhere(FLOWS[name]) >= 2, "each flow has at least one commit, with a death on either side"


def test_a_worker_that_dies_while_it_tells_tells_everything_once() -> None:
    def build() -> Callable[[], Any]:
        deliver_events(at=timezone.now())
        milestone, client, worker = a_step(a_delivered_milestone)
        [delivery] = send(a_program(worker), "GET", f"/milestones/{milestone.pk}/deliveries").said["items"]
        send(a_program(client), "POST", f"/deliveries/{delivery['id']}/approval")
        return doing(deliver_events)

    assert die_everywhere(build) >= 2
