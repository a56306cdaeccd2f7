"""Sending, editing and withdrawing a proposal."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guildhall.jobs.actions.fitness import screen_texts
from guildhall.jobs.actions.posting import JobEnded
from guildhall.jobs.models import Job, Proposal, ProposalMilestone, ProposalVersion
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft, as_written, tidy_offer
from guildhall.jobs.rules import MOST_TRIES
from guildhall.jobs.states import DECLINED, OPEN, SENT, WITHDRAWN
from guildhall.kernel.errors import NotFound, Refusal, Stale
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.people.models import Person


class OwnJob(Refusal):
    """Nobody proposes to their own job."""

    code = "own_job"


class AlreadyProposed(Refusal):
    """One live proposal for each job and worker; and no second one after the client declined."""

    code = "already_proposed"


class TooManyTries(Refusal):
    """Somebody sent and took back as often as one may for a job."""

    code = "too_many_tries"


class ProposalEnded(Stale):
    """The proposal was withdrawn, declined or accepted."""

    code = "proposal_ended"


@transaction.atomic
def send_proposal(*, job: Job, offer: ProposalDraft, by: Person, at: datetime) -> Proposal:
    """Send a sealed proposal: the client reads it, no rival ever does.

    Raises:
        NotFound: there is no such job for this person.
        OwnJob: it is their own.
        JobEnded: it takes no proposals now.
        AlreadyProposed: they have one, or had one declined.
        TooManyTries: they have withdrawn as many as one may.
        Unfit: the offer cannot stand as written.
    """
    job = _lock_open_job(job.pk, by=by, at=at)
    if job.client_id == by.id:
        raise OwnJob(_("This is your own job: you cannot propose to it."))
    if Proposal.objects.filter(job=job, worker=by, state=DECLINED).exists():
        raise AlreadyProposed(_("The client has declined your proposal for this job."))
    if Proposal.objects.filter(job=job, worker=by, state=WITHDRAWN).count() >= MOST_TRIES:
        raise TooManyTries(
            _("You have withdrawn %(num)d proposals for this job: it takes no further one from you.")
            % {"num": MOST_TRIES}
        )
    kept = _fit(offer, job, at)
    proposal = Proposal(job=job, worker=by, state=SENT, moved_at=at, sent_at=at)
    try:
        with transaction.atomic():
            _write(proposal, kept, job)
    except IntegrityError as twice:
        raise AlreadyProposed(_("You have a proposal for this job already: edit that one.")) from twice
    record_event("proposal.sent", subject=proposal.pk, by=by.id, at=at, **facts_of(proposal))
    return proposal


@transaction.atomic
def edit_proposal(*, proposal: Proposal, offer: ProposalDraft, by: Person, at: datetime) -> Proposal:
    """Replace an offer by a new version and keep the old one; also confirms it after the job was edited.

    Raises:
        NotFound: it is not theirs.
        ProposalEnded: it was answered or withdrawn.
        JobEnded: the job takes no proposals now.
        Unfit: the offer cannot stand as written.
    """
    job = _lock_open_job(proposal.job_id, by=by, at=at)
    proposal = _lock_own_live(proposal.pk, by=by)
    kept = _fit(offer, job, at)
    if kept == offer_of(proposal) and proposal.job_version == job.version:
        return proposal
    before = offer_of(proposal)
    ProposalVersion.objects.create(
        proposal=proposal,
        version=proposal.version,
        job_version=proposal.job_version,
        price=before.price.minor,
        currency=before.price.currency,
        delivery=before.delivery,
        letter=before.letter,
        milestones=[
            [step.title, step.amount.minor, step.due.isoformat() if step.due else None]
            for step in before.milestones
        ],
        until=at,
    )
    proposal.version += 1
    _write(proposal, kept, job)
    record_event("proposal.edited", subject=proposal.pk, by=by.id, at=at, **facts_of(proposal))
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Person, at: datetime) -> Proposal:
    """Take a proposal back before it is answered; another may be sent later.

    Raises:
        NotFound: it is not theirs.
        ProposalEnded: it was answered or withdrawn.
    """
    Job.objects.select_for_update().filter(pk=proposal.job_id).first()
    proposal = _lock_own_live(proposal.pk, by=by)
    move(proposal, WITHDRAWN, by=by.id, at=at, **facts_of(proposal))
    return proposal


def offer_of(proposal: Proposal) -> ProposalDraft:
    """The offer that a proposal holds."""
    steps = ProposalMilestone.objects.filter(proposal=proposal).order_by("number")
    return ProposalDraft(
        price=proposal.money,
        delivery=proposal.delivery,
        letter=proposal.letter,
        milestones=tuple(
            MilestoneDraft(step.title, Money(step.amount, proposal.currency), step.due) for step in steps
        ),
    )


def typed_offer_of(proposal: Proposal) -> ProposalDraft:
    """The offer as its worker typed it: to be changed by them."""
    confirmed = proposal.job_version == proposal.job.version
    return as_written(offer_of(proposal), title=proposal.job.title if confirmed else None)


def facts_of(proposal: Proposal) -> dict[str, object]:
    """What its events carry: whom it concerns. No price: an event is read by more people than a proposal."""
    return {
        "job": str(proposal.job_id),
        "client": str(proposal.job.client_id),
        "worker": str(proposal.worker_id),
        "title": proposal.job.title,
        "version": proposal.version,
    }


def _lock_open_job(job_id: UUID, *, by: Person, at: datetime) -> Job:
    """The job, locked before the proposal: two verbs on one job then never wait for each other in a ring."""
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound
    if not job.is_in(OPEN):
        if job.client_id != by.id and not Proposal.objects.filter(job=job, worker=by).exists():
            raise NotFound
        raise JobEnded(_("This job takes no proposals now."))
    if job.deadline is not None and job.deadline < at.date():
        raise JobEnded(_("The day of this job has passed: it takes no more proposals."))
    return job


def _lock_own_live(proposal_id: UUID, *, by: Person) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("job")
    proposal = rows.filter(pk=proposal_id, worker=by).first()
    if proposal is None:
        raise NotFound
    if not proposal.is_in(SENT):
        raise ProposalEnded(_("This proposal has been answered or withdrawn: it cannot change any more."))
    return proposal


def _fit(offer: ProposalDraft, job: Job, at: datetime) -> ProposalDraft:
    kept = tidy_offer(offer, title=job.title, currency=job.currency, rules=rules_in_force(), at=at)
    milestones = "\n".join(step.title for step in kept.milestones)
    screen_texts({"letter": kept.letter, "milestones": milestones}, kind="proposal")
    return kept


def _write(proposal: Proposal, offer: ProposalDraft, job: Job) -> None:
    proposal.price, proposal.currency = offer.price.minor, offer.price.currency
    proposal.delivery, proposal.letter = offer.delivery, offer.letter
    proposal.job_version = job.version
    proposal.save()
    ProposalMilestone.objects.filter(proposal=proposal).delete()
    ProposalMilestone.objects.bulk_create(
        ProposalMilestone(
            proposal=proposal, number=number, title=step.title, amount=step.amount.minor, due=step.due
        )
        for number, step in enumerate(offer.milestones, 1)
    )
