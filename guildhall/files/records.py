"""What the hall's store holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.files.models import StoredFile
from guildhall.kernel.registry import Holding, register_holding


def _files(person_id: UUID) -> Iterator[dict[str, Any]]:
    for file in StoredFile.objects.filter(owner=person_id).order_by("id"):
        yield {
            "id": str(file.pk),
            "name": file.name,
            "kind": file.kind,
            "size": file.size,
            "digest": file.digest,
            "stored_at": file.stored_at.isoformat(),
        }


register_holding(
    Holding(
        "files", "stored files", _files, kept_because="delivered work belongs to both sides of a contract"
    )
)
