"""Addresses of notices."""

from django.urls import path

from guildhall.web.notices import notices

app_name = "notices"

urlpatterns = [
    path("notices", notices.notices, name="notices"),
    path("notices/readings", notices.readings, name="readings"),
    path("notices/<uuid:notice_id>", notices.notice, name="notice"),
]
