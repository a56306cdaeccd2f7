"""What talent holds on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.kernel.registry import Holding, register_holding
from guildhall.talent.models import Profile


def _profiles(person: UUID) -> Iterator[dict[str, Any]]:
    for profile in Profile.objects.filter(person=person).prefetch_related("offered__skill"):
        yield {
            "handle": profile.handle,
            "title": profile.title,
            "overview": profile.overview,
            "rate": str(profile.rate) if profile.rate else None,
            "languages": list(profile.languages),
            "availability": profile.availability,
            "shown": profile.shown,
            "skills": [each.skill.slug for each in sorted(profile.offered.all(), key=lambda one: one.place)],
            "made_at": profile.made_at.isoformat(),
            "changed_at": profile.changed_at.isoformat(),
        }


register_holding(Holding("talent", "profile", _profiles))
