"""What is said in a workroom and in a case, and stored files, in JSON."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, listing
from guildhall.contracts.queries import contracts_visible_to
from guildhall.disputes.actions import speak_in_case
from guildhall.disputes.queries import cases_visible_to, subject_of
from guildhall.edge.downloads import as_download
from guildhall.edge.request import HallRequest
from guildhall.files.actions import store_file
from guildhall.files.models import StoredFile
from guildhall.files.queries import files_visible_to
from guildhall.kernel.paging import page_by_key
from guildhall.workroom.actions import read_up_to, say
from guildhall.workroom.actions.delivering import room_of
from guildhall.workroom.models import Message
from guildhall.workroom.queries import conversations_of, messages_in, messages_visible_to

router = Router(tags=["contracts"])


class FileShown(Schema):
    """A stored file; its bytes are at ``GET /files/{id}``."""

    id: UUID
    name: str
    kind: str
    size: int
    digest: str


class MessageAsked(Asked):
    """Words, files of your own, or both."""

    text: str = ""
    files: list[UUID] = Field([], max_length=10)


class MessageShown(Schema):
    """One thing said. `kind` is ``said``, ``delivered`` or ``changes``."""

    id: UUID
    kind: str
    by: str
    own: bool
    text: str
    at: datetime
    new: bool = Field(description="Said by somebody else after you last looked.")
    delivery: UUID | None
    files: list[FileShown]


@router.get("/contracts/{uuid:contract_id}/messages", response=Listing[MessageShown], summary="What was said")
@needs_scope("read")
def list_messages(
    request: HallRequest, contract_id: UUID, after: str = "", size: int = 20
) -> Listing[MessageShown]:
    """The newest first."""
    contract = get_object_or_404(contracts_visible_to(person_of(request)), pk=contract_id)
    return said_about(request, f"contract:{contract.pk}", after=after, size=size)


@router.post("/contracts/{uuid:contract_id}/messages", response={201: MessageShown}, summary="Say something")
@needs_scope("work")
def post_message(request: HallRequest, contract_id: UUID, asked: MessageAsked) -> Status[MessageShown]:
    """To the other side, with files of your own."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    room = room_of(contract, at=request.at)
    message = say(
        conversation=room, text=asked.text, files=files_of(request, asked.files), by=person, at=request.at
    )
    return Status(201, message_shown(message, request))


@router.get("/cases/{uuid:case_id}/messages", response=Listing[MessageShown], summary="What is said in it")
@needs_scope("read")
def list_case_messages(
    request: HallRequest, case_id: UUID, after: str = "", size: int = 20
) -> Listing[MessageShown]:
    """For the two sides and whoever has the case; to others it is empty. The newest first."""
    case = get_object_or_404(cases_visible_to(person_of(request)), pk=case_id)
    return said_about(request, subject_of(case), after=after, size=size)


@router.post("/cases/{uuid:case_id}/messages", response={201: MessageShown}, summary="Speak in a case")
@needs_scope("work")
def post_case_message(request: HallRequest, case_id: UUID, asked: MessageAsked) -> Status[MessageShown]:
    """While it is open: to the other side and to whoever has the case, with files of your own."""
    person = person_of(request)
    message = speak_in_case(
        case=get_object_or_404(cases_visible_to(person), pk=case_id),
        text=asked.text,
        files=files_of(request, asked.files),
        by=person,
        at=request.at,
    )
    return Status(201, message_shown(message, request))


@router.post("/messages/{uuid:message_id}/reading", response={204: None}, summary="Read up to here")
@needs_scope("work")
def post_reading(request: HallRequest, message_id: UUID) -> Status[None]:
    """In whatever conversation it was said: only what comes after it is new to you."""
    person = person_of(request)
    message = get_object_or_404(messages_visible_to(person), pk=message_id)
    read_up_to(message=message, by=person, at=request.at)
    return Status(204, None)


@router.post("/files", response={201: FileShown}, summary="Store a file")
@needs_scope("work")
def post_file(request: HallRequest, file: File[UploadedFile]) -> Status[FileShown]:
    """For a message or a delivery; until then only you can open it."""
    stored = store_file(owner=person_of(request).pk, name=file.name or "", content=file, at=request.at)
    return Status(201, _file(stored))


@router.get("/files/{uuid:file_id}", summary="Fetch a file")
@needs_scope("read")
def get_file(request: HallRequest, file_id: UUID) -> FileResponse:
    """Its bytes, for its owner and for those whom a message or a delivery let in."""
    return as_download(get_object_or_404(files_visible_to(person_of(request).pk), pk=file_id))


def files_of(request: HallRequest, ids: list[UUID]) -> list[StoredFile]:
    """The files that were named, which the sender must be able to open."""
    seen = files_visible_to(person_of(request).pk)
    return [get_object_or_404(seen, pk=one) for one in dict.fromkeys(ids)]


def said_about(request: HallRequest, subject: str, *, after: str, size: int) -> Listing[MessageShown]:
    """A page of what was said about a subject, for somebody who is in its conversation; else nothing."""
    person = person_of(request)
    conversation = conversations_of(person).filter(subject=subject).first()
    if conversation is None:
        return Listing(items=[], next="")
    page = page_by_key(messages_in(conversation, person), by=("-at", "-id"), after=after, size=size)
    return listing(page, lambda one: message_shown(one, request))


def _file(file: StoredFile) -> FileShown:
    return FileShown(id=file.pk, name=file.name, kind=file.kind, size=file.size, digest=file.digest)


def message_shown(message: Message, request: HallRequest) -> MessageShown:
    """One message as its reader sees it."""
    return MessageShown(
        id=message.pk,
        kind=message.kind,
        by=message.by.name,
        own=message.by_id == person_of(request).pk,
        text=message.text,
        at=message.at,
        new=getattr(message, "is_new", False),
        delivery=message.delivery_id,
        files=[_file(one.file) for one in message.attachments.all()],
    )
