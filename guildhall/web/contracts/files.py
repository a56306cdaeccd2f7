"""Serving a stored file, always to be saved and never to be shown."""

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.files.queries import content_of, files_visible_to
from guildhall.files.rules import served_kind
from guildhall.web.page import person_of, signed_in


@require_safe
@signed_in
def serve(request: HallRequest, file_id: UUID) -> FileResponse:
    """The bytes of a file, for its owner and those who were let in."""
    file = get_object_or_404(files_visible_to(person_of(request).pk), pk=file_id)
    response = FileResponse(content_of(file), content_type=served_kind(file.kind))
    # Spelled out rather than left to the framework, which shows some kinds inside the page.
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
