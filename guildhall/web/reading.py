"""Looking at a conversation is reading it."""

from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import Page
from guildhall.web.page import person_of
from guildhall.workroom.actions import read_up_to
from guildhall.workroom.models import Message


def mark_read(request: HallRequest, said: Page[Message]) -> None:
    """Remember that the reader has seen these messages, newest first; they keep their marks on this page."""
    fresh = next((message for message in said.rows if getattr(message, "is_new", False)), None)
    if fresh is not None and request.method != "HEAD":
        read_up_to(message=fresh, by=person_of(request), at=request.at)
