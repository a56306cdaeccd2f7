"""Profiles, made by the hall's own verbs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.skills.queries import skills_by_names
from guildhall.talent.actions import ProfileDraft, save_profile
from guildhall.talent.models import Profile
from tests.cast import NOW


def skill_ids(*names: str) -> list[UUID]:
    """The ids of skills by any of their names."""
    found = skills_by_names(names)
    assert not found.unknown, found.unknown
    return [skill.id for skill in found.skills]


def a_profile_draft(**facts: Any) -> ProfileDraft:
    """Bushra's offer."""
    skills = facts.pop("skills", ["Logo design", "Illustration"])
    return ProfileDraft(
        **{
            "title": "Logos and signs, drawn by hand first",
            "handle": "",
            "overview": "I draw marks that work **cut out of steel**.\n\n- sketches\n- print-ready files",
            "rate": Money(900, "USD"),
            "languages": ["ur", "en"],
            "skills": skill_ids(*skills),
            **facts,
        }
    )


def a_profile(person: Person, *, at: datetime = NOW, **facts: Any) -> Profile:
    return save_profile(by=person, draft=a_profile_draft(**facts), at=at)
