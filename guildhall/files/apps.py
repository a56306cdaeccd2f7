"""The Django application behind `guildhall.files`."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
