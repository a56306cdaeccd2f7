"""The Django application behind `guildhall.jobs`."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
