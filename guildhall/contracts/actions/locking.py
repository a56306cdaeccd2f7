"""Taking a contract for oneself, the larger thing before the smaller, and seeing who asks."""

from uuid import UUID

from django.utils.translation import gettext as _

from guildhall.contracts.models import Contract, Milestone
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.people.models import Person


class NotYourPart(Refusal):
    """It is for the other side of the contract to do."""

    code = "not_your_part"
    status = 403


def lock_contract(contract_id: UUID) -> Contract:
    """The contract as it stands now; nobody else changes it until this transaction ends."""
    locked = Contract.objects.select_for_update(of=("self",)).select_related("client", "worker")
    return locked.get(pk=contract_id)


def lock_milestone(milestone: Milestone) -> Milestone:
    """The milestone as it stands now, with its contract locked and its hold read."""
    contract = lock_contract(milestone.contract_id)
    fresh = Milestone.objects.select_related("hold").get(pk=milestone.pk)
    fresh.contract = contract
    return fresh


def must_be_client(contract: Contract, person: Person) -> None:
    """Refuse everybody but the client; to a stranger there is nothing here."""
    if person.pk == contract.worker_id:
        raise NotYourPart(_("This is for the client to do."))
    if person.pk != contract.client_id:
        raise NotFound


def must_be_worker(contract: Contract, person: Person) -> None:
    """Refuse everybody but the worker; to a stranger there is nothing here."""
    if person.pk == contract.client_id:
        raise NotYourPart(_("This is for the worker to do."))
    if person.pk != contract.worker_id:
        raise NotFound


def must_be_party(contract: Contract, person: Person) -> None:
    """Refuse whoever is on neither side."""
    if person.pk not in {contract.client_id, contract.worker_id}:
        raise NotFound
