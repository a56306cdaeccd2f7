"""Serving a stored file."""

from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from guildhall.edge.downloads import as_download
from guildhall.edge.request import HallRequest
from guildhall.files.queries import files_visible_to
from guildhall.web.page import person_of, signed_in


@require_safe
@signed_in
def serve(request: HallRequest, file_id: UUID) -> FileResponse:
    """The bytes of a file, for its owner and those who were let in."""
    return as_download(get_object_or_404(files_visible_to(person_of(request).pk), pk=file_id))
