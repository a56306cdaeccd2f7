"""Opening a contract and setting money aside for its milestones."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions.locking import lock_milestone, must_be_client
from guildhall.contracts.events import CONTRACT_OPENED, facts_of_contract, facts_of_milestone
from guildhall.contracts.models import Acceptance, Contract, Milestone
from guildhall.contracts.models import Terms as TermsRow
from guildhall.contracts.queries import terms_of
from guildhall.contracts.rules import Terms, deductions_of
from guildhall.contracts.states import ACTIVE, FUNDED, PLANNED
from guildhall.escrow.actions import Payer, hold_money
from guildhall.escrow.models import Hold
from guildhall.kernel.errors import NotFound, Refusal, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.money import basis_points_of
from guildhall.kernel.states import move
from guildhall.people.models import Person


class SelfHire(Refusal):
    """Nobody hires themselves."""

    code = "self_hire"


class UnfitTerms(Unfit):
    """Terms that no contract can stand on."""

    code = "unfit_terms"


class AlreadyOpened(Stale):
    """What it grows from has become a contract already."""

    code = "already_opened"


class NotPlanned(Stale):
    """Money was set aside for it before, or the contract takes no more."""

    code = "not_planned"


@transaction.atomic
def open_contract(
    *, origin: str, terms: Terms, client: Person, worker: Person, by: Person, at: datetime
) -> Contract:
    """Open a contract under terms that both sides have said yes to.

    The caller answers for that: it was shown these terms' hash and compared it.

    Args:
        origin: what it grows from, once: ``proposal:<id>``.
        terms: frozen from here on.
        client: who pays.
        worker: who is paid.
        by: who makes it so, one of the two.
        at: when both are taken to have accepted.

    Raises:
        SelfHire: client and worker are one person.
        UnfitTerms: no milestones, or one without a sum.
        AlreadyOpened: there is a contract with this origin.
    """
    if client.pk == worker.pk:
        raise SelfHire(_("You cannot hire yourself."))
    if by.pk not in {client.pk, worker.pk}:
        raise NotFound
    assert (terms.client, terms.worker) == (client.pk, worker.pk), "terms between other people"
    if not terms.milestones or min(milestone.amount for milestone in terms.milestones) <= 0:
        raise UnfitTerms(_("A contract needs a milestone, and each milestone a sum."), field="milestones")
    contract = _create(origin, terms, client, worker, at)
    row = TermsRow.objects.create(contract=contract, number=1, body=terms.canonical, hash=terms.hash)
    for person in (client, worker):
        Acceptance.objects.create(terms=row, person=person, hash=terms.hash, at=at)
    for number, milestone in enumerate(terms.milestones, start=1):
        Milestone.objects.create(
            contract=contract,
            number=number,
            title=milestone.title,
            amount=milestone.amount,
            currency=terms.currency,
            due=milestone.due,
            state=PLANNED,
            moved_at=at,
        )
    record_event(
        CONTRACT_OPENED,
        subject=contract.pk,
        by=by.pk,
        at=at,
        **facts_of_contract(contract),
        amount=contract.amount,
        currency=contract.currency,
        terms_hash=terms.hash,
    )
    return contract


def _create(origin: str, terms: Terms, client: Person, worker: Person, at: datetime) -> Contract:
    try:
        with transaction.atomic():
            return Contract.objects.create(
                origin=origin,
                client=client,
                worker=worker,
                title=terms.title,
                amount=terms.total.minor,
                currency=terms.currency,
                silence_days=terms.silence_days,
                opened_at=at,
                state=ACTIVE,
                moved_at=at,
            )
    except IntegrityError as error:
        if not Contract.objects.filter(origin=origin).exists():
            raise
        raise AlreadyOpened(_("There is a contract about this already.")) from error


@transaction.atomic
def fund_milestone(*, milestone: Milestone, by: Person, at: datetime) -> Hold:
    """Set a milestone's money aside from the client's wallet, under the deductions of the terms.

    Raises:
        NotPlanned: it has its money, or the contract is ending.
        ShortOfMoney: the wallet has less than the milestone and the client's fee.
    """
    milestone = lock_milestone(milestone)
    contract = milestone.contract
    must_be_client(contract, by)
    if contract.state != ACTIVE or milestone.state != PLANNED:
        raise NotPlanned(_("Money can be set aside once for each milestone, while the contract is active."))
    terms = terms_of(contract)
    hold = hold_money(
        purpose=f"milestone:{milestone.pk}",
        payers=[Payer(by.party, milestone.sum)],
        currency=milestone.currency,
        deductions=deductions_of(terms, milestone.number),
        worker=contract.worker.party,
        client_fee=basis_points_of(milestone.amount, terms.client_fee_bp),
        clearing_days=terms.clearing_days,
        by=by.pk,
        at=at,
    )
    milestone.hold = hold
    milestone.save(update_fields=["hold"])
    move(milestone, FUNDED, by=by.pk, at=at, **facts_of_milestone(milestone), hold=str(hold.pk))
    return hold
