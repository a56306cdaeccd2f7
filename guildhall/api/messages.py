"""What is said in a workroom, and stored files, in JSON."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Asked, Listing, listing
from guildhall.contracts.queries import contracts_visible_to
from guildhall.edge.request import HallRequest
from guildhall.files.actions import store_file
from guildhall.files.models import StoredFile
from guildhall.files.queries import files_visible_to
from guildhall.kernel.paging import page_by_key
from guildhall.workroom.actions import say
from guildhall.workroom.actions.delivering import room_of
from guildhall.workroom.models import Message
from guildhall.workroom.queries import conversations_of, messages_in

router = Router(tags=["contracts"])


class FileShown(Schema):
    """A stored file; its bytes are at ``/files/<id>``."""

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
    delivery: UUID | None
    files: list[FileShown]


@router.get("/contracts/{uuid:contract_id}/messages", response=Listing[MessageShown], summary="What was said")
@needs_scope("read")
def list_messages(
    request: HallRequest, contract_id: UUID, after: str = "", size: int = 20
) -> Listing[MessageShown]:
    """The newest first."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    conversation = conversations_of(person).filter(subject=f"contract:{contract.pk}").first()
    if conversation is None:
        return Listing(items=[], next="")
    page = page_by_key(messages_in(conversation, person), by=("-at", "-id"), after=after, size=size)
    return listing(page, lambda one: message_shown(one, request))


@router.post("/contracts/{uuid:contract_id}/messages", response={201: MessageShown}, summary="Say something")
@needs_scope("work")
def postmessage_shown(request: HallRequest, contract_id: UUID, asked: MessageAsked) -> Status[MessageShown]:
    """To the other side, with files of your own."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    room = room_of(contract, at=request.at)
    message = say(
        conversation=room, text=asked.text, files=files_of(request, asked.files), by=person, at=request.at
    )
    return Status(201, message_shown(message, request))


@router.post("/files", response={201: FileShown}, summary="Store a file")
@needs_scope("work")
def post_file(request: HallRequest, file: File[UploadedFile]) -> Status[FileShown]:
    """For a message or a delivery; until then only you can open it."""
    stored = store_file(owner=person_of(request).pk, name=file.name or "", content=file, at=request.at)
    return Status(201, _file(stored))


def files_of(request: HallRequest, ids: list[UUID]) -> list[StoredFile]:
    """The files that were named, which the sender must be able to open."""
    seen = files_visible_to(person_of(request).pk)
    return [get_object_or_404(seen, pk=one) for one in dict.fromkeys(ids)]


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
        delivery=message.delivery_id,
        files=[_file(one.file) for one in message.attachments.all()],
    )
