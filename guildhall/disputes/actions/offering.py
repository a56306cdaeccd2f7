"""The two sides look for a division that both can accept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions import divide_part
from guildhall.contracts.actions.locking import must_be_party
from guildhall.disputes.actions.locking import end_case, lock_case
from guildhall.disputes.events import OFFER_MADE, facts_of_case
from guildhall.disputes.models import Case, Offer
from guildhall.disputes.rules import is_division
from guildhall.disputes.states import ACCEPTED, AGREED, MADE, REPLACED
from guildhall.kernel.errors import Refusal, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.kernel.states import move
from guildhall.people.models import Person


class NoDivision(Unfit):
    """The parts are not a division of what is contested."""

    code = "no_division"


class OwnOffer(Refusal):
    """Nobody accepts their own offer."""

    code = "own_offer"


class ContestedMore(Stale):
    """More is contested than whoever divides it has seen."""

    code = "contested_more"


class OfferGone(Stale):
    """The offer was replaced or has lapsed."""

    code = "offer_gone"


@transaction.atomic
def offer_split(
    *, case: Case, to_worker: Money, seen: Money | None = None, by: Person, at: datetime
) -> Offer:
    """Offer a division of the contested sum, exact to the smallest unit. One's own last offer gives way.

    Args:
        case: an open one.
        to_worker: the rest goes to the client.
        seen: what was contested when they looked, if that is known.
        by: one of the two sides.
        at: now.

    Raises:
        ContestedMore: more is contested than they have seen.
        NoDivision: it is less than nothing or more than what is contested.
        CaseEnded: the case is not open any more.
    """
    case, milestone = lock_case(case)
    must_be_party(milestone.contract, by)
    check_division(case, to_worker, seen=seen)
    for former in Offer.objects.filter(case=case, by=by, state=MADE):
        move(former, REPLACED, by=by.pk, at=at, case=str(case.pk))
    offer = Offer.objects.create(
        case=case,
        by=by,
        to_worker=to_worker.minor,
        to_client=case.contested - to_worker.minor,
        currency=case.currency,
        at=at,
        state=MADE,
        moved_at=at,
    )
    record_event(
        OFFER_MADE,
        subject=offer.pk,
        by=by.pk,
        at=at,
        **facts_of_case(case, milestone),
        to_worker=offer.to_worker,
        to_client=offer.to_client,
    )
    return offer


@transaction.atomic
def accept_offer(*, offer: Offer, by: Person, at: datetime) -> Case:
    """Accept the other side's division: the case ends and the money follows at once.

    Raises:
        OwnOffer: it is one's own.
        OfferGone: it was replaced.
        CaseEnded: the case is not open any more.
    """
    case, milestone = lock_case(Case.objects.get(pk=offer.case_id))
    must_be_party(milestone.contract, by)
    offer = Offer.objects.get(pk=offer.pk)
    if offer.by_id == by.pk:
        raise OwnOffer(_("This is your own offer: the other side accepts it, or makes another."))
    if offer.state != MADE:
        raise OfferGone(_("This offer stands no longer: look at the case again."))
    move(offer, ACCEPTED, by=by.pk, at=at, case=str(case.pk))
    case.to_worker = offer.to_worker
    case.save(update_fields=["to_worker"])
    end_case(case, milestone, AGREED, by=by.pk, at=at, to_worker=offer.to_worker, to_client=offer.to_client)
    divide_part(
        milestone=milestone,
        to_worker=Money(offer.to_worker, offer.currency),
        to_client=Money(offer.to_client, offer.currency),
        key=offer.pk,
        by=by.pk,
        at=at,
        case=str(case.pk),
    )
    return case


def check_division(case: Case, to_worker: Money, *, seen: Money | None = None) -> None:
    """Refuse a part that is none of what is contested, or of less than what is contested now.

    Raises:
        ContestedMore: more is contested than they have seen, and the rest would fall to the client unread.
        NoDivision: it is less than nothing, or more than what is contested.
    """
    if seen is not None and seen != case.sum:
        raise ContestedMore(
            _("%(contested)s is contested by now. Look at the case again.") % {"contested": str(case.sum)}
        )
    if not is_division(contested=case.sum, to_worker=to_worker):
        raise NoDivision(
            _("The worker's part is from nothing up to %(contested)s, which is all that is contested.")
            % {"contested": str(case.sum)},
            field="to_worker",
        )
