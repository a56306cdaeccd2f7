"""Files that came with a form: stored in the same transaction as what they came with."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guildhall.edge.request import HallRequest
from guildhall.files.actions import store_file
from guildhall.files.models import StoredFile
from guildhall.web.page import person_of


def with_files[T](
    request: HallRequest, given: "Sequence[UploadedFile[Any]]", verb: Callable[[list[StoredFile]], T]
) -> T:
    """Store the files and call the verb with them; if it refuses, none is kept."""
    person = person_of(request)
    with transaction.atomic():
        files = [
            store_file(owner=person.pk, name=file.name or "", content=file, at=request.at) for file in given
        ]
        return verb(files)
