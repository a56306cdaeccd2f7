"""The address of the API."""

from django.urls import path

from guildhall.api.root import api

urlpatterns = [path("", api.urls)]
