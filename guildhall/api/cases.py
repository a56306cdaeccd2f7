"""Cases in JSON."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.contracts.queries import milestones_visible_to
from guildhall.disputes.actions import (
    accept_offer,
    contest_more,
    offer_split,
    open_case,
    rule_case,
    take_case,
    withdraw_case,
)
from guildhall.disputes.models import Case, Contention, Offer
from guildhall.disputes.queries import (
    cases_visible_to,
    contentions_in,
    offers_in,
    offers_visible_to,
    ruling_of,
)
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key

router = Router(tags=["cases"])

_SEEN = "What was contested when you looked: if more is by now, nothing is divided (`contested_more`)."


class OfferShown(Schema):
    """A division that one side would accept."""

    id: UUID
    by: str
    state: str
    to_worker: Sum
    to_client: Sum
    at: datetime


class RulingShown(Schema):
    """A decision and its reasons."""

    by: str
    to_worker: Sum
    to_client: Sum
    reasons: str
    at: datetime


class ContentionShown(Schema):
    """What one side contested more, and why."""

    id: UUID
    by: str
    contested: Sum = Field(description="Besides what was contested before.")
    reason: str
    at: datetime


class CaseShort(Schema):
    """A disagreement about a sum."""

    id: UUID
    milestone: UUID
    contract: UUID
    state: str
    contested: Sum = Field(
        description="All that is by now; what was added later is at `/cases/{case_id}/contentions`."
    )
    reason: str
    opened_by: str
    opened_at: datetime
    rule_by: datetime
    adjudicator: str | None = Field(description="Who has taken it on.")
    to_worker: Sum | None = Field(description="How it ended; null while open, and when it was withdrawn.")


class CaseShown(CaseShort):
    """One case with what was offered last and what was decided."""

    offers: list[OfferShown] = Field(description="The newest twenty; all are at `/cases/{case_id}/offers`.")
    ruling: RulingShown | None


class CaseAsked(Asked):
    """Exactly this sum is frozen."""

    contested: Sum
    reason: str


class OfferAsked(Asked):
    """The worker's part; the rest is the client's."""

    to_worker: Sum
    seen: Sum | None = Field(None, description=_SEEN)


class RulingAsked(Asked):
    """The worker's part, with reasons."""

    to_worker: Sum
    reasons: str
    seen: Sum | None = Field(None, description=_SEEN)


@router.get("/cases", response=Listing[CaseShort], summary="Cases you may see")
@needs_scope("read")
def list_cases(request: HallRequest, after: str = "", size: int = 20) -> Listing[CaseShort]:
    """Your contracts'; and for an adjudicator all open ones. Newest first."""
    rows = cases_visible_to(person_of(request))
    return listed(rows, _short, by=("-opened_at", "-id"), after=after, size=size)


@router.post("/milestones/{uuid:milestone_id}/cases", response={201: CaseShown}, summary="Open a case")
@needs_scope("money")
def post_case(request: HallRequest, milestone_id: UUID, asked: CaseAsked) -> Status[CaseShown]:
    """Exactly the contested sum is frozen."""
    person = person_of(request)
    case = open_case(
        milestone=get_object_or_404(milestones_visible_to(person), pk=milestone_id),
        contested=asked.contested.money("contested"),
        reason=asked.reason,
        by=person,
        at=request.at,
    )
    return Status(201, _one(request, case.pk))


@router.get("/cases/{uuid:case_id}", response=CaseShown, summary="One case")
@needs_scope("read")
def show_case(request: HallRequest, case_id: UUID) -> CaseShown:
    """As it stands now."""
    return _one(request, case_id)


@router.get(
    "/cases/{uuid:case_id}/contentions", response=Listing[ContentionShown], summary="What was contested more"
)
@needs_scope("read")
def list_contentions(
    request: HallRequest, case_id: UUID, after: str = "", size: int = 20
) -> Listing[ContentionShown]:
    """Since the case was opened. The oldest first."""
    rows = contentions_in(_case(request, case_id))
    return listed(rows, _contention, by=("at", "id"), after=after, size=size)


@router.post("/cases/{uuid:case_id}/contentions", response={201: ContentionShown}, summary="Contest more")
@needs_scope("money")
def post_contention(request: HallRequest, case_id: UUID, asked: CaseAsked) -> Status[ContentionShown]:
    """Either side's, while the case is open: this sum is frozen besides, and open offers lapse."""
    contention = contest_more(
        case=_case(request, case_id),
        contested=asked.contested.money("contested"),
        reason=asked.reason,
        by=person_of(request),
        at=request.at,
    )
    return Status(201, _contention(contention))


@router.get("/cases/{uuid:case_id}/offers", response=Listing[OfferShown], summary="What was offered")
@needs_scope("read")
def list_offers(request: HallRequest, case_id: UUID, after: str = "", size: int = 20) -> Listing[OfferShown]:
    """For the two sides and whoever has the case. The newest first."""
    rows = offers_in(_case(request, case_id), person_of(request))
    return listed(rows, _offer, by=("-at", "-id"), after=after, size=size)


@router.post("/cases/{uuid:case_id}/offers", response={201: OfferShown}, summary="Offer a division")
@needs_scope("money")
def post_offer(request: HallRequest, case_id: UUID, asked: OfferAsked) -> Status[OfferShown]:
    """To the smallest unit; your last offer gives way."""
    offer = offer_split(
        case=_case(request, case_id),
        to_worker=asked.to_worker.money("to_worker"),
        seen=asked.seen.money("seen") if asked.seen else None,
        by=person_of(request),
        at=request.at,
    )
    return Status(201, _offer(offer))


@router.post("/offers/{uuid:offer_id}/acceptance", response=CaseShown, summary="Accept a division")
@needs_scope("money")
def post_acceptance(request: HallRequest, offer_id: UUID) -> CaseShown:
    """The case ends, and the money follows at once."""
    person = person_of(request)
    offer = get_object_or_404(offers_visible_to(person), pk=offer_id)
    accept_offer(offer=offer, by=person, at=request.at)
    return _one(request, offer.case_id)


@router.post("/cases/{uuid:case_id}/withdrawal", response=CaseShown, summary="Take a case back")
@needs_scope("money")
def post_case_withdrawal(request: HallRequest, case_id: UUID) -> CaseShown:
    """By whoever opened it, unless the other side has contested more."""
    withdraw_case(case=_case(request, case_id), by=person_of(request), at=request.at)
    return _one(request, case_id)


@router.post("/cases/{uuid:case_id}/taking", response=CaseShown, summary="Take a case on")
@needs_scope("work")
def post_taking(request: HallRequest, case_id: UUID) -> CaseShown:
    """An adjudicator's: with it come the files and the conversation."""
    take_case(case=_case(request, case_id), by=person_of(request), at=request.at)
    return _one(request, case_id)


@router.post("/cases/{uuid:case_id}/ruling", response=CaseShown, summary="Rule a case")
@needs_scope("work")
def post_ruling(request: HallRequest, case_id: UUID, asked: RulingAsked) -> CaseShown:
    """An adjudicator's, never a side's; the money follows at once."""
    rule_case(
        case=_case(request, case_id),
        to_worker=asked.to_worker.money("to_worker"),
        reasons=asked.reasons,
        seen=asked.seen.money("seen") if asked.seen else None,
        by=person_of(request),
        at=request.at,
    )
    return _one(request, case_id)


def _case(request: HallRequest, case_id: UUID) -> Case:
    return get_object_or_404(cases_visible_to(person_of(request)), pk=case_id)


def _one(request: HallRequest, case_id: UUID) -> CaseShown:
    case = _case(request, case_id)
    offers = page_by_key(offers_in(case, person_of(request)), by=("-at", "-id"))
    ruling = ruling_of(case)
    return CaseShown(
        **_short(case).model_dump(),
        offers=[_offer(one) for one in offers.rows],
        ruling=RulingShown(
            by=ruling.by.name,
            to_worker=Sum.of(Money(ruling.to_worker, ruling.currency)),
            to_client=Sum.of(Money(ruling.to_client, ruling.currency)),
            reasons=ruling.reasons,
            at=ruling.at,
        )
        if ruling
        else None,
    )


def _short(case: Case) -> CaseShort:
    return CaseShort(
        id=case.pk,
        milestone=case.milestone_id,
        contract=case.milestone.contract_id,
        state=case.state,
        contested=Sum.of(case.sum),
        reason=case.reason,
        opened_by=case.opened_by.name,
        opened_at=case.opened_at,
        rule_by=case.rule_by,
        adjudicator=case.adjudicator.name if case.adjudicator else None,
        to_worker=None if case.to_worker is None else Sum.of(Money(case.to_worker, case.currency)),
    )


def _contention(contention: Contention) -> ContentionShown:
    return ContentionShown(
        id=contention.pk,
        by=contention.by.name,
        contested=Sum.of(contention.sum),
        reason=contention.reason,
        at=contention.at,
    )


def _offer(offer: Offer) -> OfferShown:
    return OfferShown(
        id=offer.pk,
        by=offer.by.name,
        state=offer.state,
        to_worker=Sum.of(Money(offer.to_worker, offer.currency)),
        to_client=Sum.of(Money(offer.to_client, offer.currency)),
        at=offer.at,
    )
