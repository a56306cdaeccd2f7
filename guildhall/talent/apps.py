"""The Django application behind `guildhall.talent`."""

from django.apps import AppConfig


class TalentConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.talent"
    label = "talent"
    default_auto_field = "django.db.models.BigAutoField"
