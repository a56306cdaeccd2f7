"""What the two sides of a contract say of each other, in JSON."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked
from guildhall.contracts.queries import contracts_visible_to
from guildhall.edge.request import HallRequest
from guildhall.reputation.actions import leave_feedback
from guildhall.reputation.models import Feedback
from guildhall.reputation.queries import feedback_on

router = Router(tags=["feedback"])


class FeedbackAsked(Asked):
    """Stars and words."""

    stars: int = Field(ge=1, le=5)
    text: str = ""


class FeedbackShown(Schema):
    """What one side says of the other."""

    stars: int
    text: str
    at: datetime
    revealed_at: datetime | None
    reveal_at: datetime | None = Field(
        description="Shown then at the latest; null while the contract goes on."
    )


class BothShown(Schema):
    """Your own, and the other side's once it is shown."""

    mine: FeedbackShown | None
    theirs: FeedbackShown | None


@router.get("/contracts/{uuid:contract_id}/feedback", response=BothShown, summary="What was said")
@needs_scope("read")
def show_feedback(request: HallRequest, contract_id: UUID) -> BothShown:
    """The other side's appears when both have spoken, or when the window is over."""
    person = person_of(request)
    seen = feedback_on(get_object_or_404(contracts_visible_to(person), pk=contract_id), person)
    return BothShown(mine=_feedback(seen.get("mine")), theirs=_feedback(seen.get("theirs")))


@router.put("/contracts/{uuid:contract_id}/feedback", response=BothShown, summary="Say how it was")
@needs_scope("work")
def put_feedback(request: HallRequest, contract_id: UUID, asked: FeedbackAsked) -> BothShown:
    """It may be said anew until it is shown."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    leave_feedback(contract=contract, stars=asked.stars, text=asked.text, by=person, at=request.at)
    return show_feedback(request, contract_id)


def _feedback(feedback: Feedback | None) -> FeedbackShown | None:
    if feedback is None:
        return None
    return FeedbackShown(
        stars=feedback.stars,
        text=feedback.text,
        at=feedback.at,
        revealed_at=feedback.revealed_at,
        reveal_at=feedback.reveal_at,
    )
