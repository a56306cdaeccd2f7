"""Proposals in JSON: sent, changed, withdrawn; read, declined, accepted."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listing
from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.deciding import accept_proposal, decline_proposal, shortlist_proposal
from guildhall.jobs.actions.proposing import edit_proposal, send_proposal, typed_offer_of, withdraw_proposal
from guildhall.jobs.models import Proposal
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft
from guildhall.jobs.queries import (
    SORTS,
    jobs_visible_to,
    proposals_received_by,
    proposals_sent_by,
    proposals_visible_to,
    terms_agreed,
    terms_shown_of,
)
from guildhall.jobs.rules import DECLINE_REASONS
from guildhall.jobs.states import SENT
from guildhall.jobs.sums import Sums, reckon_offer, settled_before, sums_of_offer, sums_of_terms
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page, page_by_key
from guildhall.kernel.rules import rules_in_force
from guildhall.payments.paying_out.holding import money_of_payer_rests_until

router = Router(tags=["proposals"])


class Step(Asked):
    """One milestone."""

    title: str
    amount: Sum
    due: date | None = None


class Declined(Schema):
    """Why the client, or the hall for them, said no."""

    reason: str
    note: str


class LevyShown(Schema):
    """What goes to an authority or a fund, by its name."""

    name: str
    basis_points: int
    sum: Sum


class FeeStep(Schema):
    """Of what lies over this, so much is kept."""

    over: Sum
    fee_bp: int


class ProposalShown(Schema):
    """A proposal, for the worker who sent it or the client who received it: nobody else."""

    id: UUID
    job: UUID
    state: str
    worker: str
    price: Sum
    fee: Sum = Field(description="What the hall keeps of the price, by the terms agreed or today’s fees.")
    levied: list[LevyShown] = Field(description="What authorities and funds get of it, by the same terms.")
    net: Sum = Field(description="What reaches the worker, by the same fees.")
    milestones: list[Step]
    delivery: date
    letter: str
    version: int
    passed: bool = Field(description="Whether a day that it promises has passed: then it cannot be accepted.")
    confirmed: bool = Field(description="Whether it was made or confirmed on the brief as it stands.")
    sent_at: datetime
    shortlisted: bool | None = Field(description="The client’s own mark; null for the worker.")
    declined: Declined | None
    contract: UUID | None


class ProposalAsked(Asked):
    """An offer. Milestones sum to the price; none means one step for everything."""

    price: Sum
    delivery: date
    letter: str
    milestones: list[Step] = Field([], max_length=100)


class ProposalChanged(Asked):
    """What is to change in an offer; what is left out stays. An empty change confirms it."""

    price: Sum | None = None
    delivery: date | None = None
    letter: str | None = None
    milestones: list[Step] | None = Field(None, max_length=100)


class RefusalAsked(Asked):
    """A reason code and a sentence to the worker. ``GET /rules`` says what each code means."""

    reason: str = Field(json_schema_extra={"enum": list(DECLINE_REASONS)})
    note: str = ""


class AcceptanceAsked(Asked):
    """The hash of the terms that were read, and how much is set aside now."""

    terms_hash: str = Field(max_length=64)
    fund: Literal["first", "all"] = "first"


class ShortlistAsked(Asked):
    """Whether the proposal stands on the client’s shortlist."""

    listed: bool


class TermsShown(Schema):
    """What accepting would agree to, under its hash."""

    hash: str
    terms: dict[str, Any]
    client_total: Sum
    worker_net: Sum
    to_begin: Sum = Field(description="What the first milestone alone takes from the wallet.")


class Reckoned(Schema):
    """What an offer would bring under today’s fees, milestone by milestone as it will be paid."""

    price: Sum
    fee: Sum = Field(description="What the hall keeps of the price.")
    fee_bp: int = Field(description="That fee in basis points: 500 is 5 %.")
    fee_steps: list[FeeStep] = Field(
        description="Where it changes, as you and this client do more together; often nowhere."
    )
    levied: list[LevyShown] = Field(description="What authorities and funds get of the price.")
    net: Sum
    client_total: Sum = Field(description="The price and the client’s own fee.")
    paid_out_from: datetime | None = Field(
        None,
        description="From when on it can be paid out at the earliest, where the client is new to paying.",
    )


class Accepted(Schema):
    """The contract that an acceptance made."""

    contract: UUID


@router.get("/proposals", response=Listing[ProposalShown], summary="Proposals you sent")
@needs_scope("read")
def list_sent(request: HallRequest, after: str = "", size: int = 20) -> Listing[ProposalShown]:
    """Your own proposals, newest first."""
    rows = proposals_sent_by(person_of(request))
    return _listed(page_by_key(rows, by=SORTS["received"], after=after, size=size), request)


@router.get("/jobs/{uuid:job_id}/proposals", response=Listing[ProposalShown], summary="Proposals to a job")
@needs_scope("read")
def list_of_job(
    request: HallRequest,
    job_id: UUID,
    *,
    sort: Literal["received", "price", "delivery"] = "received",
    listed: bool = False,
    after: str = "",
    size: int = 20,
) -> Listing[ProposalShown]:
    """For the job’s client all of them, in any order, or their shortlist; for a worker their own."""
    person = person_of(request)
    job = get_object_or_404(jobs_visible_to(person), pk=job_id)
    rows = proposals_visible_to(person).filter(job=job)
    if listed:
        rows = rows.filter(job__client=person, shortlisted_at__isnull=False)
    return _listed(page_by_key(rows, by=SORTS[sort], after=after, size=size), request)


@router.post("/jobs/{uuid:job_id}/proposals", response={201: ProposalShown}, summary="Send a sealed proposal")
@needs_scope("work")
def send(request: HallRequest, job_id: UUID, asked: ProposalAsked) -> Status[ProposalShown]:
    """Only the client reads it."""
    person = person_of(request)
    job = get_object_or_404(jobs_visible_to(person), pk=job_id)
    proposal = send_proposal(job=job, offer=_offer(asked), by=person, at=request.at)
    return Status(201, _one(request, proposal.pk))


@router.post("/jobs/{uuid:job_id}/reckonings", response=Reckoned, summary="What an offer would bring you")
@needs_scope("work")
def reckon(request: HallRequest, job_id: UUID, asked: ProposalAsked) -> Reckoned:
    """Every deduction and what reaches you, before you send the very same body. Nothing is kept."""
    job = get_object_or_404(jobs_visible_to(person_of(request)), pk=job_id)
    rules = rules_in_force()
    sums = reckon_offer(_offer(asked), job=job, rules=rules, by=person_of(request), at=request.at)
    return Reckoned(
        price=Sum.of(sums.price),
        fee=Sum.of(sums.worker_fee),
        fee_bp=sums.fees.worker_bp,
        fee_steps=[
            FeeStep(over=Sum.of(Money(over, job.currency)), fee_bp=share) for over, share in sums.fees.steps
        ],
        levied=_levied(sums),
        net=Sum.of(sums.net),
        client_total=Sum.of(sums.client_total),
        paid_out_from=money_of_payer_rests_until(job.client, rules=rules, at=request.at),
    )


@router.get("/proposals/{uuid:proposal_id}", response=ProposalShown, summary="One proposal")
@needs_scope("read")
def show(request: HallRequest, proposal_id: UUID) -> ProposalShown:
    """One that you sent or received."""
    return _one(request, proposal_id)


@router.patch("/proposals/{uuid:proposal_id}", response=ProposalShown, summary="Change or confirm it")
@needs_scope("work")
def change(request: HallRequest, proposal_id: UUID, asked: ProposalChanged) -> ProposalShown:
    """A new version; the old one is kept."""
    person = person_of(request)
    proposal = get_object_or_404(proposals_sent_by(person), pk=proposal_id)
    before = typed_offer_of(proposal)
    offer = ProposalDraft(
        price=asked.price.money("price") if asked.price else before.price,
        delivery=asked.delivery or before.delivery,
        letter=before.letter if asked.letter is None else asked.letter,
        milestones=before.milestones if asked.milestones is None else _steps(asked.milestones),
    )
    edit_proposal(proposal=proposal, offer=offer, by=person, at=request.at)
    return _one(request, proposal_id)


@router.post("/proposals/{uuid:proposal_id}/withdrawal", response=ProposalShown, summary="Take it back")
@needs_scope("work")
def withdrawal(request: HallRequest, proposal_id: UUID) -> ProposalShown:
    """The client no longer sees it."""
    person = person_of(request)
    proposal = get_object_or_404(proposals_sent_by(person), pk=proposal_id)
    withdraw_proposal(proposal=proposal, by=person, at=request.at)
    return _one(request, proposal_id)


@router.post("/proposals/{uuid:proposal_id}/refusal", response=ProposalShown, summary="Decline with a reason")
@needs_scope("jobs")
def refusal(request: HallRequest, proposal_id: UUID, asked: RefusalAsked) -> ProposalShown:
    """The worker reads the reason."""
    decline_proposal(
        proposal=_received(request, proposal_id),
        reason=asked.reason,
        note=asked.note,
        by=person_of(request),
        at=request.at,
    )
    return _one(request, proposal_id)


@router.post(
    "/proposals/{uuid:proposal_id}/shortlist", response=ProposalShown, summary="Mark it for yourself"
)
@needs_scope("jobs")
def shortlist(request: HallRequest, proposal_id: UUID, asked: ShortlistAsked) -> ProposalShown:
    """Only you see the mark."""
    proposal = _received(request, proposal_id)
    shortlist_proposal(proposal=proposal, listed=asked.listed, by=person_of(request), at=request.at)
    return _one(request, proposal_id)


@router.get(
    "/proposals/{uuid:proposal_id}/terms", response=TermsShown, summary="What accepting would agree to"
)
@needs_scope("read")
def show_terms(request: HallRequest, proposal_id: UUID) -> TermsShown:
    """The terms as they stand now, with the hash that an acceptance must name; later, those agreed."""
    terms = terms_shown_of(get_object_or_404(proposals_visible_to(person_of(request)), pk=proposal_id))
    sums = sums_of_terms(terms)
    return TermsShown(
        hash=terms.hash,
        terms=terms.as_json(),
        client_total=Sum.of(sums.client_total),
        worker_net=Sum.of(sums.net),
        to_begin=Sum.of(sums.first),
    )


@router.post("/proposals/{uuid:proposal_id}/acceptance", response={201: Accepted}, summary="Accept and fund")
@needs_scope("jobs")
@needs_scope("money")
def acceptance(request: HallRequest, proposal_id: UUID, asked: AcceptanceAsked) -> Status[Accepted]:
    """The contract under exactly these terms, its money set aside; or nothing at all. Needs `money` too."""
    contract = accept_proposal(
        proposal=_received(request, proposal_id),
        terms_hash=asked.terms_hash,
        fund=asked.fund,
        by=person_of(request),
        at=request.at,
    )
    return Status(201, Accepted(contract=contract.pk))


def _levied(sums: Sums) -> list[LevyShown]:
    return [
        LevyShown(name=one.name, basis_points=one.basis_points, sum=Sum.of(one.sum)) for one in sums.levied
    ]


def _received(request: HallRequest, proposal_id: UUID) -> Proposal:
    return get_object_or_404(proposals_received_by(person_of(request)), pk=proposal_id)


def _offer(asked: ProposalAsked) -> ProposalDraft:
    return ProposalDraft(
        price=asked.price.money("price"),
        delivery=asked.delivery,
        letter=asked.letter,
        milestones=_steps(asked.milestones),
    )


def _steps(asked: list[Step]) -> list[MilestoneDraft]:
    return [MilestoneDraft(step.title, step.amount.money("milestones"), step.due) for step in asked]


def _one(request: HallRequest, proposal_id: UUID) -> ProposalShown:
    proposal = get_object_or_404(proposals_visible_to(person_of(request)), pk=proposal_id)
    return _listed(Page([proposal], ""), request).items[0]


def _listed(page: Page[Proposal], request: HallRequest) -> Listing[ProposalShown]:
    rules, agreed = rules_in_force(), terms_agreed(page.rows)
    settled = settled_before([(one.job, one.worker) for one in page.rows if one.pk not in agreed], rules)

    def sums_of(one: Proposal) -> Sums:
        if one.pk in agreed:
            return sums_of_terms(agreed[one.pk])
        amounts = [Money(step.amount, one.currency) for step in one.milestones.all()]
        return sums_of_offer(amounts, job=one.job, worker=one.worker, rules=rules, settled=settled)

    return listing(page, lambda one: _shown(one, request, sums_of(one)))


def _shown(proposal: Proposal, request: HallRequest, sums: Sums) -> ProposalShown:
    steps = [
        Step(title=step.title, amount=Sum.of(Money(step.amount, proposal.currency)), due=step.due)
        for step in proposal.milestones.all()
    ]
    decline = getattr(proposal, "decline", None)
    own = proposal.worker_id == person_of(request).pk
    return ProposalShown(
        id=proposal.pk,
        job=proposal.job_id,
        state=proposal.state,
        worker=proposal.worker.name,
        price=Sum.of(proposal.money),
        fee=Sum.of(sums.worker_fee),
        levied=_levied(sums),
        net=Sum.of(sums.net),
        milestones=steps,
        delivery=proposal.delivery,
        letter=proposal.letter,
        version=proposal.version,
        passed=proposal.is_in(SENT) and proposal.first_day < request.at.date(),
        confirmed=proposal.job_version == proposal.job.version,
        sent_at=proposal.sent_at,
        shortlisted=None if own else proposal.shortlisted_at is not None,
        declined=Declined(reason=decline.reason, note=decline.note) if decline else None,
        contract=proposal.acceptance.contract if hasattr(proposal, "acceptance") else None,
    )
