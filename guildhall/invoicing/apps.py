"""The Django application behind `guildhall.invoicing`."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.invoicing"
    label = "invoicing"
    default_auto_field = "django.db.models.BigAutoField"
