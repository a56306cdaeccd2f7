"""What this package holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.escrow.models import HoldPart, Release
from guildhall.escrow.savings import records as _savings  # noqa: F401 - it registers its own
from guildhall.kernel.registry import Holding, register_holding


def _set_aside(person_id: UUID) -> Iterator[dict[str, Any]]:
    parts = HoldPart.objects.filter(party=f"person:{person_id}").select_related("hold").order_by("hold_id")
    for part in parts.iterator():
        yield {
            "purpose": part.hold.purpose,
            "amount": part.amount,
            "returned": part.returned,
            "currency": part.hold.currency,
            "at": part.hold.placed_at.isoformat(),
        }


def _earned(person_id: UUID) -> Iterator[dict[str, Any]]:
    releases = Release.objects.filter(worker=f"person:{person_id}").select_related("hold").order_by("id")
    for release in releases.iterator():
        yield {
            "purpose": release.hold.purpose,
            "gross": release.gross,
            "net": release.net,
            "currency": release.currency,
            "at": release.at.isoformat(),
            "free_at": release.matures_at.isoformat() if release.matures_at else None,
        }


_BOOKS = "the books must show where every sum went"
register_holding(Holding("escrow", "money_set_aside", _set_aside, kept_because=_BOOKS))
register_holding(Holding("escrow", "earnings", _earned, kept_because=_BOOKS))
