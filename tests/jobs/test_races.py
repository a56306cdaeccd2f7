"""B8, C1: many accept at once; one makes the contract, the others are told that things moved on."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.contracts.models import Contract
from guildhall.escrow.models import Hold
from guildhall.jobs.actions.deciding import accept_proposal
from guildhall.jobs.actions.posting import edit_job
from guildhall.jobs.actions.proposing import edit_proposal, send_proposal, withdraw_proposal
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.queries import terms_for
from guildhall.kernel.errors import Refusal, Stale
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import money_for, what_is_broken
from tests.builders.jobs import a_brief, a_proposal, an_offer, an_open_job
from tests.cast import NOW
from tests.racing import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 32


def accepting(proposal: Proposal, by: Person) -> Callable[[], Contract]:
    terms_hash = terms_for(proposal).hash
    return lambda: accept_proposal(proposal=proposal, terms_hash=terms_hash, fund="all", by=by, at=NOW)


def the_one_winner(answers: list[Any], client: Person, *, had: int) -> Contract:
    won = [answer for answer in answers if isinstance(answer, Contract)]
    assert len(won) == 1
    assert all(isinstance(answer, Stale) for answer in answers if answer is not won[0])
    assert Contract.objects.count() == 1
    spent = sum(hold.placed for hold in Hold.objects.all())
    assert balance_of(f"wallet:{client.party}", "USD").minor == had - spent
    assert what_is_broken() == {}
    return won[0]


def test_B08_one_proposal_accepted_by_32_becomes_one_contract(amara: Person, bushra: Person) -> None:
    money_for(amara, 11_000 * MANY)
    proposal = a_proposal(an_open_job(amara), bushra)
    answers = all_at_once([accepting(proposal, amara)] * MANY)
    the_one_winner(answers, amara, had=11_000 * MANY)


def test_B08_two_proposals_accepted_by_32_become_one_contract(
    amara: Person, bushra: Person, chen: Person
) -> None:
    money_for(amara, 11_000 * MANY)
    job = an_open_job(amara)
    verbs = [accepting(a_proposal(job, worker), amara) for worker in (bushra, chen)]
    contract = the_one_winner(all_at_once(verbs * (MANY // 2)), amara, had=11_000 * MANY)
    assert Proposal.objects.get(state="accepted").worker_id == contract.worker_id


def test_B07_a_price_changed_in_the_same_moment_is_either_agreed_to_or_refused(
    amara: Person, bushra: Person
) -> None:
    money_for(amara, 100_000)
    proposal = a_proposal(an_open_job(amara), bushra)
    dearer = an_offer(20_000)
    verbs: list[Callable[[], Any]] = [accepting(proposal, amara)] * 4
    verbs += [lambda: edit_proposal(proposal=proposal, offer=dearer, by=bushra, at=NOW)]
    answers = all_at_once(verbs)
    won = [answer for answer in answers if isinstance(answer, Contract)]
    assert len(won) == (0 if isinstance(answers[-1], Proposal) else 1)
    assert all(contract.amount == 11_000 for contract in won)
    lost = [answer for answer in answers if not isinstance(answer, Contract | Proposal)]
    assert len(lost) == 4
    assert all(isinstance(answer, Stale) for answer in lost)
    assert what_is_broken() == {}


def test_B07_a_brief_changed_in_the_same_moment_binds_nobody(amara: Person, bushra: Person) -> None:
    money_for(amara, 100_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    more = a_brief(deliverables=("Twice as much",))
    verbs: list[Callable[[], Any]] = [
        accepting(proposal, amara),
        lambda: edit_job(job=job, brief=more, by=amara, at=NOW),
        lambda: withdraw_proposal(proposal=proposal, by=bushra, at=NOW),
    ]
    answers = all_at_once(verbs)
    accepted, edited, withdrawn = (not isinstance(answer, Refusal) for answer in answers)
    assert all(isinstance(answer, Stale) for answer in answers if isinstance(answer, Refusal))
    # Edit and withdrawal may both come first: after either nobody is bound. After a yes both fail.
    assert accepted != (edited or withdrawn)
    assert Contract.objects.count() == accepted
    proposal.refresh_from_db()
    job.refresh_from_db()
    assert proposal.state == ("accepted" if accepted else "withdrawn")
    assert (job.state, job.version) == (("filled", 1) if accepted else ("open", 2))
    assert withdrawn is not accepted
    assert edited is not accepted
    assert what_is_broken() == {}


def test_one_worker_sending_32_times_has_one_proposal(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    answers = all_at_once([lambda: send_proposal(job=job, offer=an_offer(), by=bushra, at=NOW)] * MANY)
    assert sum(isinstance(answer, Proposal) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"already_proposed"}


def test_B08_through_the_door_one_tab_wins_and_the_others_read_why(amara: Person, bushra: Person) -> None:
    now = timezone.now()
    money_for(amara, 100_000)
    job: Job = an_open_job(amara, at=now, deadline=None)
    proposal = a_proposal(job, bushra, at=now)
    said = {"terms_hash": terms_for(proposal).hash, "fund": "first"}

    def one_tab() -> tuple[int, str]:
        tab = Client()
        tab.force_login(amara)
        answer = tab.post(f"/proposals/{proposal.pk}/acceptance", said)
        return answer.status_code, answer.content.decode()

    answers = all_at_once([one_tab] * 8)
    assert sorted(status for status, _body in answers) == [302] + [409] * 7
    assert all("cannot be accepted any more" in body for status, body in answers if status == 409)
    assert Contract.objects.count() == 1
