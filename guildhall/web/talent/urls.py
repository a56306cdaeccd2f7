"""Addresses of people who offer their work."""

from django.urls import path

from guildhall.web.talent import editing, listing, profiles

app_name = "talent"

urlpatterns = [
    path("talent", listing.show_people, name="people"),
    path("talent/<slug:handle>", profiles.show_profile, name="profile"),
    path("profile", editing.write_profile, name="own"),
]
