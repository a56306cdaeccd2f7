"""What needs a hand, as JSON, for operators: how much of each, and events and letters to try again."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.shapes import Listing, listed
from guildhall.edge.request import HallRequest
from guildhall.insights.queries import things_that_wait
from guildhall.insights.signs import house_trouble_seen_by
from guildhall.kernel.delivery import deliveries_in_trouble, retry_delivery
from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Delivery
from guildhall.notices.actions import retry_letter
from guildhall.notices.models import Letter
from guildhall.notices.queries import letters_in_trouble
from guildhall.people.queries import decisions_waiting_for

router = Router(tags=["operator"])


class Stuck(Schema):
    """How many things of each kind need a hand, which promises are broken, which work fails."""

    counts: dict[str, int]
    broken: list[str]
    failing: dict[str, str]


class StuckEvent(Schema):
    """An event that a part of the hall could not take in."""

    id: UUID
    name: str
    subject: UUID
    at: datetime
    tries: int
    trouble: str
    next_try_at: datetime


class StuckLetter(Schema):
    """A letter that the post refused. `next_try_at` is null once it was given up.

    A letter with a code has no subject here, and one whose code has died is not tried again.
    """

    id: UUID
    address: str
    subject: str
    is_secret: bool
    made_at: datetime
    tries: int
    trouble: str
    next_try_at: datetime | None


@router.get("/operator/stuck", response=Stuck, summary="What needs a hand")
@needs_scope("operate")
def show_stuck(request: HallRequest) -> Stuck:
    """The same as the first operator page."""
    operator = operator_of(request)
    house = house_trouble_seen_by(operator)
    counts = asdict(things_that_wait(operator, at=request.at))
    counts |= {"decisions": decisions_waiting_for(operator).count(), "letters": letters_in_trouble().count()}
    return Stuck(counts=counts, broken=house.broken, failing={sign.name: sign.note for sign in house.failing})


@router.get("/operator/stuck/events", response=Listing[StuckEvent], summary="Events that are stuck")
@needs_scope("operate")
def list_stuck_events(request: HallRequest, after: str = "", size: int = 20) -> Listing[StuckEvent]:
    """The newest first. Each is tried again by itself, with longer and longer waits."""
    operator_of(request)
    return listed(deliveries_in_trouble(), _event, by=("-event_id",), after=after, size=size)


@router.post("/operator/stuck/events/{event_id}/trial", response=StuckEvent, summary="Try an event now")
@needs_scope("operate")
def try_event(request: HallRequest, event_id: UUID) -> StuckEvent:
    """The worker takes it next."""
    operator = operator_of(request)
    stuck = get_object_or_404(deliveries_in_trouble(), pk=event_id)
    if not retry_delivery(event=event_id, by=operator.pk, at=request.at):
        raise NotFound
    stuck.next_try_at = request.at
    return _event(stuck)


@router.get("/operator/stuck/letters", response=Listing[StuckLetter], summary="Letters that do not go out")
@needs_scope("operate")
def list_stuck_letters(request: HallRequest, after: str = "", size: int = 20) -> Listing[StuckLetter]:
    """The newest first. What they say stands in the hall all the same."""
    operator_of(request)
    return listed(letters_in_trouble(), _letter, after=after, size=size)


@router.post("/operator/stuck/letters/{letter_id}/trial", response=StuckLetter, summary="Try a letter now")
@needs_scope("operate")
def try_letter(request: HallRequest, letter_id: UUID) -> StuckLetter:
    """The worker takes it next."""
    operator = operator_of(request)
    letter = get_object_or_404(letters_in_trouble(), pk=letter_id)
    return _letter(retry_letter(letter=letter, by=operator, at=request.at))


def _event(stuck: Delivery) -> StuckEvent:
    return StuckEvent(
        id=stuck.event_id,
        name=stuck.event.name,
        subject=stuck.event.subject_id,
        at=stuck.event.at,
        tries=stuck.tries,
        trouble=stuck.trouble,
        next_try_at=stuck.next_try_at,
    )


def _letter(letter: Letter) -> StuckLetter:
    return StuckLetter(
        id=letter.pk,
        address=letter.address,
        subject="" if letter.is_secret else letter.subject,
        is_secret=letter.is_secret,
        made_at=letter.made_at,
        tries=letter.tries,
        trouble=letter.trouble,
        next_try_at=letter.next_try_at,
    )
