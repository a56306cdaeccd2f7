"""The Django application behind `guildhall.edge`."""

from django.apps import AppConfig


class EdgeConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.edge"
    label = "edge"
    default_auto_field = "django.db.models.BigAutoField"
