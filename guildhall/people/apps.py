"""The Django application behind `guildhall.people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
