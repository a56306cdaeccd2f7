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
    before = (
        list(Skill.objects.order_by("slug").values_list("id", "slug", "name")),
        SkillName.objects.count(),
    )
    assert len(before[0]) == len(list(entries()))
    load_taxonomy(Skill, SkillName)
    assert (
        list(Skill.objects.order_by("slug").values_list("id", "slug", "name")),
        SkillName.objects.count(),
    ) == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("macOS", "Windows Server"),
        ("NumPy", "pandas"),
        ("SciPy", "pandas"),
        ("Polars", "pandas"),
        ("Apache Superset", "Metabase"),
        ("Redash", "Metabase"),
        ("Wave Accounting", "Zoho Books"),
        ("FreshBooks", "Zoho Books"),
        ("Sage", "Zoho Books"),
        ("AnyChart", "D3.js"),
        ("Highcharts", "D3.js"),
        ("Chart.js", "D3.js"),
        ("Autodesk Inventor", "Fusion 360"),
        ("Navisworks", "Revit"),
        ("Primavera P6", "Microsoft Project"),
        ("Autodesk", "AutoCAD"),
        ("Risk Assessment", "Investment research"),
        ("Formatting", "Book layout"),
        ("Copy & Paste", "Data entry"),
        ("Personal computer", "Windows administration"),
        ("Mobile app design", "Mobile app development"),
        ("Mobile app designer", "Mobile app development"),
        ("Adobe Lightroom", "Adobe Photoshop"),
    ],
)
def test_what_is_another_thing_is_another_skill(one: str, other: str) -> None:
    assert slug_meant_by(one) != slug_meant_by(other) != ""


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lightroom", "adobe-lightroom"),
        ("Logo designer", "logo-design"),
        ("Mobile app designer", "user-interface-design"),
        ("Web designer", "web-design"),
        ("Google My Business", "google-business-profile"),
        ("Plain English", "plain-language"),
    ],
)
def test_what_is_the_same_thing_is_the_same_skill(name: str, slug: str) -> None:
    assert slug_meant_by(name) == slug


@pytest.mark.django_db
def test_a_name_that_means_no_skill_any_more_goes_and_no_skill_does() -> None:
    old = Skill.objects.create(slug="spinning", name="Spinning", area="design")
    SkillName.objects.create(name_key="spinning", skill=old)
    SkillName.objects.create(name_key="mac o", skill=Skill.objects.get(slug="windows-administration"))
    load_taxonomy(Skill, SkillName)
    assert SkillName.objects.filter(name_key="spinning").exists()
    assert not SkillName.objects.filter(name_key="mac o").exists()


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
