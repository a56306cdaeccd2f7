"""B7, B8: all accept through every door at once; one contract comes of it and the others read why not."""

import json
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.contracts.models import Contract
from guildhall.escrow.models import Hold
from guildhall.jobs.models import Acceptance, Job, Proposal
from guildhall.jobs.queries import terms_for
from guildhall.ledger.queries import balance_of
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.contracts import money_for, what_is_broken
from tests.builders.jobs import a_proposal, an_open_job
from tests.jobs.test_races import MANY
from tests.racing import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

HAD = 100_000
MOVED_ON = {"job_ended", "proposal_ended", "terms_changed"}

type Try = Callable[[], Any]


def a_tab(person: Person) -> Client:
    tab = Client()
    tab.force_login(person)
    return tab


def a_program(person: Person) -> Client:
    secret = create_token(by=person, name="t", scopes=["jobs", "money", "work"], at=timezone.now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def by_page(proposal: Proposal, client: Person) -> Try:
    tab = a_tab(client)
    said = {"terms_hash": terms_for(proposal).hash, "fund": "first"}
    return lambda: tab.post(f"/proposals/{proposal.pk}/acceptance", said)


def by_program(proposal: Proposal, client: Person) -> Try:
    program = a_program(client)
    said = json.dumps({"terms_hash": terms_for(proposal).hash, "fund": "all"})
    address = f"/api/v1/proposals/{proposal.pk}/acceptance"
    return lambda: program.post(address, said, content_type="application/json")


def with_another_price(proposal: Proposal) -> Try:
    program = a_program(proposal.worker)
    said = json.dumps({"price": {"amount": "150.00", "currency": "USD"}})
    address = f"/api/v1/proposals/{proposal.pk}"
    return lambda: program.patch(address, said, content_type="application/json")


def tries(proposals: list[Proposal], client: Person) -> Iterator[Try]:
    """Tabs and programs in turn, each on the next of the proposals."""
    for proposal, door in zip(cycle(proposals), cycle([by_page, by_page, by_program, by_program])):
        yield door(proposal, client)


def test_B08_32_clients_through_the_doors_make_one_contract_and_the_rest_read_409(
    amara: Person, bushra: Person, chen: Person
) -> None:
    now = timezone.now()
    money_for(amara, HAD, at=now)
    job: Job = an_open_job(amara, at=now, deadline=None)
    first, second = (a_proposal(job, worker, at=now, milestones=()) for worker in (bushra, chen))
    verbs = [*islice(tries([first, second], amara), MANY - 1), with_another_price(first)]
    *answers, change = all_at_once(verbs)

    won = [answer for answer in answers if answer.status_code in {201, 302}]
    assert len(won) == Contract.objects.count() == Acceptance.objects.count() == 1
    contract = Contract.objects.get()
    address = won[0].json()["contract"] if won[0].status_code == 201 else won[0]["Location"]
    assert address.removeprefix("/contracts/") == str(contract.pk)

    for lost in answers:
        if lost is won[0]:
            continue
        assert lost.status_code == 409, lost.content
        if lost["Content-Type"] == "application/problem+json":
            assert lost.json()["code"] in MOVED_ON
            assert lost.json()["detail"].endswith(".")
        else:
            page = lost.content.decode()
            assert 'role="alert"' in page
            assert "Accept and fund" not in page or "Read them again" in page

    # The price either changed before the choice, and then nobody agreed to the old one, or not at all.
    first.refresh_from_db()
    assert change.status_code in {200, 409}, change.content
    assert first.price == (15_000 if change.status_code == 200 else 11_000)
    if change.status_code == 200:
        assert contract.worker_id == chen.pk
    assert contract.amount == 11_000
    spent = sum(hold.placed for hold in Hold.objects.all())
    assert balance_of(f"wallet:{amara.party}", "USD").minor == HAD - spent
    assert sorted(Proposal.objects.values_list("state", flat=True)) in (
        ["accepted", "declined"],
        ["accepted", "sent"],
    )
    assert what_is_broken() == {}
