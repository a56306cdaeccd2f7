"""The Django application behind `guildhall.insights`."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.insights"
    label = "insights"
    default_auto_field = "django.db.models.BigAutoField"
