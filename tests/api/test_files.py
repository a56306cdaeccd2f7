"""Stored files in JSON's door: the same bytes for the same people as on the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guildhall.people.models import Person
from tests.api.test_jobs import program, send
from tests.builders.contracts import a_funded_milestone
from tests.web.visiting import by

pytestmark = pytest.mark.django_db


def test_a_file_is_fetched_by_those_who_were_let_in(amara: Person, bushra: Person, eve: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, at=timezone.now())
    drawing = SimpleUploadedFile("sign <1>.html", b"<h1>The sign</h1>", content_type="text/html")
    stored = program(bushra).post("/api/v1/files", {"file": drawing}).json()
    address = f"/api/v1/files/{stored['id']}"
    assert program(amara).get(address).status_code == 404
    room, said = f"/contracts/{milestone.contract_id}", {"text": "Look.", "files": [stored["id"]]}
    assert send(program(bushra), "POST", f"{room}/messages", said).status_code == 201
    fetched, page = program(amara, "read").get(address), by(amara).get(f"/files/{stored['id']}")
    assert fetched.getvalue() == page.getvalue() == b"<h1>The sign</h1>"
    for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options"):
        assert fetched[name] == page[name]
    assert fetched["Content-Disposition"].startswith("attachment;")
    assert program(eve).get(address).status_code == 404
    assert program(amara, "work").get(address).json()["code"] == "missing_scope"
    assert Client().get(address).status_code == 401
