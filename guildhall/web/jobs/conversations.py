"""Talking about a proposal before anybody is hired."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.talking import subject_of, talk_about_proposal
from guildhall.jobs.models import Proposal
from guildhall.jobs.queries import proposals_talked_about_by
from guildhall.jobs.states import ACCEPTED, SENT
from guildhall.kernel.paging import Page, page_by_key
from guildhall.people.models import Person
from guildhall.web.jobs.forms import SayForm
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.reading import mark_read
from guildhall.workroom.models import Message
from guildhall.workroom.queries import conversations_of, messages_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def talk(request: HallRequest, proposal_id: UUID) -> HttpResponse:
    """What was said, and room to say more. The client speaks first."""
    person = person_of(request)
    proposal = get_object_or_404(proposals_talked_about_by(person), pk=proposal_id)
    form = SayForm(request.POST or None)
    if request.method == "POST":
        said = attempt(
            form,
            lambda: talk_about_proposal(
                proposal=proposal, text=form.cleaned_data["text"], by=person, at=request.at
            ),
        )
        if said is not None:
            return redirect("jobs:conversation", proposal_id=proposal.pk)
    spoken = _said(request, proposal)
    context = {
        "proposal": proposal,
        "job": proposal.job,
        "own": proposal.worker_id == person.pk,
        "other": proposal.job.client if proposal.worker_id == person.pk else proposal.worker,
        "said": spoken,
        "messages": [_as_talk(message, person) for message in reversed(spoken.rows)],
        "form": form,
        "may_speak": proposal.is_in(SENT) and (bool(spoken.rows) or proposal.worker_id != person.pk),
        "contract": proposal.acceptance.contract if proposal.is_in(ACCEPTED) else None,
        "live": proposal.is_in(SENT),
    }
    return page(request, "jobs/conversation.html", context, status=form.refusal_status)


def _said(request: HallRequest, proposal: Proposal) -> Page[Message]:
    """The last of what was said, newest first; nothing where nobody has spoken."""
    person = person_of(request)
    conversation = conversations_of(person).filter(subject=subject_of(proposal)).first()
    if conversation is None:
        return Page([], "")
    rows = messages_in(conversation, person)
    said = page_by_key(rows, by=("-at", "-id"), after=request.GET.get("after", ""), size=50)
    mark_read(request, said)
    return said


def _as_talk(message: Message, person: Person) -> dict[str, Any]:
    """One message as the page shows it."""
    return {
        "name": message.by.name,
        "own": message.by_id == person.pk,
        "at": message.at,
        "new": getattr(message, "is_new", False),
        "text": message.text,
        "note": "",
        "files": [
            {"name": one.file.name, "url": f"/files/{one.file.pk}", "note": ""}
            for one in message.attachments.all()
        ],
    }
