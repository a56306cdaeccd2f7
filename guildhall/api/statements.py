"""Where each payment is, and any stretch of a wallet, as JSON and as files: the pages' verbs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.contracts.models import Milestone
from guildhall.contracts.queries import milestones_visible_to
from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.models import Event
from guildhall.kernel.paging import page_by_key
from guildhall.people.models import Person
from guildhall.people.queries import people_found
from guildhall.statements.actions import open_statement
from guildhall.statements.drawing import csv_of_statement, pdf_of_statement
from guildhall.statements.looks import LASTS, looks_at, may_look
from guildhall.statements.queries import Line, Wanted, statement_page
from guildhall.statements.timelines import Timeline, timelines_of

router = Router(tags=["money"])


class SayWhyFirst(Refusal):
    """Nobody looks at other people's money without a word."""

    code = "say_why_first"
    status = 403


class StepShown(Schema):
    """A place on the way: how much came here so far, and how much of it is here now."""

    place: str = Field(examples=["in_escrow", "clearing", "available", "on_its_way", "arrived"])
    status: str = Field(description="done, now or todo")
    reached: Sum
    here: Sum
    at: datetime | None = Field(description="When the first of it came.")
    until: datetime | None = Field(description="When what clears becomes available.")


class DeductionShown(Schema):
    """What was kept of a payment, by its name."""

    name: str
    amount: Sum


class CarriedShown(Schema):
    """A payout, and how much of this payment it carries."""

    payout: UUID
    state: str
    amount: Sum


class TimelineShown(Schema):
    """Where the money of one milestone is. What came first into a wallet counts as what left it first."""

    milestone: UUID
    contract: UUID
    placed: Sum
    frozen: Sum
    gross: Sum
    net: Sum
    deductions: list[DeductionShown]
    steps: list[StepShown]
    payouts: list[CarriedShown] = Field(description="For the worker.")


class Narrowed(Schema):
    """Which movements: of a currency, a time, a kind, a contract, with somebody, with these words."""

    currency: str = Field("USD", pattern="^[A-Z]{3}$")
    since: date | None = Field(None, description="First day, in UTC.")
    until: date | None = Field(None, description="Last day, in UTC.")
    kind: str = Field("", max_length=32, examples=["payout.sent"])
    contract: UUID | None = None
    other: UUID | None = None
    words: str = Field("", max_length=100)

    def wanted(self) -> Wanted:
        """As the verbs take it."""
        return Wanted(**self.dict())


class MovementShown(Schema):
    """A movement of the wallet, what the wallet held after it, and what it is about."""

    movement: int
    kind: str
    key: str
    at: datetime
    change: Sum
    balance: Sum
    contract: UUID | None
    title: str
    note: str
    other: str


class Movements(Schema):
    """The movements asked for, the newest first: opening + came + went + others = closing."""

    opening: Sum
    came: Sum
    went: Sum
    others: Sum = Field(description="What all movements changed that were not asked for.")
    closing: Sum
    count: int
    items: list[MovementShown]
    next: str


class LookAsked(Asked):
    """Why an operator has to look."""

    reason: str = Field(max_length=1000)


class LookShown(Schema):
    """A look of an operator at somebody's statement."""

    id: UUID
    by: UUID | None
    at: datetime
    why: str
    until: datetime


@router.get("/money/timeline", response=Listing[TimelineShown], summary="Where each payment is")
@needs_scope("read")
def list_timelines(
    request: HallRequest,
    *,
    contract: UUID | None = None,
    milestone: UUID | None = None,
    after: str = "",
    size: int = 20,
) -> Listing[TimelineShown]:
    """By milestone, the newest set aside first: in escrow, clearing, available, on its way, arrived.

    Of what you pay you see it as far as the worker's wallet.
    """
    person = person_of(request)
    rows = milestones_visible_to(person).filter(hold__isnull=False)
    if contract:
        rows = rows.filter(contract=contract)
    if milestone:
        rows = rows.filter(pk=milestone)
    found = page_by_key(rows, by=("-hold_id",), after=after, size=size)
    timelines = timelines_of(found.rows, person)
    return Listing(items=[_timeline(one, timelines[one.pk]) for one in found.rows], next=found.next)


@router.get("/money/movements", response=Movements, summary="Your movements, narrowed as you like")
@needs_scope("read")
def show_movements(
    request: HallRequest, asked: Annotated[Narrowed, Query()], after: str = "", size: int = 50
) -> Movements:
    """With the sums of all pages, and what was left out as a sum of its own."""
    return _movements(person_of(request), asked, after, size)


@router.get("/money/movements/files/{form}", summary="The same as a file")
@needs_scope("read")
def show_movements_file(
    request: HallRequest, form: str, asked: Annotated[Narrowed, Query()]
) -> HttpResponse | StreamingHttpResponse:
    """`csv` for spreadsheets, UTF-8 with a byte order mark; `pdf` in your language. The oldest first."""
    return _file(person_of(request), asked, form, request.locale)


@router.get("/money/looks", response=Listing[LookShown], summary="Who of the hall looked at your statement")
@needs_scope("read")
def list_looks(request: HallRequest, after: str = "", size: int = 20) -> Listing[LookShown]:
    """Each with the reason that the operator gave."""
    return listed(looks_at(person_of(request)), _look, after=after, size=size)


@router.post(
    "/operator/people/{person_id}/looks", response={201: LookShown}, summary="Say why you look at a statement"
)
@needs_scope("operate")
def say_why(request: HallRequest, person_id: UUID, asked: LookAsked) -> Status[LookShown]:
    """The person is told and reads the reason; their movements are open to you for an hour."""
    operator = operator_of(request)
    person = get_object_or_404(people_found(), pk=person_id)
    return Status(201, _look(open_statement(person=person, reason=asked.reason, by=operator, at=request.at)))


@router.get("/operator/people/{person_id}/movements", response=Movements, summary="Somebody's movements")
@needs_scope("operate")
def show_somebodys_movements(
    request: HallRequest,
    person_id: UUID,
    asked: Annotated[Narrowed, Query()],
    after: str = "",
    size: int = 50,
) -> Movements:
    """403 until you have said why."""
    return _movements(_looked_at(request, person_id), asked, after, size)


@router.get("/operator/people/{person_id}/movements/files/{form}", summary="The same as a file")
@needs_scope("operate")
def show_somebodys_file(
    request: HallRequest, person_id: UUID, form: str, asked: Annotated[Narrowed, Query()]
) -> HttpResponse | StreamingHttpResponse:
    """`csv` or `pdf`; 403 until you have said why."""
    return _file(_looked_at(request, person_id), asked, form, request.locale)


def _looked_at(request: HallRequest, person_id: UUID) -> Person:
    operator = operator_of(request)
    person = get_object_or_404(people_found(), pk=person_id)
    if not may_look(person, operator, at=request.at):
        raise SayWhyFirst(_("Say first why you have to see it: the person will read that."))
    return person


def _movements(person: Person, asked: Narrowed, after: str, size: int) -> Movements:
    found = statement_page(person, asked.wanted(), after=after, size=size)
    window = found.window
    return Movements(
        opening=Sum.of(window.opening),
        came=Sum.of(window.came),
        went=Sum.of(window.went),
        others=Sum.of(window.others),
        closing=Sum.of(window.closing),
        count=window.count,
        items=list(map(_movement, found.lines)),
        next=found.next,
    )


def _file(person: Person, asked: Narrowed, form: str, language: str) -> HttpResponse | StreamingHttpResponse:
    name = f"statement-{asked.currency.lower()}"
    if form == "pdf":
        made = pdf_of_statement(person, asked.wanted(), language=language)
        return made_as_download(made, name=f"{name}.pdf", kind="application/pdf")
    if form != "csv":
        raise NotFound
    statement_page(person, asked.wanted(), size=1)  # what cannot be asked is refused before the first line
    lines = csv_of_statement(person, asked.wanted())
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _movement(line: Line) -> MovementShown:
    entry = line.entry
    return MovementShown(
        movement=entry.movement,
        kind=entry.kind,
        key=entry.key,
        at=entry.at,
        change=Sum.of(entry.change),
        balance=Sum.of(entry.balance),
        contract=line.contract,
        title=line.title,
        note=line.note,
        other=line.other,
    )


def _timeline(milestone: Milestone, timeline: Timeline) -> TimelineShown:
    return TimelineShown(
        milestone=milestone.pk,
        contract=milestone.contract_id,
        placed=Sum.of(timeline.placed),
        frozen=Sum.of(timeline.frozen),
        gross=Sum.of(timeline.gross),
        net=Sum.of(timeline.net),
        deductions=[DeductionShown(name=name, amount=Sum.of(sum_)) for name, sum_ in timeline.deductions],
        steps=[
            StepShown(
                place=step.place,
                status=step.status,
                reached=Sum.of(step.reached),
                here=Sum.of(step.here),
                at=step.at,
                until=step.until,
            )
            for step in timeline.steps
        ],
        payouts=[
            CarriedShown(payout=payout.pk, state=payout.state, amount=Sum.of(sum_))
            for payout, sum_ in timeline.payouts
        ],
    )


def _look(look: Event) -> LookShown:
    return LookShown(id=look.pk, by=look.by, at=look.at, why=look.facts["why"], until=look.at + LASTS)
