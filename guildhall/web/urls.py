"""Every page's address, gathered from the areas."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_AREAS = ("jobs", "talent", "contracts", "money", "people", "notices", "operator")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"guildhall.web.{area}.urls"))
    for area in _AREAS
    if find_spec(f"guildhall.web.{area}") and find_spec(f"guildhall.web.{area}.urls")
]
