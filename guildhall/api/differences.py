"""What does not fit, as JSON, for operators: the pages' verbs."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.shapes import Asked, Listing, listed
from guildhall.edge.request import HallRequest
from guildhall.ledger.differences import LONGEST_ANSWER
from guildhall.ledger.models import Difference
from guildhall.payments.actions import answer_difference
from guildhall.payments.queries import differences_seen_by

router = Router(tags=["operator"])


class DifferenceShown(Schema):
    """Something that does not fit. While it is `opened`, payouts of `account` wait, in `currency` or in all.

    `account` is empty where it names none, `closed_by` and `answer` are while it is open.
    """

    id: UUID
    state: str
    source: str
    name: str
    subject: str
    account: str
    currency: str
    facts: dict[str, Any]
    opened_at: datetime
    answer_by: datetime
    closed_by: UUID | None
    answer: str


class FindingAsked(Asked):
    """What it was, and what was done about it."""

    answer: str = Field(max_length=LONGEST_ANSWER)


@router.get("/operator/differences", response=Listing[DifferenceShown], summary="What does not fit")
@needs_scope("operate")
def list_differences(
    request: HallRequest, state: Literal["opened", "closed"] = "opened", after: str = "", size: int = 20
) -> Listing[DifferenceShown]:
    """The newest first."""
    rows = differences_seen_by(operator_of(request)).filter(state=state)
    return listed(rows, _difference, after=after, size=size)


@router.get("/operator/differences/{difference_id}", response=DifferenceShown, summary="One difference")
@needs_scope("operate")
def show_difference(request: HallRequest, difference_id: UUID) -> DifferenceShown:
    """What does not fit, and what was found out about it."""
    return _difference(get_object_or_404(differences_seen_by(operator_of(request)), pk=difference_id))


@router.post(
    "/operator/differences/{difference_id}/answer", response=DifferenceShown, summary="Answer a difference"
)
@needs_scope("operate")
def answer(request: HallRequest, difference_id: UUID, asked: FindingAsked) -> DifferenceShown:
    """Not one about your own account. Payouts of the account go on."""
    operator = operator_of(request)
    found = get_object_or_404(differences_seen_by(operator), pk=difference_id)
    return _difference(answer_difference(difference=found, answer=asked.answer, by=operator, at=request.at))


def _difference(each: Difference) -> DifferenceShown:
    return DifferenceShown(
        id=each.pk,
        state=each.state,
        source=each.source,
        name=each.name,
        subject=each.subject,
        account=each.account,
        currency=each.currency,
        facts=each.facts,
        opened_at=each.opened_at,
        answer_by=each.answer_by,
        closed_by=each.closed_by,
        answer=each.answer,
    )
