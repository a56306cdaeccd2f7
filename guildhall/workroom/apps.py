"""The Django application behind `guildhall.workroom`."""

from django.apps import AppConfig


class WorkroomConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.workroom"
    label = "workroom"
    default_auto_field = "django.db.models.BigAutoField"
