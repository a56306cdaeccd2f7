"""What is said about a proposal before anybody is hired, in JSON."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Status

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.messages import MessageShown, message_shown, said_about
from guildhall.api.shapes import Asked, Listing
from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.talking import subject_of, talk_about_proposal
from guildhall.jobs.models import Proposal
from guildhall.jobs.queries import proposals_talked_about_by

router = Router(tags=["proposals"])


class WordsAsked(Asked):
    """Words alone: files are exchanged once people work together."""

    text: str


@router.get("/proposals/{uuid:proposal_id}/messages", response=Listing[MessageShown], summary="What was said")
@needs_scope("read")
def list_talk(
    request: HallRequest, proposal_id: UUID, after: str = "", size: int = 20
) -> Listing[MessageShown]:
    """Before hiring, the newest first; still readable when the proposal has ended."""
    return said_about(request, subject_of(_about(request, proposal_id)), after=after, size=size)


@router.post("/proposals/{uuid:proposal_id}/messages", response={201: MessageShown}, summary="Talk first")
@needs_scope("work")
def post_talk(request: HallRequest, proposal_id: UUID, asked: WordsAsked) -> Status[MessageShown]:
    """To the other side of a proposal that waits for an answer. The client speaks first."""
    proposal = _about(request, proposal_id)
    message = talk_about_proposal(proposal=proposal, text=asked.text, by=person_of(request), at=request.at)
    return Status(201, message_shown(message, request))


def _about(request: HallRequest, proposal_id: UUID) -> Proposal:
    return get_object_or_404(proposals_talked_about_by(person_of(request)), pk=proposal_id)
