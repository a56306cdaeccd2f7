"""Talking before hiring: while a proposal waits for its answer, and no longer."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from guildhall.jobs.actions.deciding import accept_proposal, decline_proposal
from guildhall.jobs.actions.posting import close_job
from guildhall.jobs.actions.proposing import ProposalEnded, withdraw_proposal
from guildhall.jobs.actions.talking import NotAskedYet, talk_about_proposal
from guildhall.jobs.models import Proposal
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound
from guildhall.people.models import Person
from guildhall.workroom.models import Message
from tests.builders.contracts import money_for
from tests.builders.jobs import a_proposal, an_open_job
from tests.cast import NOW

LATER = NOW + timedelta(hours=2)


def withdraw(proposal: Proposal) -> None:
    withdraw_proposal(proposal=proposal, by=proposal.worker, at=LATER)


def decline(proposal: Proposal) -> None:
    decline_proposal(proposal=proposal, reason="skills", by=proposal.job.client, at=LATER)


def accept(proposal: Proposal) -> None:
    client = proposal.job.client
    money_for(client, 11_000)
    accept_proposal(proposal=proposal, terms_hash=terms_for(proposal).hash, by=client, at=LATER)


def close(proposal: Proposal) -> None:
    close_job(job=proposal.job, by=proposal.job.client, at=LATER)
    deliver_events(at=LATER, most=1000)


@pytest.mark.parametrize("end", [withdraw, decline, accept, close])
def test_D15_nobody_writes_on_when_a_proposal_has_ended(
    end: Callable[[Proposal], None], amara: Person, bushra: Person
) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    talk_about_proposal(proposal=proposal, text="Is steel a problem?", by=amara, at=NOW)
    talk_about_proposal(proposal=proposal, text="Steel is fine.", by=bushra, at=NOW)
    end(proposal)
    for person in (amara, bushra):
        with pytest.raises(ProposalEnded):
            talk_about_proposal(proposal=proposal, text="One more word", by=person, at=LATER)
    assert Message.objects.count() == 2


def test_the_client_speaks_first_and_eve_never(amara: Person, bushra: Person, eve: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    with pytest.raises(NotAskedYet):
        talk_about_proposal(proposal=proposal, text="Hello?", by=bushra, at=NOW)
    with pytest.raises(NotFound):
        talk_about_proposal(proposal=proposal, text="Take me!", by=eve, at=NOW)
