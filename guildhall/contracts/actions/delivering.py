"""A milestone's work is handed over, or asked for again. What was handed over lies in the workroom."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.locking import lock_milestone, must_be_client, must_be_worker
from guildhall.contracts.actions.moving import hold_of
from guildhall.contracts.events import facts_of_milestone
from guildhall.contracts.models import Milestone
from guildhall.contracts.rules import release_instant
from guildhall.contracts.states import CHANGES_ASKED, DELIVERED, FUNDED, PLANNED
from guildhall.kernel.errors import Refusal, Stale
from guildhall.kernel.states import move
from guildhall.people.models import Person


class NotFunded(Refusal):
    """No money is set aside for it yet, so nobody should work on it."""

    code = "not_funded"


class NothingDelivered(Stale):
    """There is no delivery to answer now."""

    code = "nothing_delivered"


class NotDue(Stale):
    """Nothing is to be delivered now."""

    code = "not_due"


@transaction.atomic
def mark_delivered(*, milestone: Milestone, by: Person, at: datetime) -> Milestone:
    """Fix the instant at which silence releases the money; the workroom keeps what was delivered.

    Its event says how much that would be as things stand: silence pays nothing that is frozen.

    Raises:
        NotFunded: nothing is set aside for it.
        NotDue: it is delivered already, or finished.
    """
    milestone = lock_milestone(milestone)
    must_be_worker(milestone.contract, by)
    if milestone.state == PLANNED:
        raise NotFunded(
            _("No money is set aside for this milestone yet. Ask the client to fund it before you deliver.")
        )
    if milestone.state not in {FUNDED, CHANGES_ASKED}:
        raise NotDue(_("This milestone waits for no delivery now."))
    milestone.delivered_at = at
    milestone.release_at = release_instant(delivered_at=at, silence_days=milestone.contract.silence_days)
    milestone.warned = None
    milestone.save(update_fields=["delivered_at", "release_at", "warned"])
    free = hold_of(milestone).money_free
    facts = {**facts_of_milestone(milestone), "amount": free.minor, "all_frozen": not free}
    move(milestone, DELIVERED, by=by.pk, at=at, **facts, release_at=milestone.release_at.isoformat())
    return milestone


@transaction.atomic
def ask_again(*, milestone: Milestone, by: Person, at: datetime) -> Milestone:
    """Send a delivery back for changes: the clock stops, and the next delivery starts a new one.

    Raises:
        NothingDelivered: there is no delivery to answer, or the money was released in the meantime.
    """
    milestone = lock_milestone(milestone)
    must_be_client(milestone.contract, by)
    if milestone.state != DELIVERED:
        raise NothingDelivered(_("There is no delivery here that waits for your answer."))
    move(milestone, CHANGES_ASKED, by=by.pk, at=at, **facts_of_milestone(milestone))
    milestone.release_at = None
    milestone.save(update_fields=["release_at"])
    return milestone
