"""Bringing events to the reactions that want them."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from guildhall.kernel.events import name_of, reactions_to, record_event
from guildhall.kernel.models import Delivery

log = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=1)
_DOUBLINGS = 12  # 2^12 seconds are longer than the longest wait; 2^47 are longer than a timedelta can be
_HANDFUL = 25


def deliver_events(*, at: datetime, most: int = 100) -> int:
    """Deliver up to `most` due events, oldest first, and return how many were taken.

    The events are locked (`SKIP LOCKED`, so several workers never meet) in handfuls, each a transaction, and
    their reactions run each in a savepoint. A failing reaction keeps its event for a later try with a
    doubling wait; the others are not run twice. Nothing is ever dropped: what keeps failing stays visible as
    stuck. A worker that dies loses a handful at most, and the next one delivers it again.
    """
    taken = 0
    while taken < most:
        handful = _deliver_handful(at, min(_HANDFUL, most - taken))
        taken += handful
        if not handful:
            break
    return taken


@transaction.atomic
def _deliver_handful(at: datetime, most: int) -> int:
    due = list(
        Delivery.objects.select_related("event")
        .select_for_update(skip_locked=True, of=("self",))
        .filter(next_try_at__lte=at)
        .order_by("next_try_at", "event_id")[:most]
    )
    done = [delivery.pk for delivery in due if _is_heard(delivery)]
    if done:
        Delivery.objects.filter(pk__in=done).delete()
    for delivery in due:
        if delivery.pk not in done:
            delivery.tries += 1
            delivery.next_try_at = at + _wait_after(delivery.tries)
            delivery.save(update_fields=["heard_by", "tries", "next_try_at", "trouble"])
    return len(due)


def _wait_after(tries: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(tries, _DOUBLINGS)), _LONGEST_WAIT)


def _is_heard(delivery: Delivery) -> bool:
    """Run the reactions that have not heard of it yet; whether all have now."""
    event = delivery.event
    reactions = {name_of(reaction): reaction for reaction in reactions_to(event.name)}
    for name, reaction in reactions.items():
        if name in delivery.heard_by:
            continue
        try:
            with transaction.atomic():
                reaction(event)
        except Exception as trouble:  # one failing reaction must not keep the others from hearing
            log.exception("reaction %s failed on %s", name, event)
            delivery.trouble = f"{name}: {type(trouble).__name__}: {trouble}"[:2000]
        else:
            delivery.heard_by.append(name)
    # By name: a reaction that has gone since, or got another name, must not keep the event for ever.
    return reactions.keys() <= set(delivery.heard_by)


def deliveries_in_trouble() -> QuerySet[Delivery]:
    """Events that some reaction has failed on and that are still to be heard, with the event."""
    return Delivery.objects.select_related("event").filter(tries__gt=0)


def deliveries_overdue(*, at: datetime) -> int:
    """How many events have waited for more than a minute without anybody trying: is the worker running?"""
    return Delivery.objects.filter(tries=0, next_try_at__lt=at - timedelta(minutes=1)).count()


@transaction.atomic
def retry_delivery(*, event: UUID, by: UUID, at: datetime) -> bool:
    """Let an event that is stuck be tried at once; False if nothing of it is left to deliver."""
    found = Delivery.objects.filter(pk=event).update(next_try_at=at)
    if found:
        record_event("delivery.retried", subject=event, by=by, at=at)
    return bool(found)
