"""Cards that a processor keeps for a payer, and how the payer gets rid of one."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.payments.events import METHOD_KEPT, METHOD_REMOVED
from guildhall.payments.gateways import GatewaySilent, RailRefuses, gateway_for
from guildhall.payments.models import KeptMethod
from guildhall.payments.words import Kept
from guildhall.people.models import Person

log = logging.getLogger(__name__)

_AT_ONCE: Final = 50
_LONGEST_WAIT: Final = timedelta(hours=1)


class MethodGone(Stale):
    """It is not kept any more."""

    code = "method_gone"


def keep_method(kept: Kept, *, rail: str, person_id: UUID, at: datetime) -> None:
    """Remember a card that a processor keeps for somebody, once; one that was removed stays removed."""
    method = KeptMethod(
        id=new_id(),
        person_id=person_id,
        rail=rail,
        method=kept.method,
        payer=kept.payer,
        brand=kept.brand,
        last4=kept.last4,
        expires=kept.expires,
        kept_at=at,
    )
    KeptMethod.objects.bulk_create([method], ignore_conflicts=True)
    if KeptMethod.objects.filter(pk=method.pk).exists():
        record_event(METHOD_KEPT, subject=method.pk, by=None, at=at, **_facts(method))


def kept_method(method: KeptMethod, by: Person) -> KeptMethod:
    """A card that is kept for this person now.

    Raises:
        MethodGone: it is not theirs, or not kept any more.
    """
    found = KeptMethod.objects.filter(pk=method.pk, person=by, removed_at=None).first()
    if found is None:
        raise MethodGone(_("This card is not kept here any more."), field="method")
    return found


@transaction.atomic
def remove_method(*, method: KeptMethod, by: Person, at: datetime) -> KeptMethod:
    """Keep a card no longer: nothing can be paid with it here from now on, and the processor deletes it.

    Raises:
        MethodGone: it is not theirs, or removed.
    """
    mine = KeptMethod.objects.filter(pk=method.pk, person=by, removed_at=None).update(
        removed_at=at, forget_at=at
    )
    if not mine:
        raise MethodGone(_("This card is not kept here any more."))
    method.refresh_from_db()
    record_event(METHOD_REMOVED, subject=method.pk, by=by.pk, at=at, **_facts(method))
    return method


def forget_methods(*, at: datetime) -> int:
    """Ask processors to delete the cards that were removed; how many they have deleted.

    No transaction is open during a call; a processor that does not answer is asked again.
    """
    due = KeptMethod.objects.filter(forget_at__lte=at).order_by("forget_at", "id")
    return sum(_forget(method, at) for method in due[:_AT_ONCE])


def _forget(method: KeptMethod, at: datetime) -> bool:
    mine = KeptMethod.objects.filter(pk=method.pk, forget_at=method.forget_at).update(
        forget_at=at + _LONGEST_WAIT
    )
    if not mine:
        return False  # another worker has taken it
    try:
        gateway_for(method.rail).forget(method=method.method)
    except (GatewaySilent, RailRefuses, NotFound) as silence:
        log.warning("%s does not delete the card %s: %s", method.rail, method.pk, silence)
        return False
    return bool(KeptMethod.objects.filter(pk=method.pk).update(forget_at=None))


def _facts(method: KeptMethod) -> dict[str, object]:
    return {
        "person": str(method.person_id),
        "rail": method.rail,
        "brand": method.brand,
        "ends_with": method.last4,
    }
