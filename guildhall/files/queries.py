"""Which files somebody may open."""

from typing import BinaryIO
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from guildhall.files import store
from guildhall.files.models import Access, StoredFile
from guildhall.kernel.errors import Refusal


class DamagedFile(Refusal):
    """The stored bytes are not those that were checked."""

    code = "damaged_file"


def files_visible_to(person_id: UUID | None) -> QuerySet[StoredFile]:
    """The files that somebody owns or was let in to."""
    if person_id is None:
        return StoredFile.objects.none()
    let_in = Access.objects.filter(file=OuterRef("pk"), to=person_id, ended_at__isnull=True)
    return StoredFile.objects.filter(Q(owner=person_id) | Exists(let_in))


def content_of(file: StoredFile) -> BinaryIO:
    """A file's bytes, once they have been compared with the digest they were checked under.

    Raises:
        DamagedFile: they are gone or have changed.
    """
    if not store.is_whole(file.digest):
        raise DamagedFile(_("This file is damaged in the hall's store. Ask its owner to upload it again."))
    return store.path_of(file.digest).open("rb")
