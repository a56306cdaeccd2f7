"""What you can ask about skills. They are the same for everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.skills.models import Skill, SkillName
from guildhall.skills.rules import keys_to_try


@dataclass(frozen=True, slots=True)
class Matched:
    """The skills that were meant, each once in the order of the names, and the names that mean none."""

    skills: Sequence[Skill]
    unknown: Sequence[str]


def all_skills() -> QuerySet[Skill]:
    """Every skill, area by area."""
    return Skill.objects.order_by("area", "name")


def skills_by_names(names: Iterable[str]) -> Matched:
    """Find the skills that people mean by these names, through every other name they have."""
    wanted = {name: keys_to_try(name) for name in names if name.strip()}
    every_key = {key for keys in wanted.values() for key in keys}
    found = {
        each.name_key: each.skill
        for each in SkillName.objects.filter(name_key__in=every_key).select_related("skill")
    }
    skills: dict[str, Skill] = {}
    unknown: list[str] = []
    for name, keys in wanted.items():
        skill = next((found[key] for key in keys if key in found), None)
        if skill is None:
            unknown.append(name)
        else:
            skills.setdefault(skill.slug, skill)
    return Matched(list(skills.values()), unknown)


def skills_named(names: Iterable[str]) -> list[Skill]:
    """The skills that somebody names in their own words.

    Raises:
        Unfit: with the names that mean none.
    """
    matched = skills_by_names(names)
    if matched.unknown:
        raise Unfit(
            _("The hall does not know: %(names)s. Use another word for it, or leave it out.")
            % {"names": ", ".join(name.strip() for name in matched.unknown)},
            field="skills",
        )
    return list(matched.skills)


def slug_asked_for(text: str) -> str:
    """The slug of the skill that somebody means by its slug or any of its names; of none, what was typed."""
    text = text.strip()
    meant = skills_by_names([text, text.replace("-", " ")]).skills
    return meant[0].slug if meant else text.lower()
