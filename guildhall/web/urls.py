"""Every page's address, gathered from the areas."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from guildhall.web.home import show_help, show_home
from guildhall.web.rules import show_rules
from guildhall.web.styleguide import show_styleguide

_AREAS = ("jobs", "talent", "contracts", "money", "people", "notices", "operator")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", show_home, name="home"),
    path("help", show_help, name="help"),
    path("rules", show_rules, name="rules"),
    path("styleguide", show_styleguide, name="styleguide"),
]
urlpatterns += [
    path("", include(f"guildhall.web.{area}.urls"))
    for area in _AREAS
    if find_spec(f"guildhall.web.{area}") and find_spec(f"guildhall.web.{area}.urls")
]
