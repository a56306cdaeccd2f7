"""Queries are counted where they happen: also those that a template asks."""

import pytest
from django.http import HttpResponse
from django.urls import path

from guildhall.bench.pages.asking import ask
from guildhall.config import urls as config_urls
from guildhall.edge.request import HallRequest
from guildhall.people.models import Person
from guildhall.web import page as pages

pytestmark = pytest.mark.django_db


def test_a_page_whose_view_loads_everything_asks_nothing_while_it_is_drawn() -> None:
    asked = ask("/jobs")
    assert "<html" in asked.html
    assert asked.queries
    assert asked.in_templates == 0
    guard = pages.asking_nothing
    ask("/")
    assert pages.asking_nothing is guard, "the guard is put back"


def careless(request: HallRequest) -> HttpResponse:
    """A view that leaves a query to its template."""
    facts = {"status": 200, "title": Person.objects.all(), "sentence": "", "rule": ""}
    return pages.page(request, "errors/trouble.html", facts)


urlpatterns = [path("careless", careless), *config_urls.urlpatterns]


@pytest.mark.urls(__name__)
def test_what_a_template_asks_is_counted() -> None:
    asked = ask("/careless")
    assert asked.in_templates > 0
    assert len(asked.queries) >= asked.in_templates
