"""Every address of the hall, gathered from the doors."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guildhall.web.urls")),
    path("api/v1/", include("guildhall.api.urls")),
]
