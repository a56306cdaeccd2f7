"""The Django application behind `guildhall.escrow`."""

from django.apps import AppConfig


class EscrowConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.escrow"
    label = "escrow"
    default_auto_field = "django.db.models.BigAutoField"
