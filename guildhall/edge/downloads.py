"""Handing out a stored file or one just made, always to be saved and never to be shown."""

from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from guildhall.files.models import StoredFile
from guildhall.files.queries import content_of
from guildhall.files.rules import served_kind


def as_download(file: StoredFile) -> FileResponse:
    """The bytes of a file. Whoever calls this has seen to it that the asker may have them."""
    response = FileResponse(content_of(file), content_type=served_kind(file.kind))
    # Spelled out rather than left to the framework, which shows some kinds inside the page.
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def made_as_download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    """Bytes that the hall has just made, such as a paper, to be saved under a name of plain ASCII."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
