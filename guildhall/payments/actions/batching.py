"""Gathering payouts into a file for the bank."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal, Stale
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.payments.actions.requesting import facts_of_payout
from guildhall.payments.banking.naming import name_transfers
from guildhall.payments.events import PAYOUT_BATCH_THINNED, PAYOUT_BATCH_WRITTEN
from guildhall.payments.models import Payout, PayoutBatch, SheetLayout
from guildhall.payments.queries import reaches, under_doubt
from guildhall.payments.states import OPENED, REQUESTED, SENT
from guildhall.people.models import Person

LARGEST_BATCH = 1000
BANK_RAIL, LOCAL = "bank", "local"
"""Where the money of a batch leaves: the hall's bank account, or its account at a local company."""


class NothingToSend(Refusal):
    """No payout waits that this operator may send."""

    code = "nothing_to_send"


class OwnPayout(Refusal):
    """An operator's own money is another operator's to send."""

    code = "own_payout"

    def __init__(self) -> None:
        super().__init__(_("This pays you: another operator has to do it."))


class StoppedInside(Refusal):
    """A batch holds a payout that waits for an operator."""

    code = "stopped_inside"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This batch holds payouts that are stopped: something about their accounts does not fit."
                " Take them out and make the file again, or answer what does not fit first."
            )
        )


@transaction.atomic
def open_payout_batch(*, by: Person, at: datetime, method: str = "", currency: str = "") -> PayoutBatch:
    """Gather the payouts that wait, oldest first; the operator's own stay for another operator.

    A batch is one file, so one way and one currency. Those from an account about which something does not
    fit go on waiting; the others do not wait for them.

    Args:
        by: the operator.
        at: when.
        method: of which payout accounts; empty: as the oldest that waits.
        currency: in which; empty: as the oldest that waits.

    Raises:
        NothingToSend: none waits that this operator may send.
    """
    _only_operators(by)
    # Locked one by one and skipped where another operator was quicker: no payout is ever in two batches.
    rows = (
        Payout.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=REQUESTED, batch=None)
        .exclude(reaches(by))
        .exclude(under_doubt())
        .select_related("account")
        .order_by("id")
    )
    rows = rows.filter(account__method=method) if method else rows
    rows = rows.filter(currency=currency) if currency else rows
    oldest = rows.first()
    waiting: list[Payout] = []
    if oldest:
        method, currency = oldest.account.method, oldest.currency
        waiting = list(rows.filter(account__method=method, currency=currency)[:LARGEST_BATCH])
    if not waiting:
        raise NothingToSend(
            _(
                "No payout waits that you may send. Your own are another operator's to send, and those from"
                " an account about which something does not fit wait until that is answered."
            )
        )
    batch = PayoutBatch(
        id=new_id(),
        opened_by=by,
        opened_at=at,
        method=method,
        currency=currency,
        state=OPENED,
        moved_at=at,
    )
    batch.save(force_insert=True)
    Payout.objects.filter(pk__in=[payout.pk for payout in waiting]).update(batch=batch)
    name_transfers("payout", [payout.pk for payout in waiting])
    return batch


@transaction.atomic
def write_batch_as(*, batch: PayoutBatch, sheet: SheetLayout | None, by: Person, at: datetime) -> PayoutBatch:
    """Choose what file a batch becomes: a company's sheet, or the order or list for the bank.

    Raises:
        NotFound: who asks is no operator.
        Stale: the batch has gone, or this version of the sheet is not in force any more.
    """
    _only_operators(by)
    batch = PayoutBatch.objects.select_for_update().get(pk=batch.pk)
    if not batch.is_in(OPENED):
        raise Stale(_("This batch has gone: its file is the one that was sent."))
    if sheet and sheet.ended_at:
        raise Stale(_("This sheet was changed since. Choose it again."))
    batch.sheet, batch.rail = sheet, LOCAL if sheet else BANK_RAIL
    batch.save(update_fields=["sheet", "rail"])
    record_event(
        PAYOUT_BATCH_WRITTEN,
        subject=batch.pk,
        by=by.pk,
        at=at,
        sheet=str(sheet) if sheet else "",
        rail=batch.rail,
    )
    return batch


@transaction.atomic
def send_payout_batch(*, batch: PayoutBatch, by: Person, at: datetime) -> PayoutBatch:
    """Say that the file has gone to the bank.

    Raises:
        OwnPayout: it pays this operator.
        StoppedInside: something about an account in it does not fit.
        ForbiddenMove: it has gone already.
    """
    _only_operators(by)
    batch = PayoutBatch.objects.select_for_update().get(pk=batch.pk)
    payouts = list(Payout.objects.select_for_update().filter(batch=batch).order_by("id"))
    if Payout.objects.filter(reaches(by), batch=batch).exists():
        raise OwnPayout
    if has_stopped(batch):
        raise StoppedInside
    move(batch, SENT, by=by.pk, at=at, payouts=len(payouts))
    PayoutBatch.objects.filter(pk=batch.pk).update(sent_by=by)
    batch.sent_by = by
    for payout in payouts:
        move(payout, SENT, by=by.pk, at=at, **facts_of_payout(payout))
    return batch


def has_stopped(batch: PayoutBatch) -> bool:
    """Whether a batch that has not gone holds payouts that are stopped."""
    return batch.is_in(OPENED) and Payout.objects.filter(under_doubt(), batch=batch).exists()


@transaction.atomic
def take_out_stopped(*, batch: PayoutBatch, by: Person, at: datetime) -> int:
    """Take the payouts that are stopped out of a batch that has not gone: they wait again. Returns how many.

    Raises:
        Stale: the batch has gone.
    """
    _only_operators(by)
    batch = PayoutBatch.objects.select_for_update().get(pk=batch.pk)
    if not batch.is_in(OPENED):
        raise Stale(_("This batch has gone to the bank: nothing can be taken out of it."))
    stopped = Payout.objects.select_for_update(of=("self",)).filter(under_doubt(), batch=batch).order_by("id")
    ids = [payout.pk for payout in stopped]
    if ids:
        Payout.objects.filter(pk__in=ids).update(batch=None)
        record_event(
            PAYOUT_BATCH_THINNED, subject=batch.pk, by=by.pk, at=at, payouts=[str(each) for each in ids]
        )
    return len(ids)


def _only_operators(by: Person) -> None:
    if not by.is_operator:
        raise NotFound
