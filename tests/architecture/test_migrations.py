"""The tables are what the models say, and Django has nothing to say against either."""

from django.apps import apps
from django.core.checks import run_checks
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_the_migrations_say_what_the_models_say() -> None:
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}
    missing = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = missing.changes(graph=loader.graph)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("guildhall.")}
    told = {label: [step.operations for step in steps] for label, steps in changes.items() if label in ours}
    assert told == {}


def test_django_has_nothing_to_say() -> None:
    assert run_checks() == []
