"""Every page's address, gathered from the areas."""

from django.urls import URLPattern, URLResolver, include, path

from guildhall.web.home import show_help, show_home
from guildhall.web.rules import show_rules
from guildhall.web.source import send_source, show_source
from guildhall.web.styleguide import show_styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("", show_home, name="home"),
    path("help", show_help, name="help"),
    path("rules", show_rules, name="rules"),
    path("source", show_source, name="source"),
    path("source/guildhall-source.tar.gz", send_source, name="source_archive"),
    path("styleguide", show_styleguide, name="styleguide"),
    path("", include("guildhall.web.jobs.urls")),
    path("", include("guildhall.web.talent.urls")),
    path("", include("guildhall.web.contracts.urls")),
    path("", include("guildhall.web.money.urls")),
    path("", include("guildhall.web.people.urls")),
    path("", include("guildhall.web.notices.urls")),
    path("", include("guildhall.web.operator.urls")),
]
