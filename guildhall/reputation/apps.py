"""The Django application behind `guildhall.reputation`."""

from django.apps import AppConfig


class ReputationConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.reputation"
    label = "reputation"
    default_auto_field = "django.db.models.BigAutoField"
