"""The Django application behind `guildhall.config`: it wakes the registries once all tables are known."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class ConfigConfig(AppConfig):
    """Imports every package's `reactions`, `checks` and `records`, so that the registries are full."""

    name = "guildhall.config"
    label = "config"

    def ready(self) -> None:
        """Fill the registries in the order of the floors."""
        for app in apps.get_app_configs():
            if app.name.startswith("guildhall."):
                for part in ("rules", "reactions", "checks", "records"):
                    if find_spec(f"{app.name}.{part}"):
                        import_module(f"{app.name}.{part}")
