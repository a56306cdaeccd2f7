"""Money leaves a milestone, and what follows for the milestone and its contract. No verb of its own."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guildhall.contracts.events import PART_RELEASED, PART_RETURNED, facts_of_contract, facts_of_milestone
from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.rules import HEARING_DAYS, finished_state
from guildhall.contracts.states import DELIVERED, DROPPED, ENDED, FINISHED, HELD, PLANNED
from guildhall.escrow.actions import release_hold, return_hold, split_hold
from guildhall.escrow.models import Hold, Release
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.states import move

FINISHED_REASON = "finished"
"""The reason under which a contract ends by itself, when all its milestones have."""


def hold_of(milestone: Milestone) -> Hold:
    """A milestone's hold as it stands now."""
    assert milestone.hold_id is not None, "no money is set aside for it"
    return Hold.objects.get(pk=milestone.hold_id)


def pay_worker(
    milestone: Milestone, amount: Money, *, by: UUID | None, at: datetime, **facts: Any
) -> Release:
    """Release an amount that is not frozen to the worker."""
    release = release_hold(hold=hold_of(milestone), amount=amount, key=new_id(), by=by, at=at)
    _book(milestone, release, by=by, at=at, **facts)
    return release


def give_back(milestone: Milestone, amount: Money, *, by: UUID | None, at: datetime, **facts: Any) -> Release:
    """Return an amount that is not frozen to where it came from."""
    release = return_hold(hold=hold_of(milestone), amount=amount, key=new_id(), by=by, at=at)
    _book(milestone, release, by=by, at=at, **facts)
    return release


def divide(
    milestone: Milestone,
    *,
    to_worker: Money,
    to_client: Money,
    key: UUID,
    by: UUID | None,
    at: datetime,
    **facts: Any,
) -> Release:
    """Send frozen money to both sides, as agreed or ruled."""
    hold = hold_of(milestone)
    release = split_hold(hold=hold, to_worker=to_worker, to_client=to_client, key=key, by=by, at=at)
    _book(milestone, release, by=by, at=at, **facts)
    return release


def give_hearing(milestone: Milestone, *, at: datetime) -> None:
    """Leave the client time to object once money is free again that was frozen in their favour."""
    if milestone.state != DELIVERED:
        return
    assert milestone.release_at is not None
    milestone.release_at = max(milestone.release_at, at + timedelta(days=HEARING_DAYS))
    milestone.save(update_fields=["release_at"])


def _book(milestone: Milestone, release: Release, *, by: UUID | None, at: datetime, **facts: Any) -> None:
    """Write down what left, and move the milestone on if it is empty."""
    milestone.released += release.gross
    milestone.returned += release.returned
    milestone.save(update_fields=["released", "returned"])
    facts = {
        **facts_of_milestone(milestone),
        "released": release.gross,
        "returned": release.returned,
        "net": release.net,
        "release": str(release.pk),
        "delivered_at": milestone.delivered_at.isoformat() if milestone.delivered_at else None,
        **facts,
    }
    if not milestone.left:
        last = finished_state(milestone.state, released=milestone.released, returned=milestone.returned)
        move(milestone, last, by=by, at=at, **facts)
        end_when_done(milestone.contract, by=by, at=at)
        return
    if release.gross:
        record_event(PART_RELEASED, subject=milestone.pk, by=by, at=at, **facts)
    if release.returned:
        record_event(PART_RETURNED, subject=milestone.pk, by=by, at=at, **facts)


def end_when_done(contract: Contract, *, by: UUID | None, at: datetime) -> None:
    """End a contract with nothing left to do: one that somebody ended once empty, else once done."""
    milestones = list(Milestone.objects.filter(contract=contract).order_by("number"))
    waits_for = HELD if contract.ended_by_id else (*HELD, PLANNED)
    if any(milestone.is_in(*waits_for) for milestone in milestones):
        return
    for milestone in milestones:
        milestone.contract = contract
        if milestone.state == PLANNED:
            move(milestone, DROPPED, by=by, at=at, **facts_of_milestone(milestone))
    contract.ended_at = at
    contract.end_reason = contract.end_reason or FINISHED_REASON
    contract.save(update_fields=["ended_at", "end_reason"])
    assert all(milestone.is_in(*FINISHED) for milestone in milestones)
    move(
        contract,
        ENDED,
        by=by,
        at=at,
        **facts_of_contract(contract),
        reason=contract.end_reason,
        ended_by=str(contract.ended_by_id) if contract.ended_by_id else None,
        released=sum(milestone.released for milestone in milestones),
        currency=contract.currency,
    )
