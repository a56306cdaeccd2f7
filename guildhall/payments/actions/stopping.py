"""A new payout account that is not its owner's: one link of a letter ends it and locks payouts."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.payments.actions.returning import put_back
from guildhall.payments.events import PAYOUT_ACCOUNT_STOPPED
from guildhall.payments.models import Payout, PayoutAccount, PayoutBatch, PayoutLock
from guildhall.payments.rules import STOP_LINK_HOLDS
from guildhall.payments.states import OPENED, REQUESTED
from guildhall.people.models import Person

_SALT: Final = "guildhall.payments.stop"


class LinkUsed(Stale):
    """It stops one account, once, for some weeks."""

    code = "link_used"


def secret_to_stop(account: UUID) -> str:
    """What the link in the letter about a payout account carries. Whoever has it needs no password."""
    return signing.Signer(salt=_SALT).sign(account.hex)


def account_to_stop(secret: str) -> PayoutAccount:
    """The account that a link is about, in force or not.

    Raises:
        NotFound: the link is none of this hall's.
    """
    try:
        key = UUID(signing.Signer(salt=_SALT).unsign(secret))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    account = PayoutAccount.objects.select_related("person").filter(pk=key).first()
    if account is None:
        raise NotFound
    return account


def can_be_stopped(account: PayoutAccount, at: datetime) -> bool:
    """Whether the link of an account's letter still does something."""
    return account.ended_at is None and at < account.set_at + STOP_LINK_HOLDS


@transaction.atomic
def stop_payout_account(*, secret: str, at: datetime) -> PayoutLock:
    """End a payout account and lock payouts until its owner signs in anew; what has not left yet comes back.

    Whoever holds the letter says so. A thief can do no harm by it, and an owner whose session was stolen
    needs nothing else.

    Raises:
        NotFound: the link is none of this hall's.
        LinkUsed: the account has ended, or the letter is too old.
    """
    found = account_to_stop(secret)
    Person.objects.select_for_update().get(pk=found.person_id)
    account = PayoutAccount.objects.select_for_update().get(pk=found.pk)
    if not can_be_stopped(account, at):
        raise LinkUsed(_("This account is not in force any more, or this letter is too old to stop it."))
    account.ended_at = at
    account.save(update_fields=["ended_at"])
    lock = PayoutLock(id=new_id(), person_id=account.person_id, account=account, locked_at=at)
    lock.save(force_insert=True)
    inside = Payout.objects.filter(account=account, state=REQUESTED).values("batch")
    # The batches first, as whoever sends them does.
    list(PayoutBatch.objects.select_for_update().filter(state=OPENED, pk__in=inside).order_by("id"))
    waiting = Payout.objects.select_for_update(of=("self",)).filter(account=account, state=REQUESTED)
    for payout in waiting.order_by("id"):
        Payout.objects.filter(pk=payout.pk).update(batch=None)
        payout.batch = None
        put_back(payout, _("Stopped by the link in a letter."), by=None, at=at, taken_back=True)
    record_event(
        PAYOUT_ACCOUNT_STOPPED,
        subject=account.pk,
        by=None,
        at=at,
        person=str(account.person_id),
        ends_with=account.number[-4:],
    )
    return lock
