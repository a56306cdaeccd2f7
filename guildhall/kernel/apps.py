"""The Django application behind `guildhall.kernel`."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
