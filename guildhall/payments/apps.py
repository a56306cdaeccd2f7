"""The Django application behind `guildhall.payments`."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
