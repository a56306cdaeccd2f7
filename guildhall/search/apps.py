"""The Django application behind `guildhall.search`."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
