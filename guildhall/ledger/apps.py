"""The Django application behind `guildhall.ledger`."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
