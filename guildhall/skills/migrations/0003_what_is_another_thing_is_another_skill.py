"""Loads the list of skills anew: what only resembled another skill is one of its own."""

from typing import Any

from django.db import migrations

from guildhall.skills.taxonomy import load_taxonomy


def load(apps: Any, schema_editor: Any) -> None:
    """Bring the tables up to `taxonomy.toml`."""
    load_taxonomy(apps.get_model("skills", "Skill"), apps.get_model("skills", "SkillName"))


class Migration(migrations.Migration):
    """The list of skills enters the tables once more."""

    dependencies = [("skills", "0002_skills_of_the_list_are_loaded")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
