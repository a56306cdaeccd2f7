"""Handing over work, and the client's answer to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions import approve_milestone, ask_again, mark_delivered
from guildhall.contracts.events import facts_of_milestone
from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.queries import terms_of
from guildhall.escrow.models import Release
from guildhall.files.models import StoredFile
from guildhall.kernel.errors import Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.people.models import Person
from guildhall.workroom import events
from guildhall.workroom.actions.talking import check_text, open_conversation, put
from guildhall.workroom.models import Change, ChangeRequest, Conversation, Delivery, Message
from guildhall.workroom.rules import has_substance, tidy, tidy_changes, unknown_items


class EmptyDelivery(Unfit):
    """It hands nothing over."""

    code = "empty_delivery"


class UnknownItem(Unfit):
    """It names an item that the terms do not have."""

    code = "unknown_item"


class NewerVersion(Stale):
    """The worker has delivered again since."""

    code = "newer_version"


class NothingToChange(Unfit):
    """It does not say what should change."""

    code = "nothing_to_change"


@transaction.atomic
def deliver_work(
    *,
    milestone: Milestone,
    note: str,
    items: Sequence[int],
    files: Sequence[StoredFile],
    by: Person,
    at: datetime,
) -> Delivery:
    """Hand over a version of a milestone's work; the client's time to answer begins.

    Args:
        milestone: one with its money set aside.
        note: what the client should know; enough by itself when it says which items it covers.
        items: numbers of the terms' deliverables that this covers.
        files: the worker's own.
        by: the worker.
        at: now.

    Raises:
        EmptyDelivery: there is neither a file nor a note with items.
        UnknownItem: the terms have no item of that number.
        NotFunded, NotDue: the milestone waits for no delivery.
    """
    milestone = mark_delivered(milestone=milestone, by=by, at=at)
    note = tidy(note)
    check_text(note, field="note", kind="delivery")
    _check_items(items, milestone.contract, field="items")
    if not has_substance(note=note, items=items, files=len(files)):
        raise EmptyDelivery(
            _("Attach a file, or write a note and tick the items that it covers."), field="note"
        )
    delivery = Delivery.objects.create(
        milestone=milestone,
        version=Delivery.objects.filter(milestone=milestone).count() + 1,
        note=note,
        items=sorted(set(items)),
        by=by,
        at=at,
    )
    put(
        room_of(milestone.contract, at=at),
        kind=Message.DELIVERED,
        text=note,
        files=files,
        by=by,
        at=at,
        delivery=delivery,
    )
    record_event(events.DELIVERY_MADE, subject=delivery.pk, by=by.pk, at=at, **_facts(delivery, milestone))
    return delivery


@transaction.atomic
def ask_for_changes(
    *, delivery: Delivery, items: Mapping[int, str], note: str, by: Person, at: datetime
) -> ChangeRequest:
    """Send the last version back, saying item by item what should change.

    Raises:
        NothingToChange: neither an item nor a note says anything.
        UnknownItem: the terms have no item of that number.
        NewerVersion: the worker has delivered again since.
        NothingDelivered: it was answered or paid in the meantime.
    """
    milestone = ask_again(milestone=delivery.milestone, by=by, at=at)
    _refuse_older(delivery)
    wanted, note = tidy_changes(items), tidy(note)
    if not wanted and not note:
        raise NothingToChange(_("Say what should change, in at least one item."), field="note")
    _check_items(list(wanted), milestone.contract, field="items")
    for text in (*wanted.values(), note):
        check_text(text, field="note", kind="workroom")
    request = ChangeRequest.objects.create(delivery=delivery, note=note, by=by, at=at)
    for item, text in wanted.items():
        Change.objects.create(request=request, item=item, text=text)
    room = room_of(milestone.contract, at=at)
    put(room, kind=Message.CHANGES, text=note, files=(), by=by, at=at, delivery=delivery)
    record_event(
        events.CHANGES_ASKED,
        subject=delivery.pk,
        by=by.pk,
        at=at,
        **_facts(delivery, milestone),
        items_to_change=list(wanted),
    )
    return request


@transaction.atomic
def approve_delivery(*, delivery: Delivery, by: Person, at: datetime) -> Release:
    """Accept the last version: the milestone's money goes to the worker.

    Raises:
        NewerVersion: the worker has delivered again since; look at that first.
        NothingDelivered, AllContested: there is nothing to release.
    """
    milestone = Milestone.objects.get(pk=delivery.milestone_id)
    release = approve_milestone(milestone=milestone, by=by, at=at)
    _refuse_older(delivery)
    record_event(
        events.DELIVERY_APPROVED,
        subject=delivery.pk,
        by=by.pk,
        at=at,
        delivery=str(delivery.pk),
        version=delivery.version,
        milestone=str(milestone.pk),
        contract=str(milestone.contract_id),
    )
    return release


def room_of(contract: Contract, *, at: datetime) -> Conversation:
    """The conversation of a contract, with both sides in it."""
    members = [contract.client, contract.worker]
    return open_conversation(subject=f"contract:{contract.pk}", members=members, at=at)


def _refuse_older(delivery: Delivery) -> None:
    if Delivery.objects.filter(milestone=delivery.milestone_id, version__gt=delivery.version).exists():
        raise NewerVersion(_("There is a newer version than the one you looked at. Look at that first."))


def _check_items(items: Sequence[int], contract: Contract, *, field: str) -> None:
    if unknown := unknown_items(items, deliverables=terms_of(contract).deliverables):
        raise UnknownItem(
            _("The terms have no item number %(number)s.") % {"number": unknown[0]}, field=field
        )


def _facts(delivery: Delivery, milestone: Milestone) -> dict[str, object]:
    return {
        **facts_of_milestone(milestone),
        "delivery": str(delivery.pk),
        "version": delivery.version,
        "items": delivery.items,
    }
