"""The list of skills that comes with the hall, and how it enters the tables."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from guildhall.skills.rules import keys_to_try, name_key, slug_of

LIST = Path(__file__).with_name("taxonomy.toml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One skill of the list with every key it answers to."""

    slug: str
    name: str
    area: str
    keys: tuple[str, ...]


def entries() -> Iterator[Entry]:
    """The list as it stands in `taxonomy.toml`, in its order."""
    for area, skills in tomllib.loads(LIST.read_text(encoding="utf-8")).items():
        for name, others in skills.items():
            keys = dict.fromkeys(name_key(each) for each in (name, *others))
            yield Entry(slug_of(name), name, area, tuple(keys))


@cache
def _slugs() -> dict[str, str]:
    return {key: entry.slug for entry in entries() for key in entry.keys}


def slug_meant_by(name: str) -> str:
    """The slug of the skill that a name means, or empty; asked of the list alone, without the tables."""
    return next((_slugs()[key] for key in keys_to_try(name) if key in _slugs()), "")


@transaction.atomic
def load_taxonomy(skill_model: Any, name_model: Any) -> int:
    """Bring the tables up to the list and return how many skills it has.

    No skill is ever taken away, so that profiles and posts keep what they name; names that left the list are.
    A second run changes nothing.

    Args:
        skill_model: `Skill`, or its historical form inside a migration.
        name_model: `SkillName`, likewise.
    """
    listed = list(entries())
    skill_model.objects.bulk_create(
        [skill_model(slug=entry.slug, name=entry.name, area=entry.area) for entry in listed],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "area"],
    )
    ids = dict(skill_model.objects.values_list("slug", "id"))
    name_model.objects.bulk_create(
        [name_model(name_key=key, skill_id=ids[entry.slug]) for entry in listed for key in entry.keys],
        update_conflicts=True,
        unique_fields=["name_key"],
        update_fields=["skill"],
    )
    kept = [key for entry in listed for key in entry.keys]
    slugs = [entry.slug for entry in listed]
    name_model.objects.filter(skill__slug__in=slugs).exclude(name_key__in=kept).delete()
    return len(listed)
