"""The API's description as a page that anybody can read."""

import pytest
from django.test import Client

from guildhall.api.docs import operations_by_area

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_every_operation_without_a_script(client: Client) -> None:
    page = client.get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script" not in text
    for path in client.get("/api/v1/openapi.json").json()["paths"]:
        assert path in text


def test_an_operation_says_its_scope_and_its_fields() -> None:
    found = {(one.method, one.path): one for area in operations_by_area().values() for one in area}
    door = found["GET", "/api/v1/"]
    assert door.open_to_all
    posting = found["POST", "/api/v1/jobs"]
    assert posting.scopes == ["jobs"]
    assert {"title", "budget"} <= {field.name for field in posting.asked}


def test_an_operation_that_needs_two_scopes_says_both(client: Client) -> None:
    assert "A token needs the scopes jobs, money." in client.get("/api/v1/docs").text
