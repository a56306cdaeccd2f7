"""Either side ends the contract when they like; the money follows by rule."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.asking import ask_back, withdraw_asked
from guildhall.contracts.actions.locking import lock_contract, must_be_party
from guildhall.contracts.actions.moving import end_when_done, hold_of
from guildhall.contracts.actions.refunding import NoReason
from guildhall.contracts.actions.thawing import return_undelivered
from guildhall.contracts.actions.wording import fit_words
from guildhall.contracts.events import facts_of_contract
from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.states import ACTIVE, CHANGES_ASKED, ENDING, FUNDED, HELD
from guildhall.kernel.errors import Stale
from guildhall.kernel.states import move
from guildhall.people.models import Person


class EndedAlready(Stale):
    """Somebody ended it before."""

    code = "ended_already"


@transaction.atomic
def end_contract(*, contract: Contract, reason: str, by: Person, at: datetime) -> Contract:
    """End a contract at will.

    Undelivered money that the worker leaves behind returns at once; undelivered money that the client leaves
    behind is asked back from the worker. Delivered money stays with its clock, contested money with its
    case, and the contract is *ending* until none is held.

    Raises:
        EndedAlready: it is ending or ended.
        NoReason, UnfitWords, NotFit: no reason was given, or not one to be read.
    """
    contract = lock_contract(contract.pk)
    must_be_party(contract, by)
    if contract.state != ACTIVE:
        raise EndedAlready(_("This contract has been ended already."))
    reason = fit_words(reason, field="reason")
    if not reason:
        raise NoReason(_("Say why you end it: the other side reads it."), field="reason")
    contract.end_reason, contract.ended_by = reason, by
    contract.save(update_fields=["end_reason", "ended_by"])
    undelivered = Milestone.objects.filter(contract=contract, state__in=[FUNDED, CHANGES_ASKED])
    # While money is on its way back the contract is ending; its last milestone may then end it.
    if Milestone.objects.filter(contract=contract, state__in=HELD).exists():
        move(contract, ENDING, by=by.pk, at=at, **facts_of_contract(contract), reason=contract.end_reason)
        for milestone in undelivered.order_by("number"):
            milestone.contract = contract
            _let_go(milestone, by=by, at=at)
    if contract.state in {ACTIVE, ENDING}:
        end_when_done(contract, by=by.pk, at=at)
    return contract


def _let_go(milestone: Milestone, *, by: Person, at: datetime) -> None:
    """Send undelivered money back, or ask for it, whoever of the two leaves."""
    contract = milestone.contract
    if by.pk == contract.worker_id:
        return_undelivered(milestone, by=by.pk, at=at)
        return
    # One request speaks for all that is undelivered; a smaller one that still waits gives way to it.
    withdraw_asked(milestone, by=by.pk, at=at)
    if free := hold_of(milestone).money_free:
        ask_back(milestone, free, reason=contract.end_reason, by=by, at=at)
