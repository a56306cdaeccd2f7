"""Oneself as JSON: who one is here, one's tokens, what one was told, what the hall holds."""

from datetime import datetime
from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import MissingScope, needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, listing
from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.notices.actions import mark_read
from guildhall.notices.letters import address_of
from guildhall.notices.models import Notice
from guildhall.notices.queries import notices_of
from guildhall.notices.words import say
from guildhall.people.actions import create_token, edit_person, end_token
from guildhall.people.models import Person, Token
from guildhall.people.queries import tokens_of
from guildhall.records.queries import take_out_of

router = Router(tags=["you"])


class You(Schema):
    """Yourself. Of these, others see the name, the country and the town."""

    id: UUID
    email: str
    name: str
    country: str
    town: str
    language: str
    timezone: str
    joined_at: datetime
    is_operator: bool
    is_adjudicator: bool


class YouChanged(Asked):
    """What is to change of yourself; what is left out stays."""

    name: str | None = Field(None, max_length=200)
    country: str | None = Field(None, max_length=2, examples=["PK"])
    town: str | None = Field(None, max_length=200)
    language: str | None = Field(None, max_length=8, examples=["en"])
    timezone: str | None = Field(None, max_length=48, examples=["Asia/Karachi"])


class TokenShown(Schema):
    """A token that works; `start` is how its secret begins."""

    id: UUID
    name: str
    start: str
    scopes: list[str]
    made_at: datetime


class TokenMade(TokenShown):
    """A new token with its secret, which no other answer repeats."""

    secret: str


class TokenAsked(Asked):
    """A token to be made."""

    name: str = Field(max_length=200)
    scopes: list[str] = Field(max_length=10, examples=[["read", "jobs"]])


class NoticeShown(Schema):
    """One thing that you were told, in your language, with the address of what it is about."""

    id: UUID
    kind: str
    sentence: str
    url: str
    made_at: datetime
    read_at: datetime | None


class Read(Schema):
    """How many notices were new."""

    count: int


@router.get("/me", response=You, summary="Yourself")
@needs_scope("read")
def show_you(request: HallRequest) -> Person:
    """Whose token this is."""
    return person_of(request)


@router.patch("/me", response=You, summary="Change your details")
@needs_scope("work")
def change_you(request: HallRequest, asked: YouChanged) -> Person:
    """Change name, country, town, language or time zone."""
    you = person_of(request)
    said = asked.model_dump(exclude_none=True)
    kept = {name: said.get(name, getattr(you, name)) for name in YouChanged.model_fields}
    return edit_person(by=you, at=request.at, **kept)


@router.get("/me/tokens", response=Listing[TokenShown], summary="Your tokens that work")
@needs_scope("read")
def list_tokens(request: HallRequest, after: str = "", size: int = 20) -> Listing[TokenShown]:
    """Newest first, without their secrets."""
    page = page_by_key(tokens_of(person_of(request)), by=["-id"], after=after, size=size)
    return listing(page, TokenShown.from_orm)


@router.post("/me/tokens", response={201: TokenMade}, summary="Make a token")
def make_token(request: HallRequest, asked: TokenAsked) -> Status[TokenMade]:
    """Only from a browser's session: a token that leaked must not be able to make itself a successor."""
    if request.scopes is not None:
        raise MissingScope(_("A token cannot make tokens. Make it on your account page."))
    token, secret = create_token(by=person_of(request), name=asked.name, scopes=asked.scopes, at=request.at)
    shown = TokenShown.from_orm(token)
    return Status(201, TokenMade(**shown.model_dump(), secret=secret))


@router.delete("/me/tokens/{uuid:token_id}", response=TokenShown, summary="End a token")
@needs_scope("work")
def stop_token(request: HallRequest, token_id: UUID) -> Token:
    """It is refused from then on."""
    you = person_of(request)
    token = get_object_or_404(tokens_of(you), pk=token_id)
    return end_token(token=token, by=you, at=request.at)


@router.get("/me/records", summary="Everything that the hall holds on you")
@needs_scope("read")
def take_records(request: HallRequest) -> StreamingHttpResponse:
    """One JSON document, written while it is read."""
    return StreamingHttpResponse(
        take_out_of(person_of(request), at=request.at), content_type="application/json; charset=utf-8"
    )


@router.get("/notices", response=Listing[NoticeShown], summary="What you were told")
@needs_scope("read")
def list_notices(
    request: HallRequest, after: str = "", size: int = 20, *, unread: bool = False
) -> Listing[NoticeShown]:
    """Newest first; with `unread`, only what is new."""
    rows = notices_of(person_of(request))
    if unread:
        rows = rows.filter(read_at=None)
    return listing(page_by_key(rows, by=["-id"], after=after, size=size), _notice)


@router.post("/notices/readings", response=Read, summary="Mark everything as read")
@needs_scope("work")
def read_notices(request: HallRequest) -> Read:
    """How many were new."""
    return Read(count=mark_read(by=person_of(request), at=request.at))


def _notice(notice: Notice) -> NoticeShown:
    return NoticeShown(
        id=notice.id,
        kind=notice.kind,
        sentence=say(notice.kind, notice.facts),
        url=address_of(notice.url),
        made_at=notice.made_at,
        read_at=notice.read_at,
    )
