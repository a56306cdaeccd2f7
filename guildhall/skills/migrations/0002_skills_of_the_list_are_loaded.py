"""Loads the list of skills; a later list comes by a later migration of the same kind."""

from typing import Any

from django.db import migrations

from guildhall.skills.taxonomy import load_taxonomy


def load(apps: Any, schema_editor: Any) -> None:
    """Bring the tables up to `taxonomy.toml`."""
    load_taxonomy(apps.get_model("skills", "Skill"), apps.get_model("skills", "SkillName"))


class Migration(migrations.Migration):
    """The list of skills enters the tables."""

    dependencies = [("skills", "0001_skills_have_many_names")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
