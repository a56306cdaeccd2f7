"""Every address of the hall, gathered from the doors."""

from django.urls import URLPattern, URLResolver, include, path

from guildhall.config.health import livez, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("", include("guildhall.web.urls")),
    path("api/v1/", include("guildhall.api.urls")),
]

handler400 = "guildhall.edge.handlers.bad_request"
handler403 = "guildhall.edge.handlers.forbidden"
handler404 = "guildhall.edge.handlers.not_found"
handler500 = "guildhall.edge.handlers.broken"
handler429 = "guildhall.web.people.entrance.too_many"
