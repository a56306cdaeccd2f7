"""The Django application behind `guildhall.contracts`."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"
