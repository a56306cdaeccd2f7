"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.earnings.models import Certificate
from guildhall.kernel.registry import Holding, register_holding


def _certificates(person_id: UUID) -> Iterator[dict[str, Any]]:
    rows = Certificate.objects.filter(person=person_id).order_by("id").prefetch_related("checks")
    for row in rows.iterator(chunk_size=100):
        yield {
            "code": row.code,
            "state": row.state,
            "says": row.body,
            "signature": row.signature,
            "issued_at": row.issued_at.isoformat(),
            "expires_on": row.expires_on.isoformat(),
            "checked": {check.day.isoformat(): check.count for check in row.checks.all()},
        }


register_holding(Holding("earnings", "certificates", _certificates))
