"""The Django application behind `guildhall.skills`."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    """Registers the package's tables."""

    name = "guildhall.skills"
    label = "skills"
    default_auto_field = "django.db.models.BigAutoField"
