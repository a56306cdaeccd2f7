"""Shortlisting, declining and accepting proposals: the client's side."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.contracts.actions import fund_milestone, open_contract
from guildhall.contracts.models import Contract
from guildhall.contracts.queries import milestones_visible_to
from guildhall.contracts.rules import Terms
from guildhall.escrow.actions import ShortOfMoney
from guildhall.jobs.actions.fitness import screen_texts
from guildhall.jobs.actions.posting import JobEnded, lock_own_job
from guildhall.jobs.actions.proposing import ProposalEnded, facts_of
from guildhall.jobs.models import Acceptance, Decline, Proposal
from guildhall.jobs.queries import terms_for
from guildhall.jobs.rules import DECLINE_REASONS, HALL_REASONS, LONGEST_NOTE, refuse_longer, tidy_text
from guildhall.jobs.states import ACCEPTED, DECLINED, FILLED, OPEN, SENT
from guildhall.jobs.sums import sums_of_terms
from guildhall.kernel.errors import NotFound, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.states import move
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person

FUNDINGS: Final = ("first", "all")


class TermsChanged(Stale):
    """The terms are not the ones that the client was shown."""

    code = "terms_changed"


class BriefChanged(Stale):
    """The brief was edited after this proposal was made, and its worker has not confirmed it."""

    code = "brief_changed"


class OfferPassed(Stale):
    """A day that the proposal promises has passed."""

    code = "offer_passed"


@transaction.atomic
def shortlist_proposal(*, proposal: Proposal, listed: bool, by: Person, at: datetime) -> Proposal:
    """Mark a proposal for a closer look, or take the mark away. Only the client sees it."""
    lock_own_job(proposal.job_id, by=by)
    proposal = _lock_live(proposal.pk)
    if listed is (proposal.shortlisted_at is not None):
        return proposal
    proposal.shortlisted_at = at if listed else None
    proposal.save(update_fields=["shortlisted_at"])
    record_event(
        "proposal.shortlisted", subject=proposal.pk, by=by.id, at=at, listed=listed, job=str(proposal.job_id)
    )
    return proposal


@transaction.atomic
def decline_proposal(
    *, proposal: Proposal, reason: str, note: str = "", by: Person, at: datetime
) -> Proposal:
    """Say no, with a reason that the worker reads.

    Raises:
        NotFound: it is not a proposal to their job.
        ProposalEnded: it was answered or withdrawn.
        Unfit: no known reason, or a note that cannot be shown.
    """
    job = lock_own_job(proposal.job_id, by=by)
    if reason not in DECLINE_REASONS:
        raise Unfit(_("Choose one of the reasons: the worker learns from it."), field="reason")
    note = tidy_text(note)
    refuse_longer(note, LONGEST_NOTE, field="note")
    if reason == "other" and not note:
        raise Unfit(_("Write the reason in the note."), field="note")
    if note:
        screen_texts({"note": note}, kind="proposal")
    proposal = _lock_live(proposal.pk)
    assert proposal.job_id == job.pk
    _decline(proposal, reason=reason, note=note, by=by.id, at=at)
    return proposal


@transaction.atomic
def decline_the_rest(*, job_id: UUID, reason: str, at: datetime) -> int:
    """Answer the proposals that a job left open when it ended; the hall does it, in its own words."""
    assert reason in HALL_REASONS
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("job")
    left = list(rows.filter(job=job_id, state=SENT).order_by("pk"))
    for proposal in left:
        _decline(proposal, reason=reason, note="", by=None, at=at)
    return len(left)


@transaction.atomic
def accept_proposal(
    *, proposal: Proposal, terms_hash: str, fund: str = "first", by: Person, at: datetime
) -> Contract:
    """Turn a proposal into a contract under exactly the terms that were shown, and set its money aside.

    The job is locked first, so of all who accept at once one makes the contract. Proposal, job, contract
    and money stand or fall together: a wallet that is short undoes everything.

    Args:
        proposal: one that the client received.
        terms_hash: of the terms that the client read.
        fund: ``first`` sets the first milestone's money aside, ``all`` every milestone's.
        by: the job's client.
        at: now.

    Raises:
        NotFound: it is not a proposal to their job.
        JobEnded, ProposalEnded, BriefChanged, OfferPassed, TermsChanged: things have moved on.
        Unfit: no known way of funding.
        ShortOfMoney: the wallet does not reach; the sentence says how much is missing.
    """
    if fund not in FUNDINGS:
        raise Unfit(_("Fund the first milestone or all of them."), field="fund")
    job = lock_own_job(proposal.job_id, by=by)
    if not job.is_in(OPEN):
        raise JobEnded(_("This job is not open any more: it was filled, closed, or its day has passed."))
    proposal = _lock_live(proposal.pk)
    _refuse_moved_on(proposal, job_version=job.version, at=at)
    terms = terms_for(proposal)
    if terms.hash != terms_hash:
        raise TermsChanged(
            _("The terms are not the ones you read: they have changed since. Read them again, then decide.")
        )
    _refuse_short(terms, fund, by)
    contract = open_contract(
        origin=f"proposal:{proposal.pk}", terms=terms, client=by, worker=proposal.worker, by=by, at=at
    )
    Acceptance.objects.create(
        proposal=proposal, terms_hash=terms_hash, contract=contract.pk, funded=fund, at=at
    )
    facts = facts_of(proposal) | {"contract": str(contract.pk)}
    move(proposal, ACCEPTED, by=by.id, at=at, **facts)
    move(job, FILLED, by=by.id, at=at, proposal=str(proposal.pk), **facts)
    milestones = milestones_visible_to(by).filter(contract=contract).order_by("number")
    for milestone in milestones if fund == "all" else milestones[:1]:
        fund_milestone(milestone=milestone, by=by, at=at)
    return contract


def _refuse_short(terms: Terms, fund: str, by: Person) -> None:
    """Say at once how much is missing in all; the wallet's own floor still decides when the money moves."""
    sums = sums_of_terms(terms)
    needed = sums.client_total if fund == "all" else sums.first
    wallet = balance_of(f"wallet:{by.party}", terms.currency)
    if wallet < needed:
        raise ShortOfMoney(needed - wallet)


def _refuse_moved_on(proposal: Proposal, *, job_version: int, at: datetime) -> None:
    if proposal.job_version != job_version:
        raise BriefChanged(
            _("You edited the brief after this proposal: its worker must confirm it before you can accept.")
        )
    if proposal.first_day < at.date():
        raise OfferPassed(
            _("A day that this proposal promises has passed: ask its worker to send new dates.")
        )


def _lock_live(proposal_id: UUID) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("job", "worker")
    proposal = rows.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound
    if not proposal.is_in(SENT):
        raise ProposalEnded(_("This proposal has been answered or withdrawn."))
    return proposal


def _decline(proposal: Proposal, *, reason: str, note: str, by: UUID | None, at: datetime) -> None:
    Decline.objects.create(proposal=proposal, reason=reason, note=note, at=at)
    move(proposal, DECLINED, by=by, at=at, reason=reason, **facts_of(proposal))
