"""The address of the API."""

from django.urls import path

from guildhall.api.docs import show_docs
from guildhall.api.root import api

urlpatterns = [path("docs", show_docs, name="api-docs"), path("", api.urls)]
