from collections import Counter

import pytest

from guildhall.skills.models import Skill, SkillName
from guildhall.skills.queries import all_skills, skills_by_names, slug_asked_for
from guildhall.skills.taxonomy import entries, load_taxonomy, slug_meant_by


def test_the_list_is_long_and_wide() -> None:
    assert len(list(entries())) >= 300
    assert len({entry.area for entry in entries()}) >= 14


def test_no_name_means_two_skills() -> None:
    named = Counter(key for entry in entries() for key in entry.keys)
    assert [key for key, times in named.items() if times > 1] == []
    assert [slug for slug, times in Counter(entry.slug for entry in entries()).items() if times > 1] == []


def test_every_name_fits_its_column() -> None:
    assert all(0 < len(key) <= 80 for entry in entries() for key in entry.keys)
    assert all(len(entry.slug) <= 64 and len(entry.name) <= 80 for entry in entries())


@pytest.mark.django_db
def test_a_new_database_knows_the_list_and_loading_again_changes_nothing() -> None:
    before = (list(Skill.objects.values_list("id", "slug", "name")), SkillName.objects.count())
    assert len(before[0]) == len(list(entries()))
    load_taxonomy(Skill, SkillName)
    assert (list(Skill.objects.values_list("id", "slug", "name")), SkillName.objects.count()) == before


@pytest.mark.django_db
def test_names_find_their_skills_and_the_others_are_named() -> None:
    found = skills_by_names(["PowerBI", "logo maker", "Power BI Developer", "Stink bombs", " "])
    assert [skill.name for skill in found.skills] == ["Power BI", "Logo design"]
    assert found.unknown == ["Stink bombs"]


def test_the_list_alone_tells_what_a_name_means() -> None:
    assert slug_meant_by("PowerBI developer") == "power-bi"
    assert slug_meant_by("stink bombs") == ""


@pytest.mark.django_db
def test_skills_stand_area_by_area() -> None:
    areas = [skill.area for skill in all_skills()]
    assert areas == sorted(areas)
    assert slug_asked_for("logo-design") == slug_asked_for(" Logo Design ") == "logo-design"
    assert slug_asked_for("No-Such-Skill") == "no-such-skill"
