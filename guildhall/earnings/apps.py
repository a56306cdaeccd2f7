"""The Django application behind `guildhall.earnings`."""

from django.apps import AppConfig


class EarningsConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.earnings"
    label = "earnings"
    default_auto_field = "django.db.models.BigAutoField"
