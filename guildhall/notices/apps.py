"""The Django application behind `guildhall.notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
