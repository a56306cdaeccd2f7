"""What this package notes when contracts move."""

from datetime import datetime

from guildhall.contracts.models import Milestone
from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event
from guildhall.reputation.actions import note_fact, open_windows
from guildhall.reputation.rules import FactKind


@reacts_to("milestone.released", "milestone.settled", "milestone.part_released")
def note_payment_when_released(event: Event) -> None:
    """A client has paid for work and a worker was paid: once for each milestone, at its first payment."""
    milestone = Milestone.objects.select_related("contract").get(pk=event.subject_id)
    if not event.facts.get("released"):
        return
    contract, subject = milestone.contract, f"milestone:{milestone.pk}"
    if delivered := event.facts.get("delivered_at"):
        waited = max(0, round((event.at - datetime.fromisoformat(delivered)).total_seconds()))
        note_fact(
            person_id=contract.client_id, kind=FactKind.PAID, subject=subject, value=waited, at=event.at
        )
    if event.facts.get("silent"):
        note_fact(person_id=contract.client_id, kind=FactKind.PAID_BY_SILENCE, subject=subject, at=event.at)
    note_fact(person_id=contract.worker_id, kind=FactKind.EARNED, subject=subject, at=event.at)


@reacts_to("milestone.returned", "milestone.settled", "milestone.part_returned")
def note_refusal_when_delivered_work_is_not_paid(event: Event) -> None:
    """Something of a delivered milestone went back because the client asked for it or a case decided so.

    What the worker gave back unasked, or before delivering anything, is nobody's refusal.
    """
    facts = event.facts
    if facts.get("delivered_at") and facts.get("returned") and (facts.get("asked") or facts.get("case")):
        note_fact(
            person_id=facts["client"],
            kind=FactKind.DELIVERY_REFUSED,
            subject=f"milestone:{event.subject_id}",
            at=event.at,
        )


@reacts_to("milestone.changes_asked")
def note_changes_when_asked(event: Event) -> None:
    """A delivery was sent back; each time counts."""
    milestone = Milestone.objects.select_related("contract").get(pk=event.subject_id)
    note_fact(
        person_id=milestone.contract.client_id,
        kind=FactKind.CHANGES_ASKED,
        subject=f"event:{event.pk}",
        at=event.at,
    )


@reacts_to("contract.ended")
def note_finished_when_ended(event: Event) -> None:
    """A contract that ended with money settled is a finished job, for both."""
    if not event.facts.get("released"):
        return
    subject = f"contract:{event.subject_id}"
    client, worker = event.facts["client"], event.facts["worker"]
    note_fact(person_id=client, kind=FactKind.JOB_FINISHED, subject=subject, at=event.at)
    note_fact(person_id=worker, kind=FactKind.WORK_FINISHED, subject=subject, at=event.at)


@reacts_to("contract.ended")
def open_windows_when_ended(event: Event) -> None:
    """What was said while the contract went on is shown some days after its end."""
    open_windows(contract_id=event.subject_id, at=event.at)
