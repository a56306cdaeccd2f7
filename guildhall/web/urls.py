"""Every page's address, gathered from the areas."""

from django.urls import URLPattern, URLResolver, include, path

from guildhall.web.home import show_help, show_home
from guildhall.web.rules import show_rules
from guildhall.web.styleguide import show_styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("", show_home, name="home"),
    path("help", show_help, name="help"),
    path("rules", show_rules, name="rules"),
    path("styleguide", show_styleguide, name="styleguide"),
    path("", include("guildhall.web.jobs.urls")),
    path("", include("guildhall.web.talent.urls")),
    path("", include("guildhall.web.contracts.urls")),
    path("", include("guildhall.web.money.urls")),
    path("", include("guildhall.web.people.urls")),
    path("", include("guildhall.web.notices.urls")),
    path("", include("guildhall.web.operator.urls")),
]
