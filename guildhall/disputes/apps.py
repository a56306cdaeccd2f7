"""The Django application behind `guildhall.disputes`."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.disputes"
    label = "disputes"
    default_auto_field = "django.db.models.BigAutoField"
