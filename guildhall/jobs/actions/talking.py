"""Talking before hiring."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.jobs.actions.proposing import ProposalEnded
from guildhall.jobs.models import Proposal
from guildhall.jobs.states import ACCEPTED, SENT
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.people.models import Person
from guildhall.workroom.actions import open_conversation, say
from guildhall.workroom.models import Message
from guildhall.workroom.queries import conversations_of


class NotAskedYet(Refusal):
    """A worker answers a client; a proposal is what a worker says unasked."""

    code = "not_asked_yet"


@transaction.atomic
def talk_about_proposal(*, proposal: Proposal, text: str, by: Person, at: datetime) -> Message:
    """Say something to the other side of a proposal; the client's first word opens the conversation.

    Raises:
        NotFound: the proposal is neither theirs nor to their job.
        ProposalEnded: it was answered or withdrawn; after that the conversation can only be read.
        NotAskedYet: a worker writes before the client did.
        Unfit: nothing was said, or nothing fit to be read.
    """
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("job__client", "worker")
    proposal = rows.get(pk=proposal.pk)
    client, worker = proposal.job.client, proposal.worker
    if by.pk not in {client.pk, worker.pk}:
        raise NotFound
    if proposal.is_in(ACCEPTED):
        raise ProposalEnded(_("You work together now: go on in the workroom."))
    if not proposal.is_in(SENT):
        raise ProposalEnded(_("This proposal has been answered or withdrawn: you can only read on."))
    conversation = conversations_of(by).filter(subject=subject_of(proposal)).first()
    if conversation is None:
        if by.pk == worker.pk:
            raise NotAskedYet(_("The client speaks first. You hear of it at once."))
        conversation = open_conversation(subject=subject_of(proposal), members=[client, worker], at=at)
    return say(conversation=conversation, text=text, by=by, at=at)


def subject_of(proposal: Proposal) -> str:
    """The subject of the conversation about a proposal."""
    return f"proposal:{proposal.pk}"
